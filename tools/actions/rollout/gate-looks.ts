import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import type { RolloutSettings } from '@platform/libs/settings/rollout';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { GateLook } from './pass-gate';
import type { LiveSession } from '@platform/tools/session/live-session';

type GateRegion = Pick<RegionSettings, 'key' | 'awsRegion'>;

const COMMAND_LIMIT_MS = 15 * 60_000;
const ANSWER_LIMIT_MS = 10_000;

/** What a gate looks at in some regions: the settings' alarms, address and command, in each of them. */
export function gateLooks(
  session: Pick<LiveSession, 'options' | 'calls'>,
  gate: Omit<RolloutSettings, 'waitSec'>,
  regions: readonly GateRegion[],
): GateLook[] {
  const { root, environment, signal } = session.options;
  const { alarms = [], url, command } = gate;
  return regions.flatMap((region) => [
    ...(alarms.length > 0 ? [lookAtAlarms(session, alarms, region)] : []),
    ...(url ? [lookAtAddress(url.replaceAll('{region}', region.key), signal)] : []),
    ...(command
      ? [
          lookByCommand(command, {
            cwd: root,
            env: {
              ...process.env,
              PLATFORM_ENVIRONMENT: environment.name,
              PLATFORM_REGION: region.key,
              AWS_REGION: region.awsRegion,
            },
            ...(signal ? { signal } : {}),
          }),
        ]
      : []),
  ]);
}

function lookAtAlarms(
  session: Pick<LiveSession, 'options' | 'calls'>,
  alarms: readonly string[],
  { awsRegion }: GateRegion,
): GateLook {
  const { target, environment } = session.options;
  const where = `${environment.name}: alarms in ${awsRegion}`;
  const ask = async () => {
    const { DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
    const client = await target.cloudWatch(awsRegion);
    const states = new Map<string, string | undefined>();
    // The API takes up to 100 names at once.
    for (let start = 0; start < alarms.length; start += 100) {
      const command = new DescribeAlarmsCommand({
        AlarmNames: alarms.slice(start, start + 100),
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: 100,
      });
      const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(command);
      for (const { AlarmName, StateValue } of [...MetricAlarms, ...CompositeAlarms]) states.set(AlarmName!, StateValue);
    }
    return states;
  };
  return async (last) => {
    let states: ReadonlyMap<string, string | undefined>;
    try {
      states = await session.calls.make(where, ask);
    } catch (error) {
      return (error as Error).message;
    }
    const red = alarms.flatMap((alarm) => {
      const state = states.get(alarm);
      if (!states.has(alarm)) return [`${alarm} in ${awsRegion}: there is no such alarm`];
      if (state === 'ALARM') return [`${alarm} in ${awsRegion} is in alarm`];
      return state !== 'OK' && last ? [`${alarm} in ${awsRegion} has no data yet`] : [];
    });
    return red.length > 0 ? red.join('\n') : undefined;
  };
}

function lookAtAddress(url: string, signal: AbortSignal | undefined): GateLook {
  return async () => {
    const limit = AbortSignal.timeout(ANSWER_LIMIT_MS);
    try {
      const { ok, status } = await fetch(url, {
        // Each look on a connection of its own: one that is kept is closed by the other side now and then, which is no red gate.
        headers: { connection: 'close' },
        signal: signal ? AbortSignal.any([limit, signal]) : limit,
      });
      return ok ? undefined : `${url} answered with ${status}`;
    } catch (error) {
      const { message, cause } = error as Error;
      return `${url} does not answer: ${(cause as Error | undefined)?.message ?? message}`;
    }
  };
}

function lookByCommand(
  command: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly signal?: AbortSignal },
): GateLook {
  return async () => {
    try {
      await promisify(exec)(command, { ...options, timeout: COMMAND_LIMIT_MS, maxBuffer: 64 * 1024 * 1024 });
      return undefined;
    } catch (error) {
      const {
        code,
        signal,
        stdout = '',
        stderr = '',
      } = error as {
        code?: number | string;
        signal?: string;
        stdout?: string;
        stderr?: string;
      };
      const said = `${stdout}${stderr}`.trim().split('\n').slice(-5).join('\n');
      return `\`${command}\` ended with ${code ?? signal}${said && `:\n${said}`}`;
    }
  };
}
