import type { LiveSession } from '@platform/tools/session/live-session';
import { coverageOf, coverageTable, faultList } from './coverage';

const session = {
  stacks: {
    configuration: (stack: string) =>
      stack === 'empty' ? {} : { resource: { aws_vpc: { A: {}, B: {} }, aws_ram_resource_share: { C: {}, D: {} } } },
  },
  unsupported: {
    of: (stack: string) =>
      stack === 'whole'
        ? { resources: [], outputs: [] }
        : {
            resources: [
              { address: 'aws_ram_resource_share.C', reason: 'moto: no' },
              { address: 'aws_ram_resource_share.D', reason: 'moto: no' },
              { address: 'aws_vpc.B', reason: 'needs aws_ram_resource_share.C' },
            ],
          },
  },
} as unknown as LiveSession;

test('coverage counts what is made, and says why the rest is not', () => {
  const coverage = coverageOf(session, ['whole', 'parts', 'empty']);
  expect(coverage).toEqual([
    { stack: 'whole', resources: 4, made: 4, reasons: [] },
    { stack: 'parts', resources: 4, made: 1, reasons: ['2 × moto: no', '1 × needs an unsupported resource'] },
  ]);
  expect(coverageTable(coverage)).toBe(
    [
      'stack     made  resources',
      'whole        4          4  100 %',
      'parts        1          4   25 %',
      '2 stacks     5          8   62 %',
      'unsupported:',
      '  parts: 2 × moto: no',
      '  parts: 1 × needs an unsupported resource',
    ].join('\n'),
  );
});

test('every known fault of an emulator is in its list', () => {
  expect(faultList('moto')).toContain(
    '  missing: replication groups are not there (aws_elasticache_replication_group)',
  );
  expect(faultList('ministack')).toContain('aws_elasticache_user');
  expect(faultList('other')).toContain('nothing is known');
});
