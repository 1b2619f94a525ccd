import { measureInTurns, median, ratio } from './measure';

const node = (name: string, code: string) => ({
  name,
  command: [process.execPath, '-e', code] as const,
  cwd: process.cwd(),
});

test('the median of an even number of values is between the two in the middle', () => {
  expect(median([9, 1, 3])).toBe(3);
  expect(median([4, 1, 2, 9])).toBe(3);
});

test('a ratio is taken round by round, so that one slow round moves it little', () => {
  expect(ratio({ name: 'a', seconds: [1, 10, 1] }, { name: 'b', seconds: [2, 20, 4] })).toBe(0.5);
});

test('the first round warms up and does not count', () => {
  const prepared: string[] = [];
  const contender = { ...node('a', ''), prepare: () => void prepared.push('a') };
  expect(measureInTurns([contender], 2)[0]!.seconds).toHaveLength(2);
  expect(prepared).toHaveLength(3);
});

test('a contender that fails ends the comparison with what it said', () => {
  expect(() => measureInTurns([node('broken', 'console.error("why"); process.exit(3)')], 1)).toThrow(
    /broken: exit code 3\nwhy/,
  );
});

test('a contender may end with another exit code that it names', () => {
  const blocked = { ...node('blocked', 'process.exit(3)'), exitCodes: [0, 3] };
  expect(measureInTurns([blocked], 1)[0]!.seconds).toHaveLength(1);
});
