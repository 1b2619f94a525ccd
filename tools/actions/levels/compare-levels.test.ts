import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { adoptionLevels } from '@platform/libs/settings/adoption';
import { compareLevels, type LevelComparison } from './compare-levels';
import { priceTraffic } from './price-traffic';

describe('the levels of the example estate, with a stricter objective for the site', () => {
  const root = exampleWorkspace();
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  let compared: LevelComparison;
  beforeAll(() => {
    const file = join(root, 'infra.config.ts');
    const objectives = 'objectives: { site: { region: { rtoSec: 60 } } },\n';
    writeFileSync(file, readFileSync(file, 'utf8').replace("level: '", `${objectives}level: '`));
    compared = compareLevels({ root, environment: 'prod' });
  }, 120_000);

  it('name the cheapest one that breaks no objective', () => {
    const { levels, cheapest } = compared;
    expect(levels.map(({ level }) => level)).toEqual([...adoptionLevels]);
    const breaks = levels.map(({ broken }) => broken.includes('site, RTO for the loss of a region'));
    expect(breaks).toEqual([true, true, false, false, false]);
    expect(cheapest).toBe('local-reads');
    for (const [index, { usd }] of levels.entries()) {
      expect(usd.low).toBeLessThanOrEqual(usd.high);
      if (index > 0) expect(usd.low).toBeGreaterThan(levels[index - 1]!.usd.low);
    }
  });

  it('are told as differences: resources, quotas, and what going down destroys', () => {
    const at = (level: string) => compared.levels.find((each) => each.level === level)!;
    expect(at('origin-failover').added).toMatchObject({ aws_cloudfront_distribution: 2 });
    expect(at('local-reads').added).toEqual({ aws_rds_cluster_instance: 1 });
    expect(at('accelerated').added).toMatchObject({ aws_globalaccelerator_accelerator: 1 });
    expect(at('local-reads').lostGoingDown).toEqual([
      expect.stringMatching(/^region-ap-aurora: aws_rds_cluster_instance\..* \(a member of a database\)$/),
    ]);
    expect(at('inspected').quotas.length).toBeGreaterThan(0);
    expect(at('inspected').unknown).toMatchObject({ 'data of the accelerator': 1, 'data through the inspection': 1 });
  });
});

test('traffic is priced by the gigabyte of its region, and what has no price is named', () => {
  const traffic = { requestsPerMonth: { low: 1_000_000, high: 2_000_000 }, responseKb: 10, apiPercent: 100 };
  const direct = priceTraffic([], traffic, 'us-east-1');
  expect(direct.low).toBeCloseTo(10 * 0.09);
  expect(direct.high).toBeCloseTo(2 * direct.low);
  expect(priceTraffic([], traffic, 'eu-north-1')).toEqual({
    low: 0,
    high: 0,
    unconfirmed: 0,
    unknown: ['internet-data'],
  });
});
