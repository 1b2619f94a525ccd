import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { platformArguments, runbookCommands } from '@platform/e2e/fixtures/runbook-commands';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { selectEnvironment } from '@platform/libs/settings/environment';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { observe } from '@platform/tools/actions/failover/observe';
import { requestOf, runFailover, type RunEvent } from '@platform/tools/actions/failover/run-failover';
import { emulatorTarget } from '@platform/tools/emulator/emulator-target';
import { valueOf } from '@platform/tools/model/failover';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { findGameDays } from '@platform/tools/actions/gameday/find-game-days';
import { runGameDay } from '@platform/tools/actions/gameday/run-game-day';
import { findRoot } from '@platform/tools/workspace/find-root';
import { makeFailoverEstate, writersOf } from './failover-estate';
import { TwoOrigins } from './origins';

/*
 * Returns, and the command itself. A latch is released when a whole minute has passed.
 *
 * @long
 */

const root = useExampleWorkspace();
const { settings, regions } = loadEstate(root);
const environment = selectEnvironment(settings, 'prod');
const regionOf = (key: string) => regions.find((region) => region.key === key)!;
const [us, ap] = [regionOf('us'), regionOf('ap')];
const folder = mkdtempSync(join(tmpdir(), 'failover-'));
afterAll(() => rmSync(folder, { recursive: true }));
jest.setTimeout(300_000);

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
    everySec: 1,
    stepSec: 120,
  });

  beforeAll(() => makeFailoverEstate(emulator(), environment, [us, ap]));

  test('stopped after its first call, a return goes on with the next, and nothing is called twice', async () => {
    const away = requestOf(contextOf(), { to: 'ap', allowDataLoss: false });
    expect(await runFailover(contextOf(), away, options('away'))).toMatchObject({ result: 'done' });
    const request = requestOf(contextOf(), { to: 'us', allowDataLoss: false });
    const stop = new AbortController();
    const events: RunEvent[] = [];
    const stopped = runFailover(contextOf(), request, {
      ...options('stopped'),
      signal: stop.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.event === 'called') stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow('aborted');
    const again: RunEvent[] = [];
    const { result } = await runFailover(contextOf(), request, options('resumed', again));
    expect(result).toBe('done');
    const calls = [...events, ...again]
      .filter(({ event }) => event === 'called')
      .map(({ call }) => call!.split(' ')[0]);
    expect(calls).toEqual(['rds:SwitchoverGlobalCluster', 'cloudwatch:PutMetricData']);
    expect(await writersOf(contextOf())).toEqual(['us']);
    const { regions: seen } = await observe(contextOf());
    expect(seen.map(({ latched }) => valueOf(latched!))).toEqual([false, false]);
  });

  test('an evacuation latches the region, and releases it at the end', async () => {
    const evacuation = findGameDays(findRoot(__dirname)).find(({ name }) => name === 'region-evacuation')!;
    const origins = await TwoOrigins.start();
    const result = await runGameDay(contextOf(), evacuation, {
      prober: { url: origins.url, everyMs: 100 },
      steadySec: 1,
    });
    await origins.stop();
    expect(result).toMatchObject({ verdict: 'held', problems: [], failed: 0 });
    expect(result.log.map(({ call }) => call)).toEqual([
      'cloudwatch:PutMetricData Latched of us = 1 in ap-northeast-2',
      'cloudwatch:PutMetricData Latched of us = 0 in ap-northeast-2',
    ]);
    const { regions: seen } = await observe(contextOf());
    expect(seen.map(({ latched }) => valueOf(latched!))).toEqual([false, false]);
  });

  test('a region that is lost: writer and traffic move, and return at the end', async () => {
    const lost = findGameDays(findRoot(__dirname)).find(({ name }) => name === 'region-lost')!;
    const origins = await TwoOrigins.start();
    const result = await runGameDay(contextOf(), lost, { prober: { url: origins.url, everyMs: 100 }, steadySec: 1 });
    await origins.stop();
    expect(result).toMatchObject({ verdict: 'held', problems: [] });
    expect(result.log[0]!.call).toContain('rds:FailoverGlobalCluster');
    expect(await writersOf(contextOf())).toEqual(['us']);
  });

  describe('the command', () => {
    const command = (...args: string[]) =>
      startCli(root, ['failover', ...args, '-c', 'prod', '--target', 'emulator'], {
        AWS_ENDPOINT_URL: emulator().endpoint,
      }).ended;

    test('shows the status', async () => {
      const { code, stdout } = await command('status');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^us +writer, available/m);
    });

    test('plans, with the calls and what may be lost', async () => {
      const { code, stdout } = await command('plan', '--to', 'ap');
      expect(code).toBe(0);
      expect(stdout).toContain('rds:SwitchoverGlobalCluster');
      expect(stdout).toContain('lost by this move: 0.0 s of writes');
    });

    test('asks for the name of the region before it calls anything', async () => {
      const unasked = await command('run', '--to', 'ap');
      expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was called') });
      expect(await writersOf(contextOf())).toEqual(['us']);
      expect(await command('run', '--to', 'ap', '--confirm', 'us')).toMatchObject({ code: 1 });
      expect(await writersOf(contextOf())).toEqual(['us']);
      const done = await command('run', '--to', 'ap', '--confirm', 'ap', '--json');
      expect(done).toMatchObject({ code: 0 });
      expect(JSON.parse(done.stdout)).toMatchObject({ result: 'done' });
      expect(await writersOf(contextOf())).toEqual(['ap']);
      expect(await command('back', '--confirm', 'us')).toMatchObject({ code: 0 });
      expect(await writersOf(contextOf())).toEqual(['us']);
    });

    test('the runbook to evacuate, followed: the region is latched and has no writer, and both return at the end', async () => {
      const lines = runbookCommands('evacuate.md')
        .map((line) => platformArguments(line)!)
        .filter(([verb]) => verb === 'failover');
      expect(lines.map(([, action]) => action)).toEqual(['status', 'plan', 'run', 'back']);
      const confirmed: Readonly<Record<string, readonly string[]>> = {
        run: ['--confirm', 'ap'],
        back: ['--confirm', 'us'],
      };
      const seen: string[][] = [];
      for (const [, action, ...rest] of lines) {
        const confirm = confirmed[action!] ?? [];
        const args = rest.filter(
          (each, index) => !['-c', '--target'].includes(each) && !['-c', '--target'].includes(rest[index - 1]!),
        );
        expect(await command(action!, ...args, ...confirm)).toMatchObject({ code: 0 });
        const { regions: now } = await observe(contextOf());
        seen.push([
          ...(await writersOf(contextOf())),
          ...now.filter(({ latched }) => valueOf(latched!)).map(({ key }) => key),
        ]);
      }
      // Writer, then regions that are latched.
      expect(seen).toEqual([['us'], ['us'], ['ap', 'us'], ['us']]);
    });

    test.each([
      [['run', '--to', 'eu'], '--to: there is no "eu"; use one of ap, us'],
      [['run', '--to', 'ap', '--lost', 'ap'], '--lost: ap cannot be lost and take over'],
      [['run'], '--to: no region is named'],
      [['back', '--lost', 'us'], '--lost: a return needs all regions'],
      [['back', '--evacuate', 'us'], '--evacuate: a return gives all regions their traffic'],
    ])('refuses %j', async (args, message) => {
      const refused = await command(...args);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(message);
    });
  });
});
