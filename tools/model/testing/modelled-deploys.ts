import { loggedChanges, mergeIds, replacedIds, unrecordedObjects } from '../apply-log';
import { isObsolete } from '../decide-deploy';
import type {
  decideDeploy,
  isStateOfApply,
  unansweredApply,
  BegunApply,
  DeployAcceptance,
  DeployKnowledge,
  KeptBegun,
  LastApplied,
  RecordedPlan,
} from '../decide-deploy';
import type { PlanJson, ResourceChange } from '../plan';
import type { FileDigests } from '@platform/tools/workspace/file-digests';
import type { FoundBinding } from '../plan-record';
import { versionOf, type TerraformState } from '../state';
import { statefulTypes } from '../stateful-types';
import { decideUnsavedState, type StateBefore } from '../unsaved-state';
import { objectsOf } from '../destroyed-objects';

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
  /** Whether its outputs break its contract. */
  | { readonly do: 'change contract'; readonly machine: 0 | 1; readonly broken: boolean }
  /** `upstream`: what a plan of the other stack, which was made with it, promises as its value. */
  | { readonly do: 'plan'; readonly machine: 0 | 1; readonly upstream: number | undefined }
  | {
      readonly do: 'deploy';
      readonly machine: 0 | 1;
      readonly interruption: Interruption | undefined;
      readonly accepted: AcceptedByFlags;
      readonly meanwhile: Meanwhile | undefined;
    }
  | { readonly do: 'destroy' }
  /** Without a value the other stack is not deployed. */
  | { readonly do: 'move upstream'; readonly value: number | undefined }
  /** Whether a deployed stack reads this one. */
  | { readonly do: 'change readers'; readonly read: boolean }
  | { readonly do: 'restore'; readonly version: number }
  | { readonly do: 'lose state' }
  /** By hand, past these tools: one that says the same under another lineage. */
  | { readonly do: 'put state' }
  | { readonly do: 'answer'; readonly machine: 0 | 1; readonly by: 'import' | 'delete' }
  | { readonly do: 'put back plan'; readonly machine: 0 | 1 };

/**
 * What happens at that moment: the other machine plans and deploys, whatever the end of this apply will be, with this
 * configuration or its own, or somebody destroys the stack.
 */
export interface Meanwhile {
  readonly at: 'decided' | 'applied';
  readonly what: 'deploy of this' | 'deploy of its own' | 'destroy';
}

/** What the flags of a deploy accept. `replace`: replacements, whatever their addresses are. */
export interface AcceptedByFlags {
  readonly unreviewed: boolean;
  readonly includeStateful: boolean;
  readonly replace: boolean;
}

/** The decisions that are tried. */
export interface Decisions {
  readonly decideDeploy: typeof decideDeploy;
  readonly isStateOfApply: typeof isStateOfApply;
  readonly unansweredApply: typeof unansweredApply;
}

/**
 * `machine`: everything stops after so many writes. `process`: the command stops, and Terraform ends what it has begun and
 * writes the state. `failure`: AWS refuses the change with that number. `state`: from that write on, the bucket of states
 * refuses them, and Terraform leaves its state in the folder.
 */
export interface Interruption {
  readonly how: 'machine' | 'process' | 'failure' | 'state';
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
  /** It is a part of a replacement. */
  readonly replaces: boolean;
}

/** A value of the other stack that its contract has as an example. */
const EXAMPLE = 99;

/** A saved plan: what Terraform would do, and from which state. */
interface SavedPlan extends RecordedPlan {
  readonly operations: readonly Operation[];
  readonly breaksContract: boolean;
  /** A person has seen it, or has said that no one needs to. */
  isAccepted: boolean;
}

/** An object of a state. */
interface Instance {
  readonly address: string;
  readonly deposed?: string;
  readonly status?: string;
  readonly id: string;
}

class Machine {
  readonly wanted = new Map<string, Wanted>();
  saved: SavedPlan | undefined;
  older: SavedPlan | undefined;
  begun: BegunApply | undefined;
  applied: LastApplied | undefined;
  log = '';
  breaksContract = false;
  /** What Terraform could not write into the bucket, with what the apply began with. */
  unsaved: { readonly by: string; readonly state: TerraformState; readonly before: StateBefore } | undefined;
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
  upstream: number | undefined = 0;
  isRead = false;
  /** Objects of which a person knows that no state has them: those that a restore has left out. */
  readonly known = new Set<string>();
  /** Who made what: an apply may destroy what it has created in part. */
  readonly makers = new Map<string, string>();
  /** The plan that each apply began with, and how many versions of the state there were. */
  readonly beginnings = new Map<string, { readonly plan: FileDigests; readonly versions: number }>();
  /** Who wrote each version of the state: an apply, or what else. */
  readonly writers = new Map<TerraformState, string>();
  /** An apply of this machine failed, and nothing has happened since. */
  failedLast: Machine | undefined;
  next = 1;

