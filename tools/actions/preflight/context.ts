import type { Environment } from '@platform/libs/settings/environment';
import type { AccountRole } from '@platform/libs/settings/organisation';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { ClientOptions } from '@platform/tools/aws/client-options';
import type { Needs, Place } from '@platform/tools/model/needs';

/** What the checks of a preflight share. */
export interface Context {
  readonly environment: Environment;
  readonly regions: readonly RegionSettings[];
  readonly needs: Needs;
  /** Stacks that have a state: what they made exists rightly. */
  readonly deployed: ReadonlySet<string>;
  /** Accounts that can be looked into. */
  readonly accounts: ReadonlySet<string>;
  /** Options of a client that works in an account and AWS region. */
  readonly clientOptions: (role: AccountRole, awsRegion: string) => Promise<ClientOptions>;
  /** A command of this repository for the environment and target, with its words. */
  readonly command: (verb: string, ...args: readonly string[]) => string;
  /** Name servers that the internet knows for a domain. */
  readonly nameServers: (domain: string) => Promise<readonly string[]>;
  readonly now: Date;
}

/** Those of the places whose account can be looked into. */
export function open<T extends Place>({ accounts }: Context, places: readonly T[]): T[] {
  return places.filter(({ account }) => accounts.has(account));
}

/** Runs an answer for each, a few at a time: AWS throttles by account. */
export async function each<T, R>(values: readonly T[], work: (value: T) => Promise<readonly R[]>): Promise<R[]> {
  const results: (readonly R[])[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < values.length; index = next++) results[index] = await work(values[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(4, values.length) }, worker));
  return results.flat();
}

/** All items of the pages of an SDK paginator. */
export async function collect<P, T>(
  pages: AsyncIterable<P>,
  items: (page: P) => readonly T[] | undefined,
): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...(items(page) ?? []));
  return all;
}
