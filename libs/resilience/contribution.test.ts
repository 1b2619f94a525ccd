import { part } from './contribution';
import { secondTierPercent, serviceLevels, type ServiceLevel } from './service-levels';

const weak = { is: 'it is in one zone', setting: 'zones' };

test('a confirmed commitment counts as it is, and the one for one zone where a part is in one zone', () => {
  expect(part('Aurora', '', 'aurora')).toMatchObject({
    status: 'confirmed',
    availability: { low: 0.9999, high: 0.9999 },
  });
  expect(part('Aurora', '', 'aurora', weak).availability).toEqual({ low: 0.999, high: 0.999 });
  // WAF tells nothing of zones.
  expect(part('WAF', '', 'firewall', weak).availability).toEqual({ low: 0.9995, high: 0.9995 });
});

test('an unconfirmed commitment and sources that differ widen the range', () => {
  const { low, high } = part('Resolver', '', 'resolverEndpoint', weak).availability;
  expect([low, high]).toEqual([secondTierPercent / 100, 0.995]);
  expect(part('Resolver', '', 'resolverEndpoint', weak).status).toBe('unconfirmed');
  expect(part('hub', '', 'transitGateway').availability).toEqual({ low: 0.9995, high: 0.9999 });
  expect(part('line', '', 'directConnect').availability).toEqual({ low: 0.95, high: 0.999 });
});

test('a part without a commitment is unknown', () => {
  expect(part('NAT', '', null)).toMatchObject({ status: 'unknown', availability: { low: 0, high: 1 } });
});

test('every commitment has a page of AWS and a day', () => {
  for (const { source, date, percent, percentHigh = 100 } of Object.values<ServiceLevel>(serviceLevels)) {
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/\S+sla\/?$/);
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(percentHigh).toBeGreaterThanOrEqual(percent);
  }
});
