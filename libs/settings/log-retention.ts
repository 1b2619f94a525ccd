import { oneNumberOf } from './schema';

/** Retention periods in days that CloudWatch Logs accepts (API reference, PutRetentionPolicy). */
export const logRetentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Days that a log group keeps its events. A shorter period deletes older events within 72 hours. */
export function logRetention(is: string) {
  return oneNumberOf(logRetentionDays, { is, unit: 'days', limits: 'a retention period of CloudWatch Logs' });
}

/** Logs of production are evidence for a year; elsewhere a month is enough to find a fault. */
export const logRetentionByProfile = { production: 365, development: 30 } as const;