  constructor(private readonly decisions: Decisions) {}

  run(step: Step): Result | undefined {
    const failed = this.failedLast;
    this.failedLast = undefined;
    const result = this.step(step);
    if (
      step.do === 'deploy' &&
      failed === this.machines[step.machine] &&
      !step.interruption &&
      !step.meanwhile &&
      step.accepted.includeStateful &&
      step.accepted.replace &&
      result === 'refused'
    ) {
      throw new Error('an apply that failed does not go on when the command is repeated');
    }
    return result;
  }

  private step(step: Step): Result | undefined {
    switch (step.do) {
      case 'change configuration': {
        const { wanted } = this.machines[step.machine];
        if (step.key === undefined) wanted.delete(step.address);
        else wanted.set(step.address, { key: step.key, value: step.value, createFirst: step.createFirst });
        return undefined;
      }
      case 'change contract':
        this.machines[step.machine].breaksContract = step.broken;
        return undefined;
      case 'plan':
        this.plan(this.machines[step.machine], step.upstream);
        return undefined;
      case 'deploy':
        try {
          return this.deploy(step);
        } finally {
          // Whoever accepts has looked at what is there now.
          for (const each of this.machines) each.acceptsUnrecorded = false;
        }
      case 'destroy':
        return this.destroy();
      case 'move upstream':
        this.upstream = step.value;
        return undefined;
      case 'change readers':
        this.isRead = step.read;
        return undefined;
      case 'restore':
        return this.restore(step.version);
      case 'lose state':
        this.state = undefined;
        return undefined;
      case 'put state':
        return this.putOtherLineage();
      case 'answer':
        return this.answer(this.machines[step.machine], step.by);
      case 'put back plan': {
        const machine = this.machines[step.machine];
        machine.saved = machine.older ?? machine.saved;
        return undefined;
      }
    }
  }

  private write(by: string, instances: readonly Instance[], isBroken = this.isBroken()): void {
    this.keep(by, this.nextState(instances, isBroken));
  }

  private keep(by: string, state: TerraformState): void {
    this.state = state;
    this.versions.push(state);
    this.writers.set(state, by);
  }

  private nextState(instances: readonly Instance[], isBroken: boolean): TerraformState {
    const lineage = this.state?.lineage ?? `lineage-${this.next++}`;
    const serial = Math.max(this.state?.serial ?? 0, ...this.versions.map((each) => each.serial)) + 1;
    return {
      lineage,
      serial,
      outputs: { contract: { value: isBroken ? 'broken' : 'kept' } },
      resources: instances.map(({ address, id, ...more }) => ({
        mode: 'managed',
        type: address.split('.')[0]!,
        name: address.split('.')[1]!,
        instances: [{ attributes: { id }, ...more }],
      })),
    };
  }

  private isBroken(): boolean {
    return this.state?.outputs?.['contract']?.value === 'broken';
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
    const text = JSON.stringify([[...machine.wanted].sort(), machine.breaksContract]);
    const upstream = this.upstream === undefined ? {} : { value: String(this.upstream) };
    return { files: { 'cdk.tf.json': text }, upstream: { other: upstream } };
  }

  private configuration({ wanted }: Machine): DeployKnowledge['configuration'] {
    const resource: Record<string, Record<string, Record<string, unknown>>> = {};
    for (const [address, { key, value }] of wanted) {
      const [type, name] = address.split('.') as [string, string];
      const argument = value === 'upstream' ? '${data.terraform_remote_state.other.outputs.value}' : value;
      (resource[type] ??= {})[name] = { key, value: argument };
    }
    return { resource };
  }

