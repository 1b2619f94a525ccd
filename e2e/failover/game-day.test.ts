import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { selectEnvironment } from '@platform/libs/settings/environment';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { observe } from '@platform/tools/actions/failover/observe';
import { findGameDays } from '@platform/tools/actions/gameday/find-game-days';
import type { GameDay } from '@platform/tools/actions/gameday/game-day';
import { runGameDay } from '@platform/tools/actions/gameday/run-game-day';
import { writeEvidence } from '@platform/tools/actions/gameday/write-evidence';
import { emulatorTarget } from '@platform/tools/emulator/emulator-target';
import { findRoot } from '@platform/tools/workspace/find-root';
import { valueOf, type FailoverView } from '@platform/tools/model/failover';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { makeFailoverEstate, makeFleets, writersOf } from './failover-estate';
import { TwoOrigins } from './origins';

/*
 * Rehearsals with real calls on an emulator. What requests meet is a local server: emulators serve none.
 */

const { settings, regions } = loadEstate(useExampleWorkspace());
const environment = selectEnvironment(settings, 'prod');
const regionOf = (key: string) => regions.find((region) => region.key === key)!;
const folder = mkdtempSync(join(tmpdir(), 'game days-'));
afterAll(() => rmSync(folder, { recursive: true }));
jest.setTimeout(60_000);

const gameDays = findGameDays(findRoot(__dirname));
const gameDay = (name: string) => gameDays.find((each) => each.name === name)!;

test('every rehearsal has a path, a loss and a hypothesis of the settings', () => {
  expect(gameDays.length).toBeGreaterThanOrEqual(6);
  for (const each of gameDays) {
    const { rtoSec, rpoSec } = each.hypothesis({ environment, regions } as unknown as FailoverContext);
    expect([rtoSec, rpoSec].every((figure) => figure >= 0)).toBe(true);
  }
});

