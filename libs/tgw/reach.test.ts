import fc from 'fast-check';
import { reaches } from './reach';

const names = ['prod', 'nonprod', 'shared'];
const segments = fc.record(
  Object.fromEntries(names.map((name) => [name, fc.record({ reaches: fc.subarray([...names, 'on-premises']) })])),
);

test('what one segment allows holds in both directions', () => {
  fc.assert(
    fc.property(segments, fc.constantFrom(...names, 'on-premises'), fc.constantFrom(...names), (all, a, b) => {
      expect(reaches(all, a, b)).toBe(reaches(all, b, a));
      expect(reaches(all, a, b)).toBe(Boolean(all[a]?.reaches.includes(b) || all[b]?.reaches.includes(a)));
    }),
  );
});

test('a segment does not reach itself unless the settings say so', () => {
  expect(reaches({ partner: { reaches: ['shared'] } }, 'partner', 'partner')).toBe(false);
  expect(reaches({ prod: { reaches: ['prod'] } }, 'prod', 'prod')).toBe(true);
});
