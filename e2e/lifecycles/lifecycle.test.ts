import type { UncleanFault } from '@platform/tools/emulator/known-faults';
import type { PlannedChange } from './emulated-estate';
import { unexplained, untrueFaults } from './lifecycle';

const address = 'aws_rds_cluster.Database';
const fault: UncleanFault = {
  type: 'aws_rds_cluster',
  fault: 'unclean',
  symptom: 'exported logs read back empty',
  arguments: ['enabled_cloudwatch_logs_exports'],
};
const change = (given: Partial<PlannedChange>): PlannedChange => ({
  address,
  type: 'aws_rds_cluster',
  actions: ['update'],
  arguments: ['enabled_cloudwatch_logs_exports'],
  ...given,
});
const excused = (resource: PlannedChange, known: UncleanFault = fault) =>
  unexplained({ changes: { resources: [resource], outputs: [] }, unclean: [{ address, fault: known }] }).length === 0;

test('a known fault explains an update of the arguments that it names, and nothing else', () => {
  expect(excused(change({}))).toBe(true);
  expect(excused(change({ arguments: ['enabled_cloudwatch_logs_exports', 'storage_encrypted'] }))).toBe(false);
  expect(excused(change({ address: 'aws_rds_cluster.Other' }))).toBe(false);
  expect(excused(change({ actions: ['delete'], arguments: [] }))).toBe(false);
});

test('a replacement is explained only where the fault says that it shows as one', () => {
  const replacement = change({ actions: ['delete', 'create'] });
  expect(excused(replacement)).toBe(false);
  expect(excused(replacement, { ...fault, replaces: true })).toBe(true);
  expect(excused(change({}), { ...fault, replaces: true })).toBe(false);
});

test('an output may change when it names what does, and not because something else does', () => {
  const outputs = [
    { name: 'endpoint', reads: [address] },
    { name: 'port', reads: [] },
  ];
  const changes = { resources: [change({})], outputs };
  expect(unexplained({ changes, unclean: [{ address, fault }] })).toEqual(['output port']);
});

test('a fault that the tried stacks do not show is not true any more', () => {
  const life = (resources: PlannedChange[]) => ({
    made: [address],
    changes: { resources, outputs: [] },
    unclean: [{ address, fault }],
  });
  expect(untrueFaults([life([change({})])])).toEqual([]);
  expect(untrueFaults([life([])])).toEqual([
    'aws_rds_cluster: reads back right by now: enabled_cloudwatch_logs_exports',
  ]);
  expect(untrueFaults([{ ...life([]), made: [] }])).toEqual([]);
});
