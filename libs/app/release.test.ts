import * as fc from 'fast-check';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import { canaryPercents, type ApplicationSettings } from '@platform/libs/settings/application';
import { checkSettings } from '@platform/libs/settings/check-settings';
import {
  exampleEnvironment,
  exampleFolders,
  exampleOrganisation,
  exampleRegions,
} from '@platform/libs/testing/example-settings';
import { capacityOf, planFleets } from './release';

/** A least number, and how many more there may be. */
const size = (least: number) => fc.record({ min: fc.integer({ min: least, max: 4 }), more: fc.nat(3) });
/** Capacities that the settings check accepts: a standby region may grow to what the other one starts with. */
const environments = fc
  .record({
    level: fc.constantFrom(...adoptionLevels),
    mode: fc.constantFrom(...modes),
    greenPercent: fc.constantFrom(...canaryPercents),
    idleColour: fc.constantFrom<ApplicationSettings['idleColour']>('running', 'scaled-to-zero'),
    active: size(2),
    standby: size(1),
    'origin-failover': size(1),
    standbyPercent: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ level, mode, greenPercent, idleColour, active, standby, standbyPercent, ...sizes }) => {
    const limits = ({ min, more }: typeof active) => ({ min, max: Math.max(min, active.min) + more });
    const standbySizes = { standby: limits(standby), 'origin-failover': limits(sizes['origin-failover']) };
    const application = {
      ...exampleEnvironment().applications['app']!,
      greenPercent,
      idleColour,
      capacity: { active: limits(active), standby: standbySizes, standbyPercent, degradedMode: 'slow for minutes' },
    };
    return exampleEnvironment({ level, mode, applications: { app: application } });
  });
const roles = fc.constantFrom({ role: 'primary' as const }, { role: 'standby' as const });

test('the capacities of these tests are accepted', () => {
  fc.assert(
    fc.property(environments, ({ level, mode, applications }) => {
      const environments = {
        prod: { ...exampleOrganisation.environments.prod, level, mode, applications },
      };
      const settings = { ...exampleOrganisation, environments };
      const problems = checkSettings({ settings, regions: exampleRegions, folders: exampleFolders });
      expect(problems.filter(({ where }) => where.includes('.applications.'))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

describe('the plan of a release', () => {
  test('distributes every request exactly once', () => {
    fc.assert(
      fc.property(environments, roles, (environment, region) => {
        const weights = planFleets(environment, environment.applications['app']!, region).map(({ weight }) => weight);
        expect(weights.reduce((sum, weight) => sum + weight)).toBe(100);
        expect(weights.every((weight) => weight >= 0)).toBe(true);
      }),
    );
  });

  test('never sends requests to a fleet without instances', () => {
    fc.assert(
      fc.property(environments, roles, (environment, region) => {
        for (const { weight, min, max } of planFleets(environment, environment.applications['app']!, region)) {
          if (weight > 0) expect(min).toBeGreaterThan(0);
          expect(max).toBeGreaterThanOrEqual(min);
        }
      }),
    );
  });

  test('runs an idle fleet at full size or without instances, as the settings say', () => {
    fc.assert(
      fc.property(environments, roles, (environment, region) => {
        const full = capacityOf(environment, environment.applications['app']!, region);
        for (const { weight, min, max } of planFleets(environment, environment.applications['app']!, region)) {
          if (weight === 0) {
            expect({ min, max }).toEqual(
              environment.applications['app']!.idleColour === 'running' ? full : { min: 0, max: 0 },
            );
          }
        }
      }),
    );
  });

  test.each([
    ['standby', 1, 100],
    ['origin-failover', 2, 100],
    ['local-reads', 9, 100],
    ['accelerated', 9, 100],
    ['inspected', 9, 100],
    ['origin-failover', 2, 50],
    ['local-reads', 5, 50],
    ['inspected', 1, 1],
  ] as const)('at %s a standby region runs %i of 9 instances with a share of %i', (level, min, standbyPercent) => {
    const application = {
      ...exampleEnvironment().applications['app']!,
      capacity: {
        active: { min: 9, max: 12 },
        standby: { standby: { min: 1, max: 9 }, 'origin-failover': { min: 2, max: 9 } },
        standbyPercent,
      },
    };
    const standby = capacityOf(exampleEnvironment({ level }), application, { role: 'standby' });
    expect(standby.min).toBe(min);
    expect(standby.max).toBeGreaterThanOrEqual(9);
    expect(capacityOf(exampleEnvironment({ level }), application, { role: 'primary' }).min).toBe(9);
    const active = exampleEnvironment({ level, mode: 'active-active' });
    expect(capacityOf(active, application, { role: 'standby' }).min).toBe(9);
  });
});