withEmulator('ministack', (emulator) => {
  const contextOf = (): FailoverContext => ({ environment, regions, target: emulatorTarget(emulator()) });
  let origins: TwoOrigins;
  beforeAll(async () => {
    await makeFailoverEstate(emulator(), environment, [regionOf('us'), regionOf('ap')]);
    origins = await TwoOrigins.start();
  });
  afterAll(() => origins.stop());

  const options = () => ({
    prober: { url: origins.url, everyMs: 50, timeoutMs: 500 },
    steadySec: 0.5,
    limitSec: 20,
  });
  /** A rehearsal that takes an origin away, and puts it back. */
  const outage = (ms: number, then: () => void = () => {}): GameDay => ({
    ...gameDay('instance-loss'),
    acts: () =>
      Promise.resolve([
        {
          call: 'origin: 503',
          run: () => {
            origins.answer(0, false);
            if (ms > 0) setTimeout(() => origins.answer(0, true), ms);
            then();
            return Promise.resolve();
          },
          undo: { call: 'origin: 200', run: () => Promise.resolve(origins.answer(0, true)) },
        },
      ]),
  });

  test('measures, and leaves evidence', async () => {
    const result = await runGameDay(contextOf(), outage(1_000), options());
    expect(result).toMatchObject({ verdict: 'held', problems: [] });
    expect(result.rtoSec).toBeGreaterThan(0.5);
    expect(result.rtoSec).toBeLessThan(2);
    expect(result.log.map(({ call }) => call)).toEqual(['origin: 503', 'origin: 200']);
    const place = { root: folder, environment: 'prod', target: 'emulator', approvedBy: 'change 42' };
    const files = writeEvidence(gameDay('instance-loss'), result, place);
    expect(JSON.parse(readFileSync(join(folder, files[0]!), 'utf8'))).toMatchObject({
      format: 1,
      path: 'apiReads',
      loss: 'instance',
      how: 'npx platform gameday run instance-loss on emulator',
      approvedBy: 'change 42',
    });
    expect(readFileSync(join(folder, files[1]!), 'utf8')).toContain('agreed by change 42');
    // A second one of the day keeps the first.
    writeEvidence(gameDay('instance-loss'), result, place);
    expect(readdirSync(join(folder, 'evidence', 'prod'))).toHaveLength(4);
  });

  test('an objective that does not hold is broken, not stopped', async () => {
    const day = { ...outage(1_500), hypothesis: () => ({ rtoSec: 0.1, rpoSec: 0 }) };
    expect(await runGameDay(contextOf(), day, options())).toMatchObject({ verdict: 'broken', problems: [] });
  });

  test('is put back when it is interrupted, and is no evidence', async () => {
    const stop = new AbortController();
    const day = outage(0, () => stop.abort());
    const result = await runGameDay(contextOf(), day, { ...options(), signal: stop.signal });
    expect(result).toMatchObject({ verdict: 'stopped', problems: ['it was interrupted'] });
    expect(result.log.at(-1)!.call).toBe('origin: 200');
    expect(writeEvidence(day, result, { root: folder, environment: 'staging', target: 'emulator' })).toEqual([]);
  });

  test('is put back after the time limit', async () => {
    const result = await runGameDay(contextOf(), outage(0), { ...options(), limitSec: 2 });
    expect(result).toMatchObject({ verdict: 'stopped', problems: [expect.stringContaining('time limit of 2 s')] });
    expect(result.log.at(-1)!.call).toBe('origin: 200');
  });

  test('is put back where an alarm says stop, and an act that fails is put back too', async () => {
    let asked = 0;
    const stopped = await runGameDay(contextOf(), outage(0), {
      ...options(),
      stopWhen: () => Promise.resolve(asked++ > 2 ? 'stopped by prod-app-errors in us' : undefined),
    });
    expect(stopped.problems).toEqual([expect.stringContaining('stopped by prod-app-errors in us')]);
    const failing = outage(0, () => {
      throw new Error('AccessDenied');
    });
    const failed = await runGameDay(contextOf(), failing, options());
    expect(failed.problems).toEqual(['AccessDenied']);
    expect(failed.log.at(-1)!.call).toBe('origin: 200');
  });

  test('does not begin while the estate is not well', async () => {
    const lost = { ...contextOf(), lost: 'ap' };
    const result = await runGameDay(lost, gameDay('instance-loss'), options());
    expect(result.verdict).toBe('stopped');
    expect(result.log).toEqual([]);
    expect(await writersOf(contextOf())).toEqual(['us']);
  });
});

withEmulator('moto', (emulator) => {
  const only = (view: FailoverView, name: string): FailoverView => ({
    ...view,
    regions: view.regions.map((region) => ({
      ...region,
      fleets: { value: valueOf(region.fleets)!.filter((fleet) => fleet.name === name) },
    })),
  });
  const context = (): FailoverContext => ({ environment, regions, target: emulatorTarget(emulator()) });

  test('instance-loss terminates one of four instances, and Auto Scaling replaces it', async () => {
    await makeFleets(emulator(), regionOf('us'), { name: 'prod-four', desired: 4, zones: ['a'] });
    const acts = await gameDay('instance-loss').acts({
      context: context(),
      before: only(await observe(context()), 'prod-four'),
    });
    expect(acts.map(({ call }) => call)).toEqual([
      expect.stringMatching(/^autoscaling:TerminateInstanceInAutoScalingGroup i-.* in us-east-1$/),
    ]);
    await acts[0]!.run();
    const after = only(await observe(context()), 'prod-four').regions.find(({ key }) => key === 'us')!;
    expect(valueOf(after.fleets)).toMatchObject([{ desired: 4, inService: 4 }]);
  });

  test.each([
    ['instance-loss', 1],
    ['zone-loss', 2],
  ])('%s is refused where it would take every instance away', async (name, desired) => {
    // The emulator puts all instances into one zone.
    const fleet = `prod-only-${name}`;
    await makeFleets(emulator(), regionOf('us'), { name: fleet, desired, zones: ['a'] });
    const before = only(await observe(context()), fleet);
    await expect(gameDay(name).acts({ context: context(), before })).rejects.toThrow(
      `us: all ${desired} instances that are in service would be taken away`,
    );
  });
});
