import { startEmulator } from '@platform/tools/emulator/start-emulator';
import type { Emulator, EmulatorProfile } from '@platform/tools/emulator/profile';
import { canEmulate } from '@platform/e2e/fixtures/with-emulator';
import { findRoot } from '@platform/tools/workspace/find-root';
import { dataStacks, liveDataHalf, type DataHalf } from './data-half';
import type { PlannedChange } from './emulated-estate';
import { lifecycleTable, unexplained, untrueFaults, type Lifecycle } from './lifecycle';
import { liveNetworkHalf, networkStacks } from './network-half';

/*
 * The estate's stacks on emulators, from the first deploy to the last destroy: the real Terraform, the real provider, and
 * the commands that people use. Both halves at once, for most of their time is waiting.
 *
 * @long
 */

jest.setTimeout(1_200_000);

let network: Promise<Lifecycle[]>;
let data: Promise<DataHalf>;

beforeAll(() => {
  network = there.moto ? onEmulator('moto', liveNetworkHalf) : Promise.resolve([]);
  data = there.ministack
    ? onEmulator('ministack', liveDataHalf)
    : Promise.resolve({ lifecycles: [], moves: new Map() });
  // Whoever waits for it hears of a failure.
  for (const half of [network, data]) half.catch(() => {});
});
afterAll(() => Promise.allSettled([network, data]));

const there = { moto: canEmulate('moto'), ministack: canEmulate('ministack') };

async function onEmulator<T>(profile: EmulatorProfile, work: (emulator: Emulator) => Promise<T>): Promise<T> {
  const emulator = await startEmulator({ root: findRoot(__dirname), profile });
  try {
    return await work(emulator);
  } finally {
    await emulator.stop();
  }
}

function testLifecycles(
  profile: EmulatorProfile,
  stacks: readonly string[],
  half: () => Promise<readonly Lifecycle[]>,
): void {
  let lifecycles: readonly Lifecycle[] = [];
  beforeAll(async () => {
    lifecycles = await half();
    process.stderr.write(`${lifecycleTable(profile, lifecycles)}\n`);
  });

  test.each(stacks)('%s is applied, planned again without a change, and destroyed', (stack) => {
    const life = lifecycles.find((each) => each.stack === stack)!;
    expect(life.deployed).toBe('applied');
    expect(life.made).toEqual(life.possible);
    expect(unexplained(life)).toEqual([]);
    expect(life.destroyed).toBe('destroyed');
    expect(life.remains).toEqual([]);
  });

  test('what the list of known faults says to read back wrong does', () => {
    expect(untrueFaults(lifecycles)).toEqual([]);
  });
}

(there.moto ? describe : describe.skip)('on moto', () => {
  testLifecycles('moto', networkStacks, () => network);
});

(there.ministack ? describe : describe.skip)('on ministack', () => {
  testLifecycles('ministack', dataStacks, async () => (await data).lifecycles);

  test.each(['switchover', 'failover'] as const)(
    'after a %s no plan changes anything that it would not have changed before, and nothing is destroyed or detached',
    async (kind) => {
      const { lifecycles, moves } = await data;
      const after = moves.get(kind)!;
      expect(after.writer).toBe('ap-northeast-2');
      expect([...after.changes.keys()].sort()).toEqual([...dataStacks].sort());
      for (const [stack, changes] of after.changes) {
        const life = lifecycles.find((each) => each.stack === stack)!;
        expect([stack, changes]).toEqual([stack, life.changes]);
        expect(unexplained({ changes, unclean: life.unclean })).toEqual([]);
      }
      const members = [...after.changes.values()].flatMap(({ resources }) => resources).filter(isOfDatabase);
      expect(new Set(members.flatMap(({ actions }) => actions))).toEqual(new Set(['update']));
      const moved = members.flatMap((member) => member.arguments);
      expect(moved.filter((name) => /^(global_cluster|replicat)/.test(name))).toEqual([]);
    },
  );
});

function isOfDatabase({ type }: PlannedChange): boolean {
  return type.startsWith('aws_rds_');
}
