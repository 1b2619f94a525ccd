import { decide, type Decision } from '../decide';
import { controlNamespace, type ControlConfig } from '../control-config';
import { clientsFor, observe, move } from './aws';

/** What called the function: an alarm that changed its state, or the schedule. */
interface Trigger {
  readonly 'detail-type'?: string;
  readonly region?: string;
  readonly detail?: { readonly alarmName?: string; readonly state?: { readonly value?: string } };
}

/**
 * Decides once, whatever called it: an alarm only makes it look earlier. Reads what it can; what cannot be read counts as
 * unknown, and no dial is moved on it.
 * @throws Error when a move was decided and could not be made
 */
export async function handler(event: Trigger = {}): Promise<Decision> {
  const config = JSON.parse(process.env['CONTROL']!) as ControlConfig;
  const now = Date.now();
  const clients = clientsFor(config);
  const { input, failures } = await observe(config, clients, Math.floor(now / 60_000));
  const decision = decide(input);
  report(config, now, describe(event), decision, failures);
  if (decision.apply) await move(config, clients, decision);
  return decision;
}

function describe({ detail, region, 'detail-type': type }: Trigger): string {
  if (type !== 'CloudWatch Alarm State Change') return 'schedule';
  return `alarm ${detail?.alarmName} of ${region}: ${detail?.state?.value}`;
}

/**
 * One line of JSON: the decision, what it saw, and metrics in CloudWatch's embedded format (CloudWatch user guide,
 * "Embedded metric format specification").
 */
function report(
  { environment, judged, settings }: ControlConfig,
  now: number,
  trigger: string,
  { action, apply, fromPercent, toPercent, reason, saw }: Decision,
  failures: readonly string[],
): void {
  const metrics = {
    Lower: action === 'lower' ? 1 : 0,
    Raise: action === 'raise' ? 1 : 0,
    Moves: apply ? 1 : 0,
    UnreadableSources: failures.length,
    ...(fromPercent === undefined ? {} : { Dial: fromPercent }),
  };
  const unit = (name: string) => (name === 'Dial' ? 'Percent' : 'Count');
  // Not console.log, which writes the time and the request before the JSON: CloudWatch then finds no metrics in it.
  process.stdout.write(
    `${JSON.stringify({
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [
          {
            Namespace: controlNamespace,
            Dimensions: [['Environment', 'JudgedRegion']],
            Metrics: Object.keys(metrics).map((name) => ({ Name: name, Unit: unit(name) })),
          },
        ],
      },
      Environment: environment,
      JudgedRegion: judged,
      ...metrics,
      trigger,
      mode: settings.mode,
      action,
      fromPercent,
      toPercent,
      reason,
      saw,
      failures,
    })}\n`,
  );
}
