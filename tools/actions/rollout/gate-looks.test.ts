import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import type { RolloutSettings } from '@platform/libs/settings/rollout';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { gateLooks } from './gate-looks';
import type { LiveSession } from '@platform/tools/session/live-session';
import { passGate, type GateLook } from './pass-gate';

const [us, ap] = exampleRegions;
type Alarms = Readonly<Record<string, string>>;

/** What is red at one look at regions whose alarms are in these states. */
async function look(gate: Omit<RolloutSettings, 'waitSec'>, alarmsOf: Record<string, Alarms> = {}, last = true) {
  const cloudWatch = (region: string) => ({
    send: async ({ input }: { input: { AlarmNames: string[] } }) => ({
      MetricAlarms: Object.entries(alarmsOf[region] ?? {})
        .filter(([AlarmName]) => input.AlarmNames.includes(AlarmName))
        .map(([AlarmName, StateValue]) => ({ AlarmName, StateValue })),
    }),
  });
  const session = {
    options: { root: tmpdir(), environment: exampleEnvironment(), target: { cloudWatch } },
    calls: { make: (_: string, call: () => unknown) => call() },
  } as unknown as LiveSession;
  const seen = await Promise.all(gateLooks(session, gate, [us, ap]).map((each) => each(last)));
  return seen.filter((text) => text !== undefined);
}

describe('a gate of alarms', () => {
  const alarms = ['errors', 'slow'];
  const ok = { errors: 'OK', slow: 'OK' };

  test('is green where all of them are fine in every region', async () => {
    expect(await look({ alarms }, { [us.awsRegion]: ok, [ap.awsRegion]: ok })).toEqual([]);
  });

  test('is red where one is in alarm, or where there is none of its name', async () => {
    const states = { [us.awsRegion]: { ...ok, slow: 'ALARM' }, [ap.awsRegion]: { slow: 'OK' } };
    expect(await look({ alarms }, states)).toEqual([
      'slow in us-east-1 is in alarm',
      'errors in ap-northeast-2: there is no such alarm',
    ]);
  });

  test('gives one without data the time of the gate', async () => {
    const states = { [us.awsRegion]: ok, [ap.awsRegion]: { ...ok, slow: 'INSUFFICIENT_DATA' } };
    expect(await look({ alarms }, states, false)).toEqual([]);
    expect(await look({ alarms }, states)).toEqual(['slow in ap-northeast-2 has no data yet']);
  });

  test('asks for more alarms than the API takes at once', async () => {
    const many = Array.from({ length: 250 }, (_, index) => `alarm-${index}`);
    const fine = Object.fromEntries(many.map((name) => [name, 'OK']));
    expect(await look({ alarms: many }, { [us.awsRegion]: fine, [ap.awsRegion]: fine })).toEqual([]);
  });
});

test('a gate of an address asks each region for a status of success', async () => {
  const connections: unknown[] = [];
  const server = createServer(({ url, headers }, answer) => {
    connections.push(headers.connection);
    answer.writeHead(url === '/us/healthz' ? 204 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await look({ url: `${address}/{region}/healthz` })).toEqual([`${address}/ap/healthz answered with 503`]);
  expect(connections).toEqual(['close', 'close']);
  await new Promise((resolve) => server.close(resolve));
  expect(await look({ url: `${address}/us/healthz` })).toEqual([
    expect.stringMatching(/does not answer: .*ECONNREFUSED/),
    expect.anything(),
  ]);
});

test('a gate of a command knows the region, and its last words are reported', async () => {
  const command = 'echo looking; test "$PLATFORM_ENVIRONMENT $PLATFORM_REGION $AWS_REGION" = "prod us us-east-1"';
  expect(await look({ command })).toEqual([`\`${command}\` ended with 1:\nlooking`]);
});

test('a gate of nothing is green', async () => {
  expect(await look({})).toEqual([]);
});

describe('passing a gate', () => {
  const counting = (answers: readonly (string | undefined)[]) => {
    const lasts: boolean[] = [];
    const look: GateLook = async (last) => answers[Math.min(lasts.push(last), answers.length) - 1];
    return { look, lasts };
  };

  test('takes its whole time, and the last look is one', async () => {
    const { look: each, lasts } = counting([undefined]);
    const started = performance.now();
    expect(await passGate([each], { waitSec: 0.1, everySec: 0.04 })).toBeUndefined();
    expect(performance.now() - started).toBeGreaterThanOrEqual(100);
    expect(lasts.length).toBeGreaterThanOrEqual(2);
    expect(lasts.map((last) => last)).toEqual([...lasts.slice(1).map(() => false), true]);
  });

  test('ends at the first red look, with everything that is red', async () => {
    const [one, other] = [counting([undefined, 'one']), counting([undefined, 'other'])];
    const red = await passGate([one.look, other.look], { waitSec: 60, everySec: 0.001 });
    expect(red).toBe('one\nother');
    expect(one.lasts).toEqual([false, false]);
  });

  test('without a time is one look', async () => {
    const { look: each, lasts } = counting(['red']);
    expect(await passGate([each], { waitSec: 0 })).toBe('red');
    expect(lasts).toEqual([true]);
  });

  test('ends when it is told to', async () => {
    const stop = new AbortController();
    const passing = passGate([async () => void stop.abort()], { waitSec: 60, signal: stop.signal });
    await expect(passing).rejects.toThrow(/abort/);
  });
});
