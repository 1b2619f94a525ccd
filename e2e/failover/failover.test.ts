import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { selectEnvironment } from '@platform/libs/settings/environment';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { observe } from '@platform/tools/actions/failover/observe';
import { requestOf, runFailover, type RunEvent } from '@platform/tools/actions/failover/run-failover';
import { emulatorTarget } from '@platform/tools/emulator/emulator-target';
import { valueOf } from '@platform/tools/model/failover';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { makeFailoverEstate, withoutRegion, writersOf } from './failover-estate';

/*
 * Failovers by the calls that the command makes, with writer, fleets and latches on an emulator. Emulators evaluate no
 * alarms and know no accelerator: that Route 53 follows a latch's metric only AWS shows.
 */

const root = useExampleWorkspace();
const { settings, regions } = loadEstate(root);
const environment = selectEnvironment(settings, 'prod');
const regionOf = (key: string) => regions.find((region) => region.key === key)!;
const [us, ap] = [regionOf('us'), regionOf('ap')];
const folder = mkdtempSync(join(tmpdir(), 'failover-'));
afterAll(() => rmSync(folder, { recursive: true }));
jest.setTimeout(120_000);

withEmulator('ministack', (emulator) => {
  const contextOf = (changes: Partial<FailoverContext> = {}): FailoverContext => ({
    environment,
    regions,
    target: emulatorTarget(emulator()),
    ...changes,
  });
  const options = (name: string, events: RunEvent[] = []) => ({
    log: join(folder, `${name}.jsonl`),
    onEvent: (event: RunEvent) => void events.push(event),
    everySec: 0.2,
    stepSec: 20,
  });

  beforeAll(() => makeFailoverEstate(emulator(), environment, [us, ap]));

  test('tells writer, fleets and latches of both regions', async () => {
    const view = await observe(contextOf());
    expect(await writersOf(contextOf())).toEqual(['us']);
    const byKey = Object.fromEntries(view.regions.map((region) => [region.key, region]));
    expect(valueOf(byKey['us']!.fleets)).toEqual([{ name: 'prod-app-blue', min: 1, max: 8, desired: 4, inService: 4 }]);
    expect(view.regions.map(({ latched }) => latched && valueOf(latched))).toEqual([false, false]);
  });

  test('tells what is known while a region does not answer, and why the rest is not', async () => {
    const { regions: seen, database } = await observe(contextOf({ target: withoutRegion(emulator(), us.awsRegion) }));
    expect(valueOf(database)!.members['ap']).toMatchObject({ status: 'available', instances: 1 });
    expect(valueOf(database)!.members['us']!.status).toContain('cannot be reached');
    const lost = seen.find(({ key }) => key === 'us')!;
    expect(lost.fleets).toEqual({ unknown: expect.stringContaining('cannot be reached') });
    expect(valueOf(lost.latched!)).toBe(false);
  });

  test('without leave to lose writes, a run is blocked and calls nothing', async () => {
    const context = contextOf({ lost: 'us' });
    const request = requestOf(context, { to: 'ap', lost: 'us', allowDataLoss: false });
    const { result, calls, plan } = await runFailover(context, request, options('blocked'));
    expect({ result, calls }).toEqual({ result: 'blocked', calls: [] });
    expect(plan.blockers).toEqual([expect.stringContaining('--allow-data-loss')]);
    expect(await writersOf(contextOf())).toEqual(['us']);
  });

  test('with the region lost, calls nothing there: fleet, writer, latch; repeated, nothing', async () => {
    const context = contextOf({ target: withoutRegion(emulator(), us.awsRegion), lost: 'us' });
    const request = requestOf(context, { to: 'ap', lost: 'us', allowDataLoss: true });
    const { result, calls } = await runFailover(context, request, options('lost'));
    expect({ result, calls }).toEqual({
      result: 'done',
      calls: [
        `autoscaling:SetDesiredCapacity prod-app-blue ${request.least['prod-app-blue']} in ap-northeast-2`,
        expect.stringMatching(/^rds:FailoverGlobalCluster arn:.*:prod-database-ap in ap-northeast-2$/),
        'cloudwatch:PutMetricData Latched of us = 1 in ap-northeast-2',
      ],
    });
    expect(await writersOf(contextOf())).toEqual(['ap']);
    expect(await runFailover(context, request, options('again'))).toMatchObject({ result: 'done', calls: [] });
    const log = readFileSync(join(folder, 'lost.jsonl'), 'utf8').trim().split('\n');
    expect(log.map((line) => (JSON.parse(line) as RunEvent).event)).toEqual([
      'begun',
      ...calls.flatMap(() => ['called', 'done']),
      'ended',
    ]);
  });

  test('the region that returns gets neither writer nor traffic by itself', async () => {
    const { regions: seen } = await observe(contextOf());
    expect(await writersOf(contextOf())).toEqual(['ap']);
    expect(valueOf(seen.find(({ key }) => key === 'us')!.latched!)).toBe(true);
  });
});
