import { driftOf, operationalChanges, operationalMeaning } from './drift-classes';

const drift = (type: string, before: object, after: object | null) =>
  driftOf({
    resource_drift: [
      {
        address: `${type}.X`,
        type,
        mode: 'managed',
        change: { actions: [after === null ? 'delete' : 'update'], before, ...(after === null ? {} : { after }) },
      },
    ],
  });

test('a turned dial is no drift', () => {
  const [found] = drift(
    'aws_globalaccelerator_endpoint_group',
    { traffic_dial_percentage: 100 },
    { traffic_dial_percentage: 0 },
  );
  expect(operationalMeaning(found!)).toBe('a dial or a weight was turned');
});

test('a turned dial beside something else is drift', () => {
  const [found] = drift(
    'aws_globalaccelerator_endpoint_group',
    { traffic_dial_percentage: 100, threshold_count: 3 },
    { traffic_dial_percentage: 0, threshold_count: 9 },
  );
  expect(found!.arguments).toEqual(['threshold_count', 'traffic_dial_percentage']);
  expect(operationalMeaning(found!)).toBeUndefined();
});

test('the same argument of another type is drift', () => {
  const [found] = drift('aws_vpc', { desired_capacity: 1 }, { desired_capacity: 2 });
  expect(operationalMeaning(found!)).toBeUndefined();
});

test('what is gone is drift, whatever it was', () => {
  for (const { type } of operationalChanges) {
    expect(operationalMeaning(drift(type, { a: 1 }, null)[0]!)).toBeUndefined();
  }
});

test('nothing and nothing are the same', () => {
  expect(drift('aws_vpc', { tags: null, name: '', list: [] }, { tags: {}, name: null })).toEqual([]);
});

test('a certificate that AWS has issued since the deploy is no drift', () => {
  const [found] = drift('aws_acm_certificate', { status: 'PENDING_VALIDATION' }, { status: 'ISSUED' });
  expect(operationalMeaning(found!)).toBe('it was issued or renewed');
});
