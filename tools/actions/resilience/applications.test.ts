import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import type { Objective } from '@platform/libs/settings/objectives';
import { writeChanges } from '@platform/tools/actions/new/changes';
import { generators } from '@platform/tools/actions/new/generator-options';
import { generate } from '@platform/tools/actions/new/generators';
import { verdictsOf, type Resilience } from '@platform/tools/model/resilience';
import { findRoot } from '@platform/tools/workspace/find-root';
import { assessJson, readAssessedEstate, type AssessedEstate } from './assess-estate';
import { sectionsOf } from './report';

jest.setTimeout(120_000);
const root = exampleWorkspace();
// The generator writes into it.
rmSync(join(root, 'libs'));
cpSync(join(findRoot(__dirname), 'libs'), join(root, 'libs'), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));

let estate: AssessedEstate;
const shopIn = ({ paths }: Resilience) => paths.find(({ path }) => path === 'app:shop')!;

describe('an application beside the main one', () => {
  beforeAll(async () => {
    const service = generators.find(({ name }) => name === 'service')!;
    writeChanges(root, await generate(root, service, { name: 'shop', owner: 'platform', uses: 'queue,tables' }));
    estate = readAssessedEstate({ root, environment: 'prod' });
  });

  it('is a path with its own load balancers, queue and tables, and is said to have no objective', () => {
    const resilience = assessJson(estate);
    const shop = shopIn(resilience);
    expect(shop.status).toBe('no objective');
    const us = shop.availability.parts.filter(({ region }) => region === 'us');
    expect(us.map(({ name }) => name)).toEqual([
      'load balancer of us',
      'WAF of us',
      'instances of us',
      'event bus of us',
      'queue of us',
      'table of us',
    ]);
    expect(us.filter(({ name }) => !name.startsWith('table')).map(({ where }) => where.split(':')[0])).toEqual(
      Array(5).fill('region-us-shop'),
    );
    expect(sectionsOf(resilience)[0]!.lines).toEqual(['app:shop: no objective; set objectives.applications.shop']);
    // The main application keeps its own queue.
    const orders = resilience.paths.find(({ path }) => path === 'orders')!;
    expect(orders.availability.parts.filter(({ name }) => name === 'queue of us')).toMatchObject([
      { where: expect.stringMatching(/^region-us-alb-asg-app: /) as string },
    ]);
  });

  it('is compared with the objective that the settings give it', () => {
    const { objectives } = estate.settings;
    const loss = (rtoSec: number) => ({ rtoSec, rpoSec: 3600 });
    const shop: Objective = {
      availabilityPercent: 99.8,
      latencyMs: 500,
      instance: loss(120),
      zone: loss(300),
      region: loss(1),
    };
    const resilience = assessJson({
      ...estate,
      settings: { ...estate.settings, objectives: { ...objectives, applications: { shop } } },
    });
    const broken = verdictsOf(resilience).filter(({ status }) => status === 'broken');
    expect(broken).toMatchObject([{ path: 'app:shop', objective: 'RTO for the loss of a region' }]);
    expect(shopIn(resilience).gain).toMatch(/applications\.shop\.capacity\.standby/);
    expect(sectionsOf(resilience)[0]!.lines).toEqual([]);
  });
});
