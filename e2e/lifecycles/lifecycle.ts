import type { EmulatorProfile } from '@platform/tools/emulator/profile';
import type { UnsupportedResource } from '@platform/tools/aws/live-target';
import type { UncleanResource } from '@platform/tools/emulator/unsupported';
import { knownFaults, type UncleanFault } from '@platform/tools/emulator/known-faults';
import { table } from '@platform/tools/session/table';
import type { EmulatedEstate, PlannedChange, PlannedChanges } from './emulated-estate';

/** What was seen of a stack from its first deploy to its end. Addresses are sorted. */
export interface Lifecycle {
  readonly stack: string;
  readonly declared: readonly string[];
  /** What the emulator can make of it. */
  readonly possible: readonly string[];
  readonly unsupported: readonly UnsupportedResource[];
  /** What is known to differ in every plan. */
  readonly unclean: readonly UncleanResource[];
  readonly deployed: string;
  readonly made: readonly string[];
  /** What a plan right after the deploy would change. */
  readonly changes: PlannedChanges;
  readonly destroyed: string;
  /** What is still in the state after the destroy. */
  readonly remains: readonly string[];
}

/**
 * Deploys the stacks, plans them again and destroys them. What goes wrong with one is written down, and the others go on.
 * @param between what to do before the destroy
 */
export async function liveThrough(
  estate: EmulatedEstate,
  stacks: readonly string[],
  between: (changes: ReadonlyMap<string, PlannedChanges>) => Promise<void> = async () => {},
): Promise<Lifecycle[]> {
  const deploys = new Map((await estate.deploy(...stacks)).map((deploy) => [deploy.stack, deploy]));
  const made = new Map<string, readonly string[]>();
  for (const stack of stacks) made.set(stack, await estate.made(stack));
  const deployed = stacks.filter((stack) => deploys.get(stack)!.result === 'applied');
  const changes = await estate.changes(...deployed);
  if (deployed.length === stacks.length) await between(changes);
  const there = stacks.filter((stack) => made.get(stack)!.length > 0 || deployed.includes(stack));
  const destroys = new Map((await estate.destroy(...there)).map((destroy) => [destroy.stack, destroy]));
  return Promise.all(
    stacks.map(async (stack) => {
      const { result, messages } = deploys.get(stack)!;
      const destroy = destroys.get(stack);
      return {
        stack,
        declared: estate.declared(stack),
        possible: estate.possible(stack),
        unsupported: estate.session.unsupported.of(stack).resources,
        unclean: estate.unclean(stack),
        deployed: [result, ...messages].join('\n'),
        made: made.get(stack)!,
        changes: changes.get(stack) ?? { resources: [], outputs: [] },
        destroyed: destroy ? [destroy.result, ...(destroy.message ? [destroy.message] : [])].join('\n') : 'not there',
        remains: await estate.made(stack),
      };
    }),
  );
}

/** What a plan would change and no known fault of the emulator explains. */
export function unexplained({ changes, unclean }: Pick<Lifecycle, 'changes' | 'unclean'>): string[] {
  const faults = new Map(unclean.map(({ address, fault }) => [address, fault]));
  const changed = new Set(changes.resources.map(({ address }) => address));
  return [
    ...changes.resources.filter((change) => !explains(faults.get(change.address), change)).map(describeChange),
    // An output that names what reads back wrong reads back wrong as well.
    ...changes.outputs
      .filter(({ reads }) => !reads.some((address) => changed.has(address)))
      .map(({ name }) => `output ${name}`),
  ];
}

function explains(fault: UncleanFault | undefined, { actions, arguments: names }: PlannedChange): boolean {
  if (!fault) return false;
  const isUpdate = actions.join() === 'update';
  const isReplacement = [...actions].sort().join() === 'create,delete';
  return (fault.replaces ? isReplacement : isUpdate) && names.every((name) => fault.arguments.includes(name));
}

/** Known faults that the tried stacks do not show, or not as the list has it. */
export function untrueFaults(lifecycles: readonly Pick<Lifecycle, 'made' | 'changes' | 'unclean'>[]): string[] {
  const shown = new Map<UncleanFault, Set<string>>();
  for (const { made, changes, unclean } of lifecycles) {
    for (const { address, fault } of unclean.filter((each) => made.includes(each.address))) {
      const names = shown.get(fault) ?? new Set();
      const change = changes.resources.find((each) => each.address === address);
      shown.set(fault, new Set([...names, ...(change?.arguments ?? [])]));
    }
  }
  return [...shown].flatMap(([{ type, arguments: listed }, names]) => {
    const right = listed.filter((name) => !names.has(name));
    return right.length > 0 ? [`${type}: reads back right by now: ${right.join(', ')}`] : [];
  });
}

/** Types with faults in the list that none of the tried stacks has a resource for, so that nobody knows of them. */
function untriedFaults(profile: EmulatorProfile, lifecycles: readonly Lifecycle[]): string[] {
  const tried = new Set(lifecycles.flatMap(({ unclean }) => unclean.map(({ fault }) => fault)));
  return knownFaults[profile].flatMap((fault) => (fault.fault === 'unclean' && !tried.has(fault) ? [fault.type] : []));
}

export function describeChange({ actions, address, arguments: names }: PlannedChange): string {
  return `${actions.join(' and ')} ${address}: ${names.join(', ')}`;
}

/** A line per stack: how much of it was made, what is unsupported and what reads back wrong, and how it ended. */
export function lifecycleTable(profile: EmulatorProfile, lifecycles: readonly Lifecycle[]): string {
  const untried = untriedFaults(profile, lifecycles);
  return [
    table({
      head: [profile, 'applied', 'of', 'unsupported', 'second plan', 'destroy'],
      numbers: [1, 2, 3],
      rows: lifecycles.map(({ stack, made, declared, unsupported, changes, destroyed, remains }) => [
        stack,
        String(made.length),
        String(declared.length),
        String(unsupported.length),
        [...new Set(changes.resources.map(({ type }) => type))].join(', ') || 'empty',
        remains.length === 0 ? destroyed : `${remains.length} left behind`,
      ]),
    }),
    ...lifecycles.flatMap(({ stack, unsupported }) =>
      reasonsOf(unsupported).map((reason) => `${stack}: unsupported, ${reason}`),
    ),
    ...(untried.length > 0 ? [`known to read back wrong, and in none of these stacks: ${untried.join(', ')}`] : []),
  ].join('\n');
}

/** Why resources are unsupported, each reason once, without those that only need one of them. */
function reasonsOf(unsupported: readonly UnsupportedResource[]): string[] {
  const faults = unsupported.filter(({ reason }) => !reason.startsWith('needs '));
  return [...new Set(faults.map(({ address, reason }) => `${address.slice(0, address.indexOf('.'))}: ${reason}`))];
}
