import { eventsOf } from './events';

const at = { '@timestamp': '2026-11-30T10:00:00.000000Z', '@level': 'info', '@module': 'terraform.ui' };
const resource = { addr: 'aws_vpc.Vpc', resource_type: 'aws_vpc', resource_key: null };

test('names what was done to which resource, and no value of it', () => {
  const lines = [
    { ...at, type: 'version', terraform: '1.11.4' },
    { ...at, type: 'planned_change', '@message': 'secret', change: { resource, action: 'create', reason: 'secret' } },
    { ...at, type: 'apply_start', hook: { resource, action: 'create', id_key: 'id', id_value: 'secret' } },
    { ...at, type: 'apply_progress', hook: { resource, action: 'create', elapsed_seconds: 10 } },
    {
      ...at,
      type: 'apply_complete',
      '@message': 'aws_vpc.Vpc: Creation complete after 2s [id=secret]',
      hook: { resource, action: 'create', id_key: 'id', id_value: 'secret', elapsed_seconds: 2 },
    },
    {
      ...at,
      type: 'diagnostic',
      diagnostic: { severity: 'error', summary: 'secret', detail: 'secret', address: 'aws_vpc.Vpc' },
    },
    { ...at, type: 'change_summary', changes: { add: 1, change: 0, remove: 0, operation: 'apply' } },
    { ...at, type: 'outputs', outputs: { a: { value: 'secret', sensitive: false } } },
  ];
  const output = ['not JSON: secret', ...lines.map((line) => JSON.stringify(line)), '{"type":"apply_start",'].join(
    '\n',
  );
  expect(eventsOf(output)).toEqual([
    '2026-11-30T10:00:00.000000Z  planned_change  create  aws_vpc.Vpc',
    '2026-11-30T10:00:00.000000Z  apply_start  create  aws_vpc.Vpc',
    '2026-11-30T10:00:00.000000Z  apply_complete  create  aws_vpc.Vpc  2 s',
    '2026-11-30T10:00:00.000000Z  diagnostic  error  aws_vpc.Vpc',
    '2026-11-30T10:00:00.000000Z  change_summary  add=1  change=0  remove=0  operation=apply',
  ]);
});
