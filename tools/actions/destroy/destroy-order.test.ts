import type { OrderedStack } from '@platform/tools/session/deploy-order';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { databaseFamilies, destroyOrder, writersWithoutMembers } from './destroy-order';

const stack = (project: string, region: string, reads: string[] = [], creation?: 'primary-first'): OrderedStack => ({
  stack: project.replace('/', '-'),
  project,
  region,
  reads,
  contract: creation ? { creation } : {},
});
const root = stack('global/data', 'us');
const us = stack('region-us/aurora', 'us', ['global-data'], 'primary-first');
const ap = stack('region-ap/aurora', 'ap', ['global-data'], 'primary-first');
const app = stack('region-ap/app', 'ap', ['region-ap-aurora']);
const vpcs = [stack('region-us/vpc', 'us'), stack('region-ap/vpc', 'ap')];
const database = [root, us, ap, app];

/** The order in which a run destroys them, with as many at once as may. */
async function destroyed(stacks: readonly OrderedStack[], writers?: ReadonlyMap<string, string>): Promise<string[][]> {
  const before = destroyOrder(stacks, { primary: 'us', ...(writers ? { writers } : {}) });
  const rounds: string[][] = [];
  let left = [...stacks];
  while (left.length > 0) {
    const names = left.map((each) => each.stack);
    const round = left.filter((each) => before.get(each.stack)!.every((name) => !names.includes(name)));
    if (round.length === 0) throw new Error('a circle');
    rounds.push(round.map((each) => each.stack));
    left = left.filter((each) => !round.includes(each));
  }
  // The same order is one that a run can follow.
  await runInOrder(stacks, {
    name: (each) => each.stack,
    upstreams: (each) => before.get(each.stack)!,
    workers: 2,
    work: async () => {},
  });
  return rounds;
}

test('the members of a database go one after the other, the writer last, then the global database', async () => {
  expect(await destroyed(database)).toEqual([
    ['region-ap-app'],
    ['region-ap-aurora'],
    ['region-us-aurora'],
    ['global-data'],
  ]);
});

test('after a failover the writer is the other region, as RDS reports it', async () => {
  expect(await destroyed(database, new Map([['region/aurora', 'region-ap-aurora']]))).toEqual([
    ['region-us-aurora', 'region-ap-app'],
    ['region-ap-aurora'],
    ['global-data'],
  ]);
});

test('counterparts that AWS does not order are destroyed at once', async () => {
  expect(await destroyed(vpcs)).toEqual([['region-us-vpc', 'region-ap-vpc']]);
  expect(databaseFamilies(vpcs).size).toBe(0);
});

test('the writer is not destroyed while another member stays', () => {
  const options = { primary: 'us' };
  expect(writersWithoutMembers([us], [ap], options)).toEqual([
    'region-us-aurora: it has the writer of the database, and region-ap-aurora is still a member; destroy region-ap/aurora too, or move the writer first',
  ]);
  expect(writersWithoutMembers([ap], [us], options)).toEqual([]);
  expect(writersWithoutMembers([us, ap], [], options)).toEqual([]);
  const moved = { ...options, writers: new Map([['region/aurora', 'region-ap-aurora']]) };
  expect(writersWithoutMembers([us], [ap], moved)).toEqual([]);
  expect(writersWithoutMembers([ap], [us], moved)).toHaveLength(1);
});
