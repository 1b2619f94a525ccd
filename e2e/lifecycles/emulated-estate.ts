import { CreateBucketCommand, PutObjectCommand, type BucketLocationConstraint } from '@aws-sdk/client-s3';
import { rmSync } from 'node:fs';
import { selectEnvironment } from '@platform/libs/settings/environment';
import type { EnvironmentSettings } from '@platform/libs/settings/organisation';
import { stateBucketName } from '@platform/libs/stack/state-location';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { emulatorTarget } from '@platform/tools/emulator/emulator-target';
import {
  referencesIn,
  uncleanResources,
  unsupportedBy,
  type UncleanResource,
} from '@platform/tools/emulator/unsupported';
import type { Emulator } from '@platform/tools/emulator/profile';
import type { ResourceChange } from '@platform/tools/model/plan';
import { outputsAsState } from '@platform/tools/model/upstream-values';
import { deployEstate, type DeployedStack } from '@platform/tools/actions/deploy/deploy-estate';
import { deployOrder, inDeployOrder } from '@platform/tools/session/deploy-order';
import { destroyEstate, type DestroyedStack } from '@platform/tools/actions/destroy/destroy-estate';
import { workersFor } from '@platform/tools/session/estate-run';
import { openLiveSession, type LiveSession } from '@platform/tools/session/live-session';
import type { LiveTarget } from '@platform/tools/aws/live-target';
import { planStack } from '@platform/tools/session/plan-stack';
import { planCommandFor } from '@platform/tools/session/plan-command-for';
import { regionsOf } from '@platform/tools/session/regions-of';
import { outputValues } from '@platform/tools/model/state';
import { stateLocation } from '@platform/tools/model/configuration';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { runInOrder } from '@platform/tools/workspace/run-in-order';

export interface EmulatedEstateOptions {
  readonly emulator: Emulator;
  /** What differs from the settings of the environment. */
  readonly change?: (settings: EnvironmentSettings) => EnvironmentSettings;
  /** Types that the emulator carries once the caller has put into it what they lack. */
  readonly mended?: readonly string[];
}

/** A resource that a plan would change. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly actions: readonly string[];
  /** Names of the arguments that get another value; of a replacement those only whose next value is known. */
  readonly arguments: readonly string[];
}

/** An output that a plan would change. */
export interface ChangedOutput {
  readonly name: string;
  /** Addresses that its value names. */
  readonly reads: readonly string[];
}

/** What a plan would do to a stack. */
export interface PlannedChanges {
  readonly resources: readonly PlannedChange[];
  readonly outputs: readonly ChangedOutput[];
}

/** What protects nothing, and may be destroyed. */
const environmentName = 'staging';
/** More than there are processors: most of the time an apply waits. */
const WORKERS = 3;

/**
 * The estate's own stacks on an emulator, through what `npx platform deploy`, `plan` and `destroy` do. Buckets for the states
 * are there; values of stacks that are not deployed can be examples from their contracts.
 */
export class EmulatedEstate {
  private constructor(
    private readonly root: string,
    private readonly profile: Emulator['profile'],
    readonly session: LiveSession,
  ) {}

  static async open(options: EmulatedEstateOptions): Promise<EmulatedEstate> {
    const { emulator, change = (settings) => settings, mended = [] } = options;
    const root = exampleWorkspace();
    const loaded = loadEstate(root);
    const { environments } = loaded.settings;
    const changed = { ...environments, [environmentName]: change(environments[environmentName]!) };
    const estate = { ...loaded, settings: { ...loaded.settings, environments: changed } };
    const environment = selectEnvironment(estate.settings, environmentName);
    const target: LiveTarget = {
      ...emulatorTarget(emulator),
      unsupported: (configuration, missing) => unsupportedBy(emulator.profile, configuration, missing, mended),
    };
    const session = await openLiveSession({ root, estate, environment, target, workers: WORKERS });
    for (const { key, awsRegion } of estate.regions) {
      const place = awsRegion === 'us-east-1' ? {} : { LocationConstraint: awsRegion as BucketLocationConstraint };
      const bucket = { Bucket: stateBucketName(environment, key), CreateBucketConfiguration: place };
      const s3 = await target.s3(awsRegion);
      await s3.send(new CreateBucketCommand(bucket)).catch((error: Error) => {
        // Two estates of other settings on one emulator have their states in the same buckets.
        if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
      });
    }
    return new EmulatedEstate(root, emulator.profile, session);
  }

