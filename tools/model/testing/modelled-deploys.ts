import { loggedChanges, mergeIds, replacedIds, unrecordedObjects } from '../apply-log';
import {
  decideDeploy,
  isStateOfApply,
  type BegunApply,
  type DeployKnowledge,
  type KeptBegun,
  type LastApplied,
  type RecordedPlan,
} from '../decide-deploy';
import type { PlanJson, ResourceChange } from '../plan';
import type { FoundBinding } from '../plan-record';
import { versionOf, type TerraformState } from '../state';

/** One thing that happens to the stack. Machines are two checkouts. */
export type Step =
  | {
      readonly do: 'change configuration';
      readonly machine: 0 | 1;
      readonly address: string;
      /** Another one forces a replacement; absent: the resource is not in the configuration. */
      readonly key: number | undefined;
      readonly value: number | 'upstream';
      readonly createFirst: boolean;
    }
  | { readonly do: 'plan'; readonly machine: 0 | 1 }
  | {
      readonly do: 'deploy';
      readonly machine: 0 | 1;
      readonly interruption: Interruption | undefined;
      /** The other machine plans and deploys at that moment; `whole`: with a configuration of its own. */
      readonly meanwhile: { readonly at: 'decided' | 'applied'; readonly whole: boolean } | undefined;
    }
  | { readonly do: 'destroy' }
  | { readonly do: 'move upstream'; readonly value: number }
  | { readonly do: 'restore'; readonly version: number }
  | { readonly do: 'lose state' }
  | { readonly do: 'answer'; readonly machine: 0 | 1; readonly by: 'import' | 'delete' }
  | { readonly do: 'put back plan'; readonly machine: 0 | 1 };

/**
 * `machine`: everything stops after so many writes. `process`: the command stops, and Terraform ends what it has begun and
 * writes the state. `failure`: AWS refuses the change with that number.
 */
export interface Interruption {
  readonly how: 'machine' | 'process' | 'failure';
  readonly after: number;
}

export type Result = 'applied' | 'untouched' | 'refused' | 'failed';

interface Wanted {
  readonly key: number;
  readonly value: number | 'upstream';
  readonly createFirst: boolean;
}

interface RealObject {
  readonly id: string;
  readonly address: string;
  readonly key: number;
  value: number;
}

interface Operation {
  readonly address: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly id?: string;
  readonly key: number;
  readonly value: number;
}

/** A saved plan: what Terraform would do, and from which state. */
interface SavedPlan extends RecordedPlan {
  readonly operations: readonly Operation[];
}

class Machine {
  readonly wanted = new Map<string, Wanted>();
  saved: SavedPlan | undefined;
  older: SavedPlan | undefined;
  begun: BegunApply | undefined;
  applied: LastApplied | undefined;
  log = '';
  /** Answered by a person: the next deploy says so. */
  acceptsUnrecorded = false;
}

/** The machine died, or the command was killed. */
class Killed extends Error {}

class World {
  readonly machines = [new Machine(), new Machine()] as const;
  readonly real = new Map<string, RealObject>();
  state: TerraformState | undefined;
  readonly versions: TerraformState[] = [];
  kept: { begun: KeptBegun | undefined; applied: LastApplied | undefined } = {
    begun: undefined,
    applied: undefined,
  };
  upstream = 0;
  /** Objects of which a person knows that no state has them: those that a restore has left out. */
  readonly known = new Set<string>();
  /** Who made what: an apply may destroy what it has created in part. */
  readonly makers = new Map<string, string>();
  next = 1;

