import { runInOrder } from './run-in-order';

interface Item {
  readonly name: string;
  readonly after: readonly string[];
}

async function orderOf(items: Item[], workers: number, fail?: string): Promise<{ started: string[]; most: number }> {
  const started: string[] = [];
  let running = 0;
  let most = 0;
  await runInOrder(items, {
    name: ({ name }) => name,
    upstreams: ({ after }) => after,
    workers,
    work: async ({ name }) => {
      started.push(name);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (name === fail) throw new Error(`${name} failed`);
    },
  });
  return { started, most };
}

const chain: Item[] = [
  { name: 'route53', after: ['app', 'zone'] },
  { name: 'app', after: ['vpc'] },
  { name: 'vpc', after: [] },
  { name: 'zone', after: [] },
];

test('an item starts after all of its upstreams', async () => {
  const { started } = await orderOf(chain, 4);
  expect(started.indexOf('app')).toBeGreaterThan(started.indexOf('vpc'));
  expect(started.at(-1)).toBe('route53');
});

test('never more at once than there are workers', async () => {
  const many = Array.from({ length: 20 }, (_, index) => ({ name: `stack-${index}`, after: [] }));
  expect((await orderOf(many, 3)).most).toBe(3);
});

test('upstreams that are not part of the run hold nothing up', async () => {
  expect((await orderOf([{ name: 'app', after: ['vpc'] }], 1)).started).toEqual(['app']);
});

test('two items never have the same worker at the same time', async () => {
  const busy = new Set<number>();
  await runInOrder(
    Array.from({ length: 12 }, (_, index) => index),
    {
      name: String,
      upstreams: () => [],
      workers: 3,
      work: async (_, worker) => {
        expect(busy.has(worker)).toBe(false);
        busy.add(worker);
        await new Promise((resolve) => setImmediate(resolve));
        busy.delete(worker);
      },
    },
  );
});

test('a failure is rethrown and nothing starts after it', async () => {
  await expect(orderOf(chain, 1, 'vpc')).rejects.toThrow('vpc failed');
});

test('a circle is named instead of waited for', async () => {
  await expect(
    orderOf(
      [
        { name: 'a', after: ['b'] },
        { name: 'b', after: ['a'] },
      ],
      2,
    ),
  ).rejects.toThrow('these wait for each other in a circle: a, b');
});
