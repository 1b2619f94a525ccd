import fc from 'fast-check';
import { adoptionLevels, modes, type Mode } from '@platform/libs/settings/adoption';
import { connectionLimit } from './connection-limit';
import { clusterParameters, parameterFamily } from './engine-parameters';
import { instanceCount } from './instance-count';

const counts = fc
  .integer({ min: 1, max: 15 })
  .chain((active) => fc.record({ active: fc.constant(active), standby: fc.integer({ min: 0, max: active }) }));

const countsAt = (role: 'primary' | 'standby', mode: Mode, instances: { active: number; standby: number }) =>
  adoptionLevels.map((level) => instanceCount(role, { level, mode }, instances));

describe('instances', () => {
  test('in active-passive a standby region is small until local-reads, then serves', () => {
    expect(countsAt('standby', 'active-passive', { active: 3, standby: 1 })).toEqual([1, 1, 3, 3, 3]);
  });

  test('in active-active every region serves', () => {
    expect(countsAt('standby', 'active-active', { active: 3, standby: 0 })).toEqual([3, 3, 3, 3, 3]);
  });

  test('going up a level removes no instance, and the primary region always serves', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(...modes), (instances, mode) => {
        const plan = countsAt('standby', mode, instances);
        expect(plan).toEqual([...plan].sort((a, b) => a - b));
        expect(new Set(countsAt('primary', mode, instances))).toEqual(new Set([instances.active]));
      }),
    );
  });
});

describe('parameters', () => {
  test('connections without TLS are refused, and the lag is bounded only if the settings say so', () => {
    expect(clusterParameters({})).toContainEqual(expect.objectContaining({ name: 'rds.force_ssl', value: '1' }));
    expect(clusterParameters({}).map(({ name }) => name)).not.toContain('rds.global_db_rpo');
    expect(clusterParameters({ enforcedRpoSec: 60 })).toContainEqual(
      expect.objectContaining({ name: 'rds.global_db_rpo', value: '60' }),
    );
  });

  test('the family follows engine and major version', () => {
    expect(parameterFamily({ engine: 'aurora-global', engineVersion: '16.9' })).toBe('aurora-postgresql16');
    expect(parameterFamily({ engine: 'rds-postgresql', engineVersion: '17.4' })).toBe('postgres17');
  });
});

test.each([
  ['db.r6g.large', 1802],
  ['db.m6g.large', 901],
  ['db.r6g.4xlarge', 5000],
  ['db.t4g.micro', 112],
  ['db.t4g.small', 225],
  ['db.unknown.huge', 5000],
])('%s accepts %i connections by default', (instanceClass, limit) => {
  expect(connectionLimit(instanceClass)).toBe(limit);
});