  run(step: Step): Result | undefined {
    switch (step.do) {
      case 'change configuration': {
        const { wanted } = this.machines[step.machine];
        if (step.key === undefined) wanted.delete(step.address);
        else wanted.set(step.address, { key: step.key, value: step.value, createFirst: step.createFirst });
        return undefined;
      }
      case 'plan':
        this.plan(this.machines[step.machine]);
        return undefined;
      case 'deploy':
        try {
          return this.deploy(step.machine, step.interruption, step.meanwhile);
        } finally {
          // Whoever accepts has looked at what is there now.
          for (const each of this.machines) each.acceptsUnrecorded = false;
        }
      case 'destroy':
        return this.destroy();
      case 'move upstream':
        this.upstream = step.value;
        return undefined;
      case 'restore':
        return this.restore(step.version);
      case 'lose state':
        this.state = undefined;
        return undefined;
      case 'answer':
        return this.answer(this.machines[step.machine], step.by);
      case 'put back plan': {
        const machine = this.machines[step.machine];
        machine.saved = machine.older ?? machine.saved;
        return undefined;
      }
    }
  }

  private write(
    instances: readonly {
      readonly address: string;
      readonly deposed?: string;
      readonly status?: string;
      readonly id: string;
    }[],
  ): void {
    const lineage = this.state?.lineage ?? `lineage-${this.next++}`;
    const serial = Math.max(this.state?.serial ?? 0, ...this.versions.map((each) => each.serial)) + 1;
    this.state = {
      lineage,
      serial,
      resources: instances.map(({ address, id, ...more }) => ({
        mode: 'managed',
        type: address.split('.')[0]!,
        name: address.split('.')[1]!,
        instances: [{ attributes: { id }, ...more }],
      })),
    };
    this.versions.push(this.state);
  }

  private instances(state = this.state) {
    return (state?.resources ?? []).map(({ type, name, instances }) => {
      const { attributes, deposed, status } = instances![0]!;
      return {
        address: `${type}.${name}`,
        id: (attributes as { id: string }).id,
        ...(deposed ? { deposed } : {}),
        ...(status ? { status } : {}),
      };
    });
  }

  private digests(machine: Machine) {
    const text = JSON.stringify([...machine.wanted].sort());
    return { files: { 'cdk.tf.json': text }, upstream: { other: { value: String(this.upstream) } } };
  }

  /** What `terraform plan` says, after a look at what is really there. */
  private saved(machine: Machine): SavedPlan {
    const changes: ResourceChange[] = [];
    const operations: Operation[] = [];
    const there = this.instances().filter(({ id }) => this.real.has(id));
    const add = (
      { address, ...of }: { address: string; deposed?: string; action_reason?: string },
      actions: string[],
      before: RealObject | undefined,
      wanted?: { key: number; value: number },
    ) => {
      const marks = before && wanted && !actions.includes('create') ? { id: before.id } : {};
      changes.push({
        address,
        type: 'aws_vpc',
        mode: 'managed',
        ...of,
        change: {
          actions,
          ...(before ? { before: { id: before.id, key: before.key, value: before.value } } : { before: null }),
          after: wanted ? { ...marks, ...wanted } : null,
          after_unknown: actions.includes('create') ? { id: true } : {},
        },
      });
      for (const action of actions as Operation['action'][]) {
        const of_ = action === 'create' ? {} : { id: before!.id };
        operations.push({ address, action, ...of_, key: wanted?.key ?? 0, value: wanted?.value ?? 0 });
      }
    };
    for (const { address, id, deposed } of there.filter((each) => each.deposed)) {
      add({ address, deposed: deposed! }, ['delete'], this.real.get(id));
    }
    const current = new Map(there.filter(({ deposed }) => !deposed).map((each) => [each.address, each]));
    for (const [address, { key, value, createFirst }] of machine.wanted) {
      const wanted = { key, value: value === 'upstream' ? this.upstream : value };
      const instance = current.get(address);
      const object = instance && this.real.get(instance.id);
      const replace = createFirst ? ['create', 'delete'] : ['delete', 'create'];
      if (!object) add({ address }, ['create'], undefined, wanted);
      else if (instance.status) add({ address, action_reason: 'replace_because_tainted' }, replace, object, wanted);
      else if (object.key !== key) add({ address }, replace, object, wanted);
      else if (object.value !== wanted.value) add({ address }, ['update'], object, wanted);
    }
    for (const [address, { id }] of current) {
      if (!machine.wanted.has(address)) add({ address }, ['delete'], this.real.get(id));
    }
    const plan: PlanJson = { resource_changes: changes };
    const binding = { stack: 's', target: 't', environment: 'e', terraform: 'v', ...this.digests(machine) };
    return {
      plan,
      operations,
      record: {
        ...binding,
        format: 2,
        plan: { file: JSON.stringify([plan, versionOf(this.state), this.next++]) },
        state: versionOf(this.state),
        changes: changes.length > 0,
        assumed: [],
        left: [],
      },
    };
  }