  /** What `terraform plan` says, after a look at what is really there. */
  private saved(machine: Machine, planned?: number): SavedPlan {
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
        type: address.split('.')[0]!,
        mode: 'managed',
        ...of,
        change: {
          actions,
          ...(before ? { before: { id: before.id, key: before.key, value: before.value } } : { before: null }),
          after: wanted ? { ...marks, ...wanted } : null,
          after_unknown: actions.includes('create') ? { id: true } : {},
        },
      });
      for (const action of actions.filter((each) => each !== 'no-op') as Operation['action'][]) {
        const of_ = action === 'create' ? {} : { id: before!.id };
        operations.push({
          address,
          action,
          ...of_,
          key: wanted?.key ?? 0,
          value: wanted?.value ?? 0,
          replaces: actions.length > 1,
        });
      }
    };
    for (const { address, id, deposed } of there.filter((each) => each.deposed)) {
      add({ address, deposed: deposed! }, ['delete'], this.real.get(id));
    }
    const current = new Map(there.filter(({ deposed }) => !deposed).map((each) => [each.address, each]));
    const source = planned === undefined ? 'example' : 'planned';
    const isReal = planned === undefined && this.upstream !== undefined;
    const assumed = [...machine.wanted].flatMap(([address, { value }]) =>
      value === 'upstream' && !isReal
        ? [{ address, argument: 'value', stack: 'other', field: 'value', source } as const]
        : [],
    );
    for (const [address, { key, value, createFirst }] of machine.wanted) {
      const wanted = { key, value: value === 'upstream' ? (planned ?? this.upstream ?? EXAMPLE) : value };
      const instance = current.get(address);
      const object = instance && this.real.get(instance.id);
      const isSame = object?.key === key && object.value === wanted.value && !instance?.status;
      const replace = createFirst ? ['create', 'delete'] : ['delete', 'create'];
      if (!object) add({ address }, ['create'], undefined, wanted);
      else if (instance.status) add({ address, action_reason: 'replace_because_tainted' }, replace, object, wanted);
      else if (object.key !== key) add({ address }, replace, object, wanted);
      else if (!isSame) add({ address }, ['update'], object, wanted);
      else add({ address }, ['no-op'], object, wanted);
    }
    for (const [address, { id }] of current) {
      if (!machine.wanted.has(address)) add({ address }, ['delete'], this.real.get(id));
    }
    const [is, willBe] = [this.state?.outputs?.['contract']?.value ?? null, machine.breaksContract ? 'broken' : 'kept'];
    const contract = { actions: [is === willBe ? 'no-op' : 'update'], before: is, after: willBe };
    const plan: PlanJson = { resource_changes: changes, output_changes: { contract } };
    const { files, upstream } = this.digests(machine);
    const binding = { stack: 's', target: 't', environment: 'e', terraform: 'v', files };
    return {
      plan,
      operations,
      breaksContract: machine.breaksContract,
      isAccepted: false,
      record: {
        ...binding,
        format: 3,
        plan: { file: JSON.stringify([plan, versionOf(this.state), this.next++]) },
        state: versionOf(this.state),
        upstream: isReal ? upstream : { other: {} },
        changes: operations.length > 0 || is !== willBe,
        assumed,
        unsupported: [],
      },
    };
  }

  private plan(machine: Machine, upstream?: number): void {
    if (!this.saveUnsaved(machine) || this.isLost()) return;
    machine.older = machine.saved;
    machine.saved = { ...this.saved(machine, upstream), isAccepted: true };
  }

  /** Says whether the machine has no unsaved state after it. */
  private saveUnsaved(machine: Machine): boolean {
    if (!machine.unsaved) return true;
    const { state, before } = machine.unsaved;
    const { action } = decideUnsavedState(state, this.state, before, this.isLost());
    if (action === 'refuse') return false;
    if (action === 'push') this.keep(machine.unsaved.by, state);
    machine.unsaved = undefined;
    return true;
  }

  private isLost(): boolean {
    return this.state === undefined && (this.kept.applied !== undefined || this.versions.length > 0);
  }

  private know(
    machine: Machine,
    next: DeployKnowledge['next'],
    flags: AcceptedByFlags = { unreviewed: false, includeStateful: true, replace: true },
  ): DeployKnowledge {
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
      configuration: this.configuration(machine),
      now,
      state: this.state,
      stateIsLost: this.isLost(),
      hasUnsavedState: machine.unsaved !== undefined,
      recorded: saved,
      applied: [applied, this.kept.applied].filter((each) => each !== undefined),
      brokenContract: this.isBroken() ? [{ where: 'contract', what: 'is broken', remedy: 'mend it' }] : [],
      begun,
      keptBegun: kept,
      logged: loggedChanges(machine.log.slice(begun?.log.from ?? 0)),
      loggedSinceAccepted: loggedChanges(machine.log.slice(begun?.log.accepted ?? 0)),
      isLocked: false,
      next,
      readers: this.isRead ? ['reader'] : [],
      stillUsed: this.isStillUsed(machine) ? ['a reader leads to it'] : [],
      accepted: {
        unreviewed: flags.unreviewed,
        unrecorded: machine.acceptsUnrecorded,
        includeStateful: flags.includeStateful,
        replace: flags.replace ? [...machine.wanted.keys()] : [],
      },
    };
  }

  /** The configuration leaves nothing of what another stack leads to. */
  private isStillUsed({ wanted }: Machine): boolean {
    return this.isRead && wanted.size === 0 && this.instances().length > 0;
  }

  private deploy({ machine: which, interruption, meanwhile, accepted }: Extract<Step, { do: 'deploy' }>): Result {
    const machine = this.machines[which];
    const other = () => {
      if (!meanwhile) return;
      if (meanwhile.what === 'destroy') return this.destroy();
      const them = this.machines[which === 0 ? 1 : 0];
      them.acceptsUnrecorded = true;
      if (meanwhile.what === 'deploy of this') {
        them.breaksContract = machine.breaksContract;
        them.wanted.clear();
        for (const [address, wanted] of machine.wanted) them.wanted.set(address, wanted);
      }
      this.plan(them);
      this.deploy({
        do: 'deploy',
        machine: which === 0 ? 1 : 0,
        interruption: undefined,
        meanwhile: undefined,
        accepted,
      });
    };
    let next: (SavedPlan & { as: 'new' | 'rest' }) | undefined;
    const know = () => this.know(machine, undefined, accepted);
    for (let known = know(); ; ) {
      const decision = this.decisions.decideDeploy(known);
      if (decision.do === 'save state') {
        if (!this.saveUnsaved(machine)) return 'refused';
        known = know();
        continue;
      }
      if (decision.do === 'nothing') {
        this.endAnswered();
        return this.fine(machine, 'untouched');
      }
      if (decision.do === 'plan') {
        next = { ...this.saved(machine), as: decision.as };
        if (next.as === 'new') machine.saved = next;
        known = { ...known, next };
        continue;
      }
      if (decision.do !== 'apply') {
        // It was made by the deploy, and no one has seen it.
        if (next?.as === 'new') machine.saved = undefined;
        return decision.do === 'failed' ? 'failed' : 'refused';
      }
      const applying = (decision.isNext ? next : machine.saved)!;
      const shown = machine.saved!;
      if (accepted.unreviewed && next?.as === 'new') shown.isAccepted = true;
      if (!applying.record.changes && !decision.resumes) {
        this.endAnswered();
        machine.applied = { ...this.digests(machine), state: versionOf(this.state) };
        machine.saved = undefined;
        machine.begun = undefined;
        return this.isBroken() ? 'failed' : this.fine(machine, 'untouched');
      }
      const isDisturbed = meanwhile?.at === 'decided';
      if (isDisturbed) other();
      const { resumes } = decision;
      try {
        const result = this.apply(machine, { known, applying, shown, resumes, interruption, isDisturbed }, () => {
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
      isDisturbed,
    }: {
      known: DeployKnowledge;
      applying: SavedPlan;
      shown: SavedPlan;
      resumes: boolean;
      interruption: Interruption | undefined;
      /** Somebody else has been there since the decision. */
      isDisturbed: boolean;
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
    if (!resumes) this.beginnings.set(begun.id, { plan: shown.record.plan, versions: this.versions.length });
    if (isStopping) throw new Killed();
    tick();
    this.kept.begun = { id: begun.id, since: 'then', ended: false };
    if (isStopping) throw new Killed();
    if (machine.unsaved) throw new Error('a state that was not saved would be written over');
    if (JSON.stringify(applying.record.state) !== JSON.stringify(versionOf(this.state))) {
      // Terraform refuses a saved plan of another state.
      if (!isDisturbed) throw new Error('a plan of another state was applied');
      machine.begun = former.here;
      if (this.kept.begun.id === begun.id) this.kept.begun = former.beside;
      return 'failed';
    }
    if (resumes && !known.accepted.unrecorded) this.assertGoesOn(begun, shown);
    machine.log += '$ terraform apply\n';
    const { accepted } = known;
    const isStopped = () => isStopping;
    const failure = this.operate(machine, applying, {
      shown,
      begun,
      accepted,
      tick,
      interruption,
      isStopping: isStopped,
    });
    if (isStopping) throw new Killed();
    const logged = loggedChanges(machine.log.slice(begun.log.from));
    if (failure) {
      if (interruption?.how === 'failure') this.failedLast = machine;
      const isWhole = !machine.unsaved && unrecordedObjects(logged, this.state, begun.former).length === 0;
      if (isWhole && this.kept.begun?.id === begun.id) {
        this.kept.begun = { ...this.kept.begun, ended: true };
      }
      return 'failed';
    }
    afterApply();
    if (
      !this.decisions.isStateOfApply({
        begun,
        keptBegun: this.kept.begun,
        logged,
        state: this.state,
        plan: applying.plan,
      })
    )
      return 'failed';
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
    if (this.isBroken()) return 'failed';
    return 'applied';
  }

  /** Terraform at work: what it does is logged at once, and in the state at the end. Says whether AWS has refused something. */
  private operate(
    machine: Machine,
    { operations, breaksContract }: SavedPlan,
    {
      shown,
      begun,
      accepted,
      tick,
      interruption,
      isStopping,
    }: {
      shown: SavedPlan;
      begun: BegunApply;
      accepted: DeployAcceptance;
      tick: () => void;
      interruption: Interruption | undefined;
      isStopping: () => boolean;
    },
  ): boolean {
    let instances: Instance[] = this.instances().filter(({ id }) => this.real.has(id));
    const before = { version: versionOf(this.state), objects: this.state ? objectsOf(this.state) : [] };
    let writes = 0;
    const write = (isBroken?: boolean) => {
      if (interruption?.how !== 'state' || writes++ < interruption.after) {
        return this.write(begun.id, instances, isBroken);
      }
      const unsaved = this.nextState(instances, isBroken ?? this.isBroken());
      machine.unsaved = {
        by: begun.id,
        state: { ...unsaved, serial: unsaved.serial + writes - interruption.after },
        before,
      };
    };
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
        write();
        return true;
      }
      this.assertShown(operation, shown, begun);
      this.assertAccepted(machine, operation, accepted);
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
      if (index % 2 === 1) write();
    }
    tick();
    write(isStopping() ? undefined : breaksContract);
    return machine.unsaved !== undefined;
  }

  /** An apply goes on only with its own plan, and where no other apply has written since. */
  private assertGoesOn({ id, plan, state }: BegunApply, shown: SavedPlan): void {
    const began = this.beginnings.get(id)!;
    const isOwn = [plan, shown.record.plan].every((each) => each['file'] === began.plan['file']);
    if (!isOwn) throw new Error('an apply goes on with the plan of another');
    const since = this.versions.slice(began.versions).map((each) => this.writers.get(each)!);
    const others = since.filter((by) => by !== id && !['restore', 'import', 'destroy', 'hand'].includes(by));
    if (others.length > 0) throw new Error(`an apply goes on after ${others.join(', ')}`);
    // Of a first apply it is not known which lineage its state has.
    if (state && this.state?.lineage !== state.lineage) throw new Error('an apply goes on with another state');
  }

  /** What loses data, or harms a stack that reads this one, was accepted by name. */
  private assertAccepted(
    machine: Machine,
    { address, action, replaces }: Operation,
    { includeStateful, replace }: DeployAcceptance,
  ): void {
    const isNamed = replaces && replace.includes(address);
    if (action === 'delete' && Object.hasOwn(statefulTypes, address.split('.')[0]!) && !includeStateful && !isNamed) {
      throw new Error(`the data of ${address} would be lost, and that was not accepted`);
    }
    if (
      action === 'delete' &&
      replaces &&
      this.isRead &&
      !isNamed &&
      !(includeStateful && Object.hasOwn(statefulTypes, address.split('.')[0]!))
    ) {
      throw new Error(`${address} would be replaced under its readers, and that was not accepted`);
    }
    if (action === 'delete' && this.isStillUsed(machine)) throw new Error(`${address} is still used by a reader`);
  }

  private assertShown(
    { address, action, id, key, value }: Operation,
    { plan, isAccepted }: SavedPlan,
    { id: apply }: BegunApply,
  ): void {
    if (!isAccepted) throw new Error(`${action} of ${address}: its plan was not shown`);
    if (action !== 'delete' && value === EXAMPLE) throw new Error(`${action} of ${address} with an example`);
    const is = (change: ResourceChange) => {
      const { actions, before, after } = change.change as {
        actions: readonly string[];
        before: { id: string } | null;
        after: { key: number; value: number } | null;
      };
      if (change.address !== address || !actions.includes(action)) return false;
      if (action === 'delete') return before?.id === id;
      const isShown = after?.value === value || (after?.value === EXAMPLE && value === this.upstream);
      return after?.key === key && isShown && (action === 'create' || before?.id === id);
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
    const recorded = new Set(this.instances().map(({ id }) => id));
    const found = [...this.real.values()]
      .filter(({ id }) => recorded.has(id) || !this.known.has(id))
      .map(({ address, key, value }) => [address, key, value]);
    const text = (of: unknown[]) => JSON.stringify(of.map((each) => JSON.stringify(each)).sort());
    if (this.isBroken()) throw new Error(`${result}, and the contract is broken`);
    if (text(wanted) !== text(found)) {
      throw new Error(`${result}, and there is ${text(found)} in the place of ${text(wanted)}`);
    }
    return result;
  }

  /** By the first machine, without the word that objects may be left out of the state. */
  private destroy(): undefined {
    const [machine] = this.machines;
    if (!this.saveUnsaved(machine)) return undefined;
    const { keptBegun, state, isLocked, loggedSinceAccepted } = this.know(machine, undefined);
    const begun = isObsolete({ begun: machine.begun, keptBegun, state }) ? undefined : machine.begun;
    const known = { begun, keptBegun, state, loggedSinceAccepted, isLocked };
    if (this.decisions.unansweredApply('s', known) || !this.state) return undefined;
    for (const { id } of this.instances()) this.real.delete(id);
    // It takes the outputs too.
    this.keep('destroy', { ...this.nextState([], false), outputs: {} });
    const left = [...this.real.values()].filter(({ id }) => !this.known.has(id));
    if (left.length > 0) throw new Error(`destroyed, and ${JSON.stringify(left)} is left`);
    this.isRead = false;
    this.kept = { applied: undefined, begun: keptBegun?.ended ? undefined : keptBegun };
    return undefined;
  }

  private restore(version: number): undefined {
    const old = this.versions[this.versions.length - 1 - version];
    if (!old) return undefined;
    this.state = old;
    this.write('restore', this.instances(old));
    this.knowWhatIsLeft();
    return undefined;
  }

  /** Past these tools. An older version as it was would have the serial of another one: Terraform cannot tell the two apart. */
  private putOtherLineage(): undefined {
    if (!this.state) return undefined;
    const { serial } = this.state;
    this.keep('hand', { ...this.state, lineage: `lineage-${this.next++}`, serial: serial + 1 });
    this.knowWhatIsLeft();
    return undefined;
  }

  /** Whoever changes the state by hand, or restores one, compares it with what exists. */
  private knowWhatIsLeft(): void {
    const ids = new Set(this.instances().map(({ id }) => id));
    for (const id of this.real.keys()) if (!ids.has(id)) this.known.add(id);
  }

  /** A person does what the refusal says: imports what exists into the state, or deletes it, and accepts the rest. */
  private answer(machine: Machine, by: 'import' | 'delete'): undefined {
    // Whoever reads of a state that cannot be saved compares it, and moves the file away.
    if (!this.saveUnsaved(machine)) machine.unsaved = undefined;
    const decision = this.decisions.decideDeploy(this.know(machine, undefined));
    if (decision.do !== 'refuse' || this.isLost()) return undefined;
    const asks = decision.unrecorded !== undefined || this.kept.begun?.ended === false;
    if (!asks) return undefined;
    const ids = new Set(this.instances().map(({ id }) => id));
    for (const { id, address } of [...this.real.values()].filter(
      (each) => !ids.has(each.id) && !this.known.has(each.id),
    )) {
      const isFree = !this.instances().some((each) => each.address === address);
      if (by === 'import' && isFree) this.write('import', [...this.instances(), { address, id }]);
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
export function runSequence(steps: readonly Step[], decisions: Decisions): Result[] {
  const world = new World(decisions);
  return steps.flatMap((step) => world.run(step) ?? []);
}
