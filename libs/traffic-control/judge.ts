import type { TrafficControlSettings } from '@platform/libs/settings/traffic-control';

/** Telemetry of one region for one minute. Each part is absent if it has no data. */
export interface Sample {
  /** Minutes since 1970. */
  readonly minute: number;
  /**
   * Route 53's checkers that find the region healthy, in percent. Measured from outside and published in us-east-1
   * (Route 53 developer guide, "Monitoring health checks using CloudWatch").
   */
  readonly checkersPercent?: number;
  /** Metrics of the region's load balancer. Absent: the region's CloudWatch could not be read. */
  readonly balancer?: BalancerMinute;
}

/** An idle load balancer publishes none of them, one without errors no errors. */
export interface BalancerMinute {
  /** Requests that reached an instance. */
  readonly requests?: number;
  /** Answers with 5xx by instances. */
  readonly targetErrors?: number;
  /** Answers with 5xx by the load balancer itself; `requests` does not include them. */
  readonly balancerErrors?: number;
  readonly p99Ms?: number;
}

export type Limits = Pick<TrafficControlSettings, 'errorPercent' | 'p99Ms' | 'minRequestsPerMin'>;

/** `unknown`: not enough telemetry to say. */
export type Verdict = 'good' | 'bad' | 'unknown';

/** Below this share the region answers only part of the world. Route 53 itself gives up at 18 %. */
const healthyCheckersPercent = 50;

/** What a minute of telemetry says of a region. `undefined` for a minute without a sample. */
export function judge(sample: Sample | undefined, limits: Limits): { verdict: Verdict; because: string } {
  if (!sample) return { verdict: 'unknown', because: 'no telemetry' };
  const { checkersPercent, balancer } = sample;
  if (checkersPercent !== undefined && checkersPercent < healthyCheckersPercent) {
    return { verdict: 'bad', because: `${round(checkersPercent)} % of the health checkers reach it` };
  }
  const requests = (balancer?.requests ?? 0) + (balancer?.balancerErrors ?? 0);
  if (balancer && requests >= limits.minRequestsPerMin) {
    const errors = errorPercent(balancer)!;
    if (errors > limits.errorPercent) return { verdict: 'bad', because: `${round(errors)} % errors` };
    if (balancer.p99Ms !== undefined && balancer.p99Ms > limits.p99Ms) {
      return { verdict: 'bad', because: `p99 ${round(balancer.p99Ms)} ms` };
    }
  }
  if (checkersPercent === undefined) return { verdict: 'unknown', because: 'no data of the health checkers' };
  if (!balancer) return { verdict: 'unknown', because: 'its CloudWatch could not be read' };
  return { verdict: 'good', because: `${round(checkersPercent)} % of the health checkers reach it` };
}

/** Share of 5xx in percent; missing data points count as 0. Undefined without a request. */
export function errorPercent({
  requests = 0,
  targetErrors = 0,
  balancerErrors = 0,
}: BalancerMinute): number | undefined {
  const all = requests + balancerErrors;
  return all === 0 ? undefined : (100 * (targetErrors + balancerErrors)) / all;
}

const round = (value: number) => Math.round(value * 10) / 10;