  private plan(machine: Machine): void {
    if (this.isLost()) return;
    machine.older = machine.saved;
    machine.saved = this.saved(machine);
  }

  private isLost(): boolean {
    return this.state === undefined && (this.kept.applied !== undefined || this.versions.length > 0);
  }

  private know(machine: Machine, next: DeployKnowledge['next']): DeployKnowledge {
    const { files, upstream } = this.digests(machine);
    const { begun, saved, applied } = machine;
    const now: FoundBinding = {
      stack: 's',
      target: 't',
      environment: 'e',
      terraform: 'v',
      plan: saved?.record.plan ?? {},
      files,
      folder: saved?.record.files ?? {},
      state: versionOf(this.state),
      upstream,
    };
    const { begun: kept } = this.kept;
    return {
      project: 'p',
      configuration: {},
      now,
      state: this.state,
      stateIsLost: this.isLost(),
      hasUnsavedState: false,
      recorded: saved,
      applied: [applied, this.kept.applied].filter((each) => each !== undefined),
      brokenContract: [],
      begun,
      keptBegun: kept,
      logged: loggedChanges(machine.log.slice(begun?.log.from ?? 0)),
      loggedSinceAccepted: loggedChanges(machine.log.slice(begun?.log.accepted ?? 0)),
      isLocked: false,
      next,
      readers: [],
      stillUsed: [],
      accepted: {
        unreviewed: false,
        unrecorded: machine.acceptsUnrecorded,
        includeStateful: true,
        replace: [],
      },
    };
  }

  private deploy(
    which: 0 | 1,
    interruption: Interruption | undefined,
    meanwhile: Extract<Step, { do: 'deploy' }>['meanwhile'],
  ): Result {
    const machine = this.machines[which];
    const other = () => {
      if (!meanwhile) return;
      const them = this.machines[which === 0 ? 1 : 0];
      if (!meanwhile.whole) {
        them.wanted.clear();
        for (const [address, wanted] of machine.wanted) them.wanted.set(address, wanted);
      }
      this.plan(them);
      this.deploy(which === 0 ? 1 : 0, undefined, undefined);
    };
    let next: (SavedPlan & { as: 'new' | 'rest' }) | undefined;
    for (let known = this.know(machine, next); ; ) {
      const decision = decideDeploy(known);
      if (decision.do === 'nothing') {
        this.endAnswered();
        return this.fine(machine, 'untouched');
      }
      if (decision.do === 'plan') {
        next = { ...this.saved(machine), as: decision.as };
        known = { ...known, next };
        continue;
      }
      if (decision.do !== 'apply') return 'refused';
      const applying = (decision.isNext ? next : machine.saved)!;
      const shown = machine.saved!;
      if (!applying.record.changes && !decision.resumes) {
        this.endAnswered();
        machine.applied = { ...this.digests(machine), state: versionOf(this.state) };
        machine.saved = undefined;
        machine.begun = undefined;
        return this.fine(machine, 'untouched');
      }
      if (meanwhile?.at === 'decided') other();
      try {
        const result = this.apply(machine, { known, applying, shown, resumes: decision.resumes, interruption }, () => {
          if (meanwhile?.at === 'applied') other();
        });
        return result === 'applied' ? this.fine(machine, result) : result;
      } catch (error) {
        if (error instanceof Killed) return 'failed';
        throw error;
      }
    }
  }

  private endAnswered(): void {
    if (this.kept.begun) this.kept.begun = { ...this.kept.begun, ended: true };
  }

