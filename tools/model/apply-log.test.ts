import { creationsIn, loggedChanges, unrecordedObjects } from './apply-log';

const line = (type: string, address: string, action: string, id?: string) =>
  JSON.stringify({
    '@level': 'info',
    type,
    hook: { resource: { addr: address }, action, ...(id ? { id_key: 'id', id_value: id } : {}) },
  });
const start = (address: string, action: string, id?: string) => line('apply_start', address, action, id);
const complete = (address: string, action: string, id?: string) => line('apply_complete', address, action, id);
const log = (...lines: string[]) => ['$ terraform apply -json plan.tfplan', ...lines].join('\n');
const state = (...instances: { name: string; id: string; deposed?: string }[]) => ({
  resources: instances.map(({ name, id, deposed }) => ({
    mode: 'managed',
    type: 'aws_vpc',
    name,
    instances: [{ attributes: { id }, ...(deposed ? { deposed } : {}) }],
  })),
});

test('reads what began, ended and failed, whatever stands between', () => {
  const said = log(
    start('aws_vpc.A', 'create'),
    'Error: something',
    complete('aws_vpc.A', 'create', 'vpc-1'),
    start('aws_vpc.B', 'create'),
    line('apply_errored', 'aws_vpc.B', 'create'),
    start('aws_vpc.C', 'update', 'vpc-3'),
    `{"type":"apply_start","hook":{"reso`,
  );
  expect(loggedChanges(said)).toEqual([
    { address: 'aws_vpc.A', action: 'create', outcome: 'complete', id: { attribute: 'id', value: 'vpc-1' } },
    { address: 'aws_vpc.B', action: 'create', outcome: 'failed' },
    { address: 'aws_vpc.C', action: 'update', outcome: 'open', id: { attribute: 'id', value: 'vpc-3' } },
  ]);
  expect([...creationsIn(loggedChanges(said))]).toEqual(['aws_vpc.A', 'aws_vpc.B']);
});

test('what a killed call left open stays open when a later call creates it', () => {
  const said = [log(start('aws_vpc.A', 'create')), log(start('aws_vpc.A', 'create'))].join('\n');
  expect(loggedChanges(said).map(({ outcome }) => outcome)).toEqual(['open', 'open']);
});

test('an object that was created and is not in the state is unrecorded, with its id', () => {
  const changes = loggedChanges(log(start('aws_vpc.A', 'create'), complete('aws_vpc.A', 'create', 'vpc-1')));
  expect(unrecordedObjects(changes, undefined, {})).toEqual([{ address: 'aws_vpc.A', id: 'vpc-1' }]);
  expect(unrecordedObjects(changes, state({ name: 'A', id: 'vpc-2' }), {})).toEqual([
    { address: 'aws_vpc.A', id: 'vpc-1' },
  ]);
  expect(unrecordedObjects(changes, state({ name: 'A', id: 'vpc-1' }), {})).toEqual([]);
  expect(unrecordedObjects(changes, state({ name: 'A', id: 'vpc-1', deposed: 'key' }), {})).toEqual([]);
});

test('an object that the same log destroys is not unrecorded', () => {
  const changes = loggedChanges(
    log(complete('aws_vpc.A', 'create', 'vpc-1'), complete('aws_vpc.A', 'delete', 'vpc-1')),
  );
  expect(unrecordedObjects(changes, undefined, {})).toEqual([]);
});

test('a creation that has no end is unrecorded until the state has a new object', () => {
  const changes = loggedChanges(log(start('aws_vpc.A', 'create')));
  const replaces = { 'aws_vpc.A': ['vpc-old'] };
  expect(unrecordedObjects(changes, undefined, {})).toEqual([{ address: 'aws_vpc.A' }]);
  expect(unrecordedObjects(changes, state({ name: 'A', id: 'vpc-old' }), replaces)).toEqual([{ address: 'aws_vpc.A' }]);
  expect(unrecordedObjects(changes, state({ name: 'A', id: 'vpc-new' }), replaces)).toEqual([]);
});

test('updates and failures leave nothing unrecorded: the next plan looks at the objects again', () => {
  const changes = loggedChanges(
    log(
      start('aws_vpc.A', 'update', 'vpc-1'),
      start('aws_vpc.B', 'create'),
      line('apply_errored', 'aws_vpc.B', 'create'),
    ),
  );
  expect(unrecordedObjects(changes, undefined, {})).toEqual([]);
});
