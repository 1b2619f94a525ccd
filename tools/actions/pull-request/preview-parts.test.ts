import type { StackPair } from '@platform/tools/actions/change/compare-estates';
import { previewParts } from './preview-parts';

/** Stacks that differ, named by their wave, each of which reads the first of the wave before. */
const pairs = (...waves: number[]): StackPair[] =>
  waves.flatMap((count, wave) =>
    Array.from({ length: count }, (_, index) => {
      const stack = `wave${wave}-${index}`;
      const description = { stack, reads: wave > 0 ? [`wave${wave - 1}-0`] : [] };
      return {
        stack,
        head: { description },
        reasons: [{ kind: 'stack', address: stack, text: '' }],
      } as unknown as StackPair;
    }),
  );

it('gives other runners nothing where one is enough', () => {
  expect(previewParts(new Map([['prod', pairs(10, 10)]]), { waves: 2 })).toEqual([[], []]);
});

it('splits waves of contract order over runners, each stack once, and leaves what comes later to the review', () => {
  const parts = previewParts(
    new Map([
      ['prod', pairs(45, 3, 7)],
      ['staging', pairs(2)],
    ]),
    { waves: 2 },
  );
  expect(parts.map((wave) => wave.map(({ part }) => part))).toEqual([
    ['prod-1-1', 'prod-1-2', 'prod-1-3'],
    ['prod-2-1'],
  ]);
  const [first, second] = parts.map((wave) => wave.flatMap(({ stacks }) => stacks.split(' ')));
  expect(new Set(first).size).toBe(45);
  expect(first).toHaveLength(45);
  expect(second).toEqual(['wave1-0', 'wave1-1', 'wave1-2']);
});