  private apply(
    machine: Machine,
    {
      known,
      applying,
      shown,
      resumes,
      interruption,
    }: {
      known: DeployKnowledge;
      applying: SavedPlan;
      shown: SavedPlan;
      resumes: boolean;
      interruption: Interruption | undefined;
    },
    afterApply: () => void,
  ): Result {
    let writes = 0;
    let isStopping = false;
    /** A write, before or after which everything may end. */
    const tick = () => {
      if (interruption?.how === 'machine' && writes++ === interruption.after) throw new Killed();
      if (interruption?.how === 'process' && writes++ === interruption.after) isStopping = true;
    };
    const before = resumes ? known.begun : undefined;
    const { length } = machine.log;
    tick();
    const begun: BegunApply = before
      ? {
          ...before,
          former: mergeIds(before.former, replacedIds(applying.plan)),
          log: { from: before.log.from, accepted: known.accepted.unrecorded ? length : before.log.accepted },
        }
      : {
          id: `apply-${this.next++}`,
          plan: shown.record.plan,
          state: known.now.state,
          former: replacedIds(applying.plan),
          log: { from: length, accepted: length },
        };
    const former = { here: machine.begun, beside: this.kept.begun };
    machine.begun = begun;
    if (isStopping) throw new Killed();
    tick();
    this.kept.begun = { id: begun.id, since: 'then', ended: false };
    if (isStopping) throw new Killed();
    if (JSON.stringify(applying.record.state) !== JSON.stringify(versionOf(this.state))) {
      // Terraform refuses a saved plan of another state.
      machine.begun = former.here;
      if (this.kept.begun.id === begun.id) this.kept.begun = former.beside;
      return 'failed';
    }
    machine.log += '$ terraform apply\n';
    const failure = this.operate(machine, applying, { shown, begun, tick, interruption, isStopping: () => isStopping });
    if (isStopping) throw new Killed();
    const logged = loggedChanges(machine.log.slice(begun.log.from));
    if (failure) {
      if (unrecordedObjects(logged, this.state, begun.former).length === 0 && this.kept.begun?.id === begun.id) {
        this.kept.begun = { ...this.kept.begun, ended: true };
      }
      return 'failed';
    }
    afterApply();
    if (!isStateOfApply({ begun, keptBegun: this.kept.begun, logged, state: this.state })) return 'failed';
    tick();
    const applied = { ...this.digests(machine), upstream: applying.record.upstream, state: versionOf(this.state) };
    this.kept.begun = { ...this.kept.begun!, ended: true };
    tick();
    this.kept.applied = applied;
    tick();
    if (isStopping) throw new Killed();
    machine.applied = applied;
    machine.saved = undefined;
    machine.begun = undefined;
    return 'applied';
  }

  /** Terraform at work: what it does is logged at once, and in the state at the end. Says whether AWS has refused something. */
  private operate(
    machine: Machine,
    { operations }: SavedPlan,
    {
      shown,
      begun,
      tick,
      interruption,
      isStopping,
    }: {
      shown: SavedPlan;
      begun: BegunApply;
      tick: () => void;
      interruption: Interruption | undefined;
      isStopping: () => boolean;
    },
  ): boolean {
    let instances: { address: string; id: string; deposed?: string; status?: string }[] = this.instances().filter(
      ({ id }) => this.real.has(id),
    );
    for (const [index, operation] of operations.entries()) {
      if (isStopping()) break;
      const { address, action, id, key, value } = operation;
      const say = (type: string, of?: string) => {
        const hook = { resource: { addr: address }, action, ...(of ? { id_key: 'id', id_value: of } : {}) };
        machine.log += `${JSON.stringify({ type, hook })}\n`;
      };
      say('apply_start', id);
      tick();
      if (interruption?.how === 'failure' && index === interruption.after) {
        say('apply_errored');
        this.write(instances);
        return true;
      }
      this.assertShown(operation, shown, begun);
      if (action === 'create') {
        const made = { id: `vpc-${this.next++}`, address, key, value };
        this.real.set(made.id, made);
        this.makers.set(made.id, begun.id);
        tick();
        instances = instances.map((each) =>
          each.address === address && !each.deposed ? { ...each, deposed: 'key' } : each,
        );
        instances.push({ address, id: made.id });
        say('apply_complete', made.id);
      } else if (action === 'update') {
        this.real.get(id!)!.value = value;
        tick();
        say('apply_complete', id);
      } else {
        this.real.delete(id!);
        tick();
        instances = instances.filter((each) => each.id !== id);
        say('apply_complete', id);
      }
      tick();
      // Terraform writes the state now and then.
      if (index % 2 === 1) this.write(instances);
    }
    tick();
    this.write(instances);
    return false;
  }

