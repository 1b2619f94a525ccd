import fc from 'fast-check';
import { decideLatch, graceSec, type LatchSight } from './decide-latch';

const sight = (changes: Partial<LatchSight> = {}): LatchSight => ({
  answered: ['198.51.100.2'],
  watched: ['198.51.100.1'],
  here: ['198.51.100.2', '198.51.100.3'],
  ...changes,
});

test('engages once Route 53 answers with this region, also where the other name does not resolve', () => {
  expect(decideLatch(sight()).engage).toBe(true);
  expect(decideLatch(sight({ watched: [] })).engage).toBe(true);
});

test.each([
  ['the watched region answers', { answered: ['198.51.100.1'] }],
  ['both answer', { answered: ['198.51.100.1', '198.51.100.2'] }],
  ['nothing resolves', { answered: [] }],
  ['this region does not resolve', { here: [] }],
  ['the answer is of neither', { answered: ['203.0.113.9'] }],
  ['it is engaged already', { last: { value: 1, ageSec: 1_000_000 } }],
  ['a person has just released it', { last: { value: 0, ageSec: graceSec - 1 } }],
])('does not engage where %s', (_, changes) => {
  expect(decideLatch(sight(changes)).engage).toBe(false);
});

test('a region that flaps keeps no traffic after the first failover, until a person releases the latch', () => {
  const minutes = fc.array(fc.constantFrom('up' as const, 'down' as const, 'release' as const), { maxLength: 120 });
  fc.assert(
    fc.property(minutes, (sequence) => {
      let latch: { value: number; at: number } | undefined;
      let up = true;
      let released = false;
      for (const [minute, event] of sequence.entries()) {
        if (event === 'release') latch = { value: 0, at: minute };
        else up = event === 'up';
        released = event === 'release';
        const engaged = latch?.value === 1;
        const answered = up && !engaged ? ['198.51.100.1'] : ['198.51.100.2'];
        const last = latch && { value: latch.value, ageSec: (minute - latch.at) * 60 };
        const { engage } = decideLatch(sight({ answered, ...(last ? { last } : {}) }));
        // Traffic is only ever taken from a region that did not answer.
        if (engage) expect(up).toBe(false);
        if (engage) latch = { value: 1, at: minute };
        // A latch that is engaged stays so.
        if (engaged && !released) expect(latch?.value).toBe(1);
      }
    }),
    { numRuns: 2_000 },
  );
});
