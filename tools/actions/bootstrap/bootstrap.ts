import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import { liveOverrideFile } from '@platform/tools/aws/live-override';
import type { LiveSession } from '@platform/tools/session/live-session';
import { withFolder } from '@platform/tools/session/folder-lock';
import { taintedInstances } from '@platform/tools/session/tainted';
import { stateLocation, type StateLocation } from '@platform/tools/model/configuration';
import { type TerraformState } from '@platform/tools/model/state';
import type { Configuration } from '@platform/tools/model/configuration';
import { findUnmanaged, regionOf } from './adopt';
import { bucketCondition } from './bucket-condition';
import { clientOptions } from '@platform/tools/aws/client-options';
import { readLocalState } from './local-state';
import { putState } from '@platform/tools/aws/put-state';
import { withStateLock } from '@platform/tools/session/state-lock';

/** The stack that makes the buckets of all states, its own among them. */
export const stateStack = 'global-state';

/** What a bootstrap does one after the other. It can be killed before, in and after each, and run again. */
export const bootstrapSteps = ['inspect', 'initialise', 'adopt', 'plan', 'apply', 'migrate', 'verify', 'tidy'] as const;
export type BootstrapStep = (typeof bootstrapSteps)[number];

export interface BootstrapOptions {
  readonly session: LiveSession;
  /** Shown every change before it is made, as `create aws_kms_key.…`; an answer of `false` ends the bootstrap. */
  readonly confirm: (changes: readonly string[]) => Promise<boolean>;
  readonly note: (text: string) => void;
  /** Told before each step. */
  readonly onStep?: (step: BootstrapStep) => void | Promise<void>;
}

export interface BootstrapResult {
  /** `already`: the state lay in its bucket before this run. `refused`: {@link BootstrapOptions.confirm} said no. */
  readonly outcome: 'done' | 'already' | 'refused';
  /** Where the state of the state stack lies. */
  readonly location: StateLocation;
  /** Buckets of states, in the configuration's order. */
  readonly buckets: readonly string[];
}

/** The local state and the one in the bucket do not belong together. */
export class TwoStates extends Error {
  override readonly name = 'TwoStates';
  readonly exitCode = 1;
}

/**
 * Makes the buckets for all states with a state on this machine, then moves that state into the home region's bucket.
 * What exists already is taken over, never made twice; a bucket of another owner stops it before anything is created.
 * Once the state is in its bucket there is nothing to do: changes to it are deploys like any other.
 * @throws WrongUse naming every bucket that cannot be used
 * @throws DamagedState when the state on this machine cannot be read
 * @throws TwoStates when both states exist and neither continues the other
 */
export async function bootstrap(options: BootstrapOptions): Promise<BootstrapResult> {
  const { session } = options;
  const folder = join(session.folders.root, '.bootstrap');
  // The lock lies beside the folder, which goes when all is done.
  return withFolder(`${folder}-in-use`, { waitSec: 0 }, () => new Bootstrap(folder, options).run());
}

class Bootstrap {
  private readonly session: LiveSession;
  private readonly configuration: Configuration;
  private readonly location: StateLocation;

  constructor(
    private readonly folder: string,
    private readonly options: BootstrapOptions,
  ) {
    this.session = options.session;
    this.configuration = this.session.stacks.configuration(stateStack);
    this.location = stateLocation(this.configuration);
  }

  async run(): Promise<BootstrapResult> {
    const { note } = this.options;
    const buckets = this.wantedBuckets();
    const result = { location: this.location, buckets: buckets.map(({ bucket }) => bucket) };
    await this.step('inspect');
    const there = await this.inspect(buckets);
    const local = this.localState();
    const remote = there.has(this.location.bucket) ? await this.session.states.of(stateStack) : undefined;
    if (remote) {
      if (local) this.assertContinues(remote, local);
      await this.step('tidy');
      rmSync(this.folder, { recursive: true, force: true });
      return { ...result, outcome: 'already' };
    }
    if (local) note(`${stateStack}: continuing with the state on this machine, serial ${local.serial}`);
    if (!(await this.applyLocally(local))) return { ...result, outcome: 'refused' };
    await this.migrate();
    return { ...result, outcome: 'done' };
  }

  /** Names of the buckets that exist and can be used. */
  private async inspect(buckets: readonly { bucket: string; awsRegion: string }[]): Promise<Set<string>> {
    const { target, environment } = this.session.options;
    const owner = target.name === 'aws' ? environment.accounts.management : undefined;
    const problems: Problem[] = [];
    const there = new Set<string>();
    for (const wanted of buckets) {
      const condition = await this.session.calls.make(stateStack, async () =>
        bucketCondition(wanted, await target.s3(wanted.awsRegion), owner),
      );
      if (condition === 'ours') there.add(wanted.bucket);
      else if (condition !== 'absent') problems.push(condition);
    }
    if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
    return there;
  }

