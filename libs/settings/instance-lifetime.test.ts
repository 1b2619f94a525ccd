import { instanceLifetimeDays } from './instance-lifetime';

/** Days after a rollout on which a group replaces the instances that the rollout launched. */
const renewals = (role: 'primary' | 'standby', days: number) => {
  const lifetime = instanceLifetimeDays({ role });
  return Array.from({ length: Math.floor(days / lifetime) }, (_, index) => (index + 1) * lifetime);
};

test('for a year and a half after a rollout, five days lie between renewals of the two regions', () => {
  const primary = renewals('primary', 548);
  const standby = renewals('standby', 548);
  expect(primary.length).toBeGreaterThan(5);
  const apart = primary.flatMap((day) => standby.map((other) => Math.abs(day - other)));
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(5);
});

test('the first renewal after a rollout is the standby region’s', () => {
  expect(instanceLifetimeDays({ role: 'standby' })).toBeLessThan(instanceLifetimeDays({ role: 'primary' }));
});
