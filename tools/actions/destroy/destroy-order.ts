import { familyOf, type OrderedStack } from '@platform/tools/session/deploy-order';

export interface DestroyOrderOptions {
  /** Key of the primary region. */
  readonly primary: string;
  /** By family (`region/aurora`): the stack that has the writer, as RDS reports it. Default: that of the primary region. */
  readonly writers?: ReadonlyMap<string, string>;
}

/**
 * The stacks that must be destroyed before each stack: those that read it, and before the member of a database that has
 * the writer all its other members. RDS refuses to delete the writer's last instance while there are others: "Cannot
 * delete the last instance of the master cluster. Delete the replica cluster before deleting the last master cluster
 * instance" (terraform-provider-aws issue 26234). The Aurora user guide, "Deleting an Amazon Aurora global database", says
 * the order: secondary clusters, primary cluster, global database. The last is in `global/data`, which all members read.
 */
export function destroyOrder<T extends OrderedStack>(
  stacks: readonly T[],
  { primary, writers = new Map() }: DestroyOrderOptions,
): ReadonlyMap<string, readonly string[]> {
  const before = new Map(
    stacks.map(({ stack }) => [stack, stacks.filter(({ reads }) => reads.includes(stack)).map((each) => each.stack)]),
  );
  for (const members of databaseFamilies(stacks).values()) {
    const writer = writerOf(members, primary, writers);
    const others = members.filter(({ stack }) => stack !== writer?.stack);
    for (const { stack, reads } of writer ? others : []) {
      // What reads goes first, whatever else is wanted.
      if (!writer!.reads.includes(stack))
        before.get(writer!.stack)!.push(...(reads.includes(writer!.stack) ? [] : [stack]));
    }
  }
  return before;
}

/** A line for each database whose writer is to be destroyed while another member stays: RDS would refuse half-way. */
export function writersWithoutMembers<T extends OrderedStack>(
  stacks: readonly T[],
  staying: readonly T[],
  { primary, writers = new Map() }: DestroyOrderOptions,
): string[] {
  return [...databaseFamilies([...stacks, ...staying]).values()].flatMap((members) => {
    const writer = writerOf(members, primary, writers);
    const others = members.filter((each) => staying.includes(each));
    if (!writer || !stacks.includes(writer) || others.length === 0) return [];
    const [names, projects] = [others.map(({ stack }) => stack), others.map(({ project }) => project)];
    return `${writer.stack}: it has the writer of the database, and ${names.join(', ')} is still a member; destroy ${projects.join(', ')} too, or move the writer first`;
  });
}

/** Stacks by family, of families whose members AWS makes in an order: each has at least two. */
export function databaseFamilies<T extends OrderedStack>(stacks: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const families = new Map<string, T[]>();
  for (const stack of stacks) {
    const family = stack.contract?.creation === 'primary-first' ? familyOf(stack) : undefined;
    if (family !== undefined) families.set(family, [...(families.get(family) ?? []), stack]);
  }
  return new Map([...families].filter(([, members]) => members.length > 1));
}

function writerOf<T extends OrderedStack>(
  members: readonly T[],
  primary: string,
  writers: ReadonlyMap<string, string>,
): T | undefined {
  const reported = writers.get(familyOf(members[0]!)!);
  return members.find(({ stack }) => stack === reported) ?? members.find(({ region }) => region === primary);
}
