/** Metric that holds a latch: 1 keeps the region of its dimension out of service, 0 lets it back. */
export const latchMetric = { namespace: 'Platform/Failover', name: 'Latched' } as const;

/** Time over which a latch is read, in seconds: a value decides only when a period holds no other one. */
export const latchPeriodSec = 60;

type Named = { readonly name: string };

/** Dimensions of the metric for one region. */
export function latchDimensions({ name }: Named, regionKey: string): Record<'Environment' | 'Region', string> {
  return { Environment: name, Region: regionKey };
}