  private async applyLocally(local: TerraformState | undefined): Promise<boolean> {
    const { note, confirm } = this.options;
    await this.step('initialise');
    this.writeConfiguration();
    await this.terraform(['init', '-input=false', '-no-color', '-reconfigure']);
    // What an attempt was stopped at is tainted: a plan destroys it to make it anew, which buckets and keys forbid.
    for (const { address } of local ? taintedInstances(local) : []) {
      note(`${stateStack}: ${address} is tainted: an earlier bootstrap was stopped while it created it; it is kept`);
      await this.terraform(['untaint', '-no-color', address]);
    }

    await this.step('adopt');
    const imports = await this.session.calls.make(stateStack, () =>
      findUnmanaged(this.configuration, local, (region) => clientOptions(this.session.options.target, region)),
    );
    for (const { to, id } of imports) note(`${stateStack}: ${id} exists already; it is imported as ${to}`);
    if (imports.length > 0) this.write('adopt.tf.json', { import: imports });

    await this.step('plan');
    for (const { address, reason } of this.session.unsupported.of(stateStack).resources) {
      note(`${stateStack}: ${address} is unsupported by the target: ${reason}`);
    }
    const parts = this.session.unsupported.targetArguments(stateStack);
    const { stdout } = await this.terraform(['plan', '-input=false', '-json', '-out=bootstrap.tfplan', ...parts]);
    const changes = plannedChanges(stdout);
    assertKeepsStates(changes);
    if (changes.length > 0) {
      if (!(await confirm(changes))) return false;
      await this.step('apply');
      await this.terraform(['apply', '-input=false', '-no-color', 'bootstrap.tfplan']);
    }
    // What was made after a bucket or a role shows in its attributes, and would pass for drift of it.
    await this.terraform(['apply', '-refresh-only', '-auto-approve', '-input=false', '-no-color', ...parts]);
    return true;
  }

  private async migrate(): Promise<void> {
    const before = this.localState()!;
    await this.step('migrate');
    const client = await this.session.options.target.s3(this.location.region);
    const bytes = readFileSync(join(this.folder, 'terraform.tfstate'));
    // One that is there by now is another's, or this one by a call whose answer was lost: it is compared next.
    await withStateLock(this.session, stateStack, 'bootstrap', () =>
      this.session.calls.make(stateStack, () => putState(client, this.location, bytes)),
    );

    await this.step('verify');
    const remote = await this.session.states.of(stateStack);
    if (!remote) throw new TwoStates(`${stateStack}: its state is not in its bucket after the move; run it again`);
    this.assertContinues(remote, before);

    await this.step('tidy');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private assertContinues(remote: TerraformState, local: TerraformState): void {
    const { bucket, key } = this.location;
    if (remote.lineage === local.lineage && remote.serial >= local.serial) return;
    const what =
      remote.lineage === local.lineage
        ? `the state on this machine (serial ${local.serial}) is newer than that in the bucket (serial ${remote.serial})`
        : 'the state on this machine and that in the bucket are of different origin';
    throw new TwoStates(
      `${stateStack}: ${what}; look at both (${join(this.folder, 'terraform.tfstate')}, s3://${bucket}/${key}), and move the one away that is wrong`,
    );
  }

  /** The state of an attempt that has not ended. */
  private localState(): TerraformState | undefined {
    return readLocalState(this.folder);
  }

  private wantedBuckets(): { bucket: string; awsRegion: string }[] {
    return Object.values(this.configuration.resource!['aws_s3_bucket']!).map((block) => ({
      bucket: block['bucket'] as string,
      awsRegion: regionOf(this.configuration, block),
    }));
  }

  /** The configuration as it is now, beside the state that is there. */
  private writeConfiguration(): void {
    const { target } = this.session.options;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    cpSync(this.session.stacks.folder(stateStack), this.folder, { recursive: true });
    rmSync(join(this.folder, 'adopt.tf.json'), { force: true });
    const override = target.override(this.session.stacks.get(stateStack), this.configuration);
    this.write(liveOverrideFile, { ...override, terraform: { backend: { local: {} } } });
  }

  private write(name: string, content: object): void {
    writeFileSync(join(this.folder, name), `${JSON.stringify(content, null, 2)}\n`);
  }

  private terraform(args: readonly string[], log = true) {
    return this.session.terraform.run(this.folder, stateStack, args, { log });
  }

  private async step(step: BootstrapStep): Promise<void> {
    await this.options.onStep?.(step);
  }
}

/**
 * A bootstrap makes what states are kept in, and takes it over. It destroys none of that, whatever is confirmed.
 * @throws WrongUse with each bucket and key that a plan destroys or replaces
 */
export function assertKeepsStates(changes: readonly string[]): void {
  const destroyed = changes.filter((each) => /\b(delete|replace) aws_(s3_bucket|kms_key)\./.test(each));
  if (destroyed.length === 0) return;
  throw new WrongUse(
    [
      `${stateStack}: the plan destroys what states are kept in; nothing was changed. Give the settings the regions and names that an earlier attempt had, and change them after the bootstrap by plan and deploy:`,
      ...destroyed.map((each) => `  ${each}`),
    ].join('\n'),
  );
}

interface PlannedChange {
  readonly type: string;
  readonly change?: {
    readonly action: string;
    readonly importing?: object;
    readonly resource: { readonly addr: string };
  };
}

/** What a plan would do, from its own report (`plan -json`): `create aws_kms_key.…`. */
export function plannedChanges(report: string): string[] {
  const quiet = ['noop', 'read', 'import', 'move'];
  return report.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const { type, change } = JSON.parse(line) as PlannedChange;
    if (type !== 'planned_change' || !change) return [];
    const { action, importing, resource } = change;
    const words = [...(importing ? ['take over'] : []), ...(quiet.includes(action) ? [] : [action])];
    return words.length > 0 ? [`${words.join(', ')} ${resource.addr}`] : [];
  });
}