  close(): void {
    this.session.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Stacks by name. */
  stacks(...names: string[]): StackDescription[] {
    return names.map((name) => this.session.stacks.get(name));
  }

  /** Stands in for a stack that is not deployed: its contract's examples are its outputs, but for `values`. */
  async standIn(stack: string, values: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { contract } = this.session.stacks.get(stack);
    const outputs = Object.entries(contract.fields).map(([name, { example }]) => {
      return [name, { value: Object.hasOwn(values, name) ? values[name] : example, source: 'example' }] as const;
    });
    const { bucket, key, region } = stateLocation(this.session.stacks.configuration(stack));
    const client = await this.session.options.target.s3(region);
    const Body = JSON.stringify(outputsAsState(Object.fromEntries(outputs)));
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
  }

  async outputs(stack: string): Promise<Record<string, unknown>> {
    return outputValues((await this.session.states.of(stack))!);
  }

  /** Addresses of the resources in a stack's state, sorted. */
  async made(stack: string): Promise<string[]> {
    const { resources = [] } = (await this.session.states.of(stack)) ?? {};
    return resources
      .filter(({ mode }) => mode === 'managed')
      .map(({ type, name }) => `${type}.${name}`)
      .sort();
  }

  /** Addresses of the resources that the emulator can make of a stack, sorted. */
  possible(stack: string): string[] {
    const unsupported = new Set(this.session.unsupported.of(stack).resources.map(({ address }) => address));
    return this.declared(stack).filter((address) => !unsupported.has(address));
  }

  /** Resources of a stack that the emulator reads back wrong. */
  unclean(stack: string): UncleanResource[] {
    return uncleanResources(this.session.stacks.configuration(stack), this.profile);
  }

  /** Addresses of a stack's resources, sorted. */
  declared(stack: string): string[] {
    return Object.entries(this.session.stacks.configuration(stack).resource ?? {})
      .flatMap(([type, resources]) => Object.keys(resources).map((name) => `${type}.${name}`))
      .sort();
  }

  /** Plans and applies the stacks, in the order of deploys. */
  deploy(...names: string[]): Promise<DeployedStack[]> {
    const { session } = this;
    const chosen = this.stacks(...names);
    const { primary } = regionsOf(session.options.estate);
    const before = deployOrder(chosen, { primary, exists: () => false });
    const stacks = inDeployOrder(chosen, before);
    return deployEstate(session, { stacks, before, planCommand: planCommandFor(session), unreviewed: true });
  }

  /** What a plan of each stack would change now. */
  async changes(...names: string[]): Promise<Map<string, PlannedChanges>> {
    const found = new Map<string, PlannedChanges>();
    await runInOrder(this.stacks(...names), {
      name: ({ stack }) => stack,
      upstreams: () => [],
      workers: workersFor(this.session, names),
      work: async (description) => {
        const { plan } = await planStack(this.session, description);
        const { output = {} } = this.session.stacks.configuration(description.stack);
        found.set(description.stack, {
          resources: (plan.resource_changes ?? []).filter(isChange).map(asChange),
          outputs: Object.entries(plan.output_changes ?? {})
            .filter(([, { actions }]) => actions.some((action) => action !== 'no-op'))
            .map(([name]) => ({ name, reads: [...referencesIn(output[name]).addresses].sort() })),
        });
      },
    });
    return found;
  }

  /** Destroys the stacks, whoever else reads them. */
  async destroy(...names: string[]): Promise<DestroyedStack[]> {
    const toDestroy = this.stacks(...names).map(async (description) => ({
      description,
      location: stateLocation(this.session.stacks.configuration(description.stack)),
      state: (await this.session.states.of(description.stack))!,
      removed: false,
    }));
    return destroyEstate(this.session, await Promise.all(toDestroy));
  }
}

function isChange({ mode, change: { actions } }: ResourceChange): boolean {
  return mode === 'managed' && actions.some((action) => action !== 'no-op');
}

function asChange({ address, type, change }: ResourceChange): PlannedChange {
  const { actions, before, after, after_unknown: unknown } = change as ResourceChange['change'] & { before?: object };
  const [was, will, open] = [before, after, unknown].map((value) => (value ?? {}) as Record<string, unknown>);
  const names = new Set([...Object.keys(was!), ...Object.keys(will!), ...Object.keys(open!)]);
  const isUnknown = (name: string) => (open![name] === true ? actions.length === 1 : undefined);
  const differs = (name: string) => isUnknown(name) ?? JSON.stringify(was![name]) !== JSON.stringify(will![name]);
  return { address, type, actions, arguments: [...names].filter(differs).sort() };
}