  private assertShown(
    { address, action, id, key, value }: Operation,
    { plan }: RecordedPlan,
    { id: apply }: BegunApply,
  ): void {
    const is = (change: ResourceChange) => {
      const { actions, before, after } = change.change as {
        actions: readonly string[];
        before: { id: string } | null;
        after: { key: number; value: number } | null;
      };
      if (change.address !== address || !actions.includes(action)) return false;
      if (action === 'delete') return before?.id === id;
      return after?.key === key && after.value === value && (action === 'create' || before?.id === id);
    };
    const isOwnPart = action === 'delete' && this.makers.get(id!) === apply;
    if (!isOwnPart && !(plan.resource_changes ?? []).some(is)) {
      throw new Error(`${action} of ${address} ${id ?? ''} ${key}/${value}: no accepted plan showed it`);
    }
  }

  /** Exit 0: what exists is what the configuration says, but for what a person knows to be left over. */
  private fine(machine: Machine, result: 'applied' | 'untouched'): Result {
    const wanted = [...machine.wanted].map(([address, { key, value }]) => [
      address,
      key,
      value === 'upstream' ? this.upstream : value,
    ]);
    const found = [...this.real.values()]
      .filter(({ id }) => !this.known.has(id))
      .map(({ address, key, value }) => [address, key, value]);
    const text = (of: unknown[]) => JSON.stringify(of.map((each) => JSON.stringify(each)).sort());
    if (text(wanted) !== text(found)) {
      throw new Error(`${result}, and there is ${text(found)} in the place of ${text(wanted)}`);
    }
    return result;
  }

  private destroy(): undefined {
    if (!this.state) return undefined;
    for (const { id } of this.instances()) this.real.delete(id);
    this.write([]);
    const { begun } = this.kept;
    this.kept = { applied: undefined, begun: begun?.ended ? undefined : begun };
    return undefined;
  }

  private restore(version: number): undefined {
    const old = this.versions[this.versions.length - 1 - version];
    if (!old) return undefined;
    const lineage = old.lineage;
    this.state = { ...old, lineage };
    this.write(this.instances(old));
    // `state restore` lists what the version does not have.
    const ids = new Set(this.instances().map(({ id }) => id));
    for (const id of this.real.keys()) if (!ids.has(id)) this.known.add(id);
    return undefined;
  }

  /** A person does what the refusal says: imports what exists into the state, or deletes it, and accepts the rest. */
  private answer(machine: Machine, by: 'import' | 'delete'): undefined {
    const decision = decideDeploy(this.know(machine, undefined));
    if (decision.do !== 'refuse' || this.isLost()) return undefined;
    const asks = decision.unrecorded !== undefined || this.kept.begun?.ended === false;
    if (!asks) return undefined;
    const ids = new Set(this.instances().map(({ id }) => id));
    for (const { id, address } of [...this.real.values()].filter(
      (each) => !ids.has(each.id) && !this.known.has(each.id),
    )) {
      const isFree = !this.instances().some((each) => each.address === address);
      if (by === 'import' && isFree) this.write([...this.instances(), { address, id }]);
      else this.real.delete(id);
    }
    machine.acceptsUnrecorded = true;
    return undefined;
  }
}

/**
 * How the deploys of a sequence ended.
 * @throws Error where one changed what no accepted plan showed, or ended well with something else than the configuration says
 */
export function runSequence(steps: readonly Step[]): Result[] {
  const world = new World();
  return steps.flatMap((step) => world.run(step) ?? []);
}
