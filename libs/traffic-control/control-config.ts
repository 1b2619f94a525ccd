import type { DecisionInput } from './decide';

/** What a region's function gets in its environment variable `CONTROL`, as JSON. */
export interface ControlConfig {
  readonly environment: string;
  /** Key of the region that it judges. It runs in another one. */
  readonly judged: string;
  readonly acceleratorArn: string;
  readonly settings: DecisionInput['settings'];
  /** Role in the load balancers' account that reads their metrics. Absent: the function's own account has them. */
  readonly readerRoleArn?: string;
  /** SSM parameters in the function's region. */
  readonly overrideParameter: string;
  readonly memoryParameter: string;
  /** All regions by key. */
  readonly regions: Readonly<Record<string, ControlledRegion>>;
}

export interface ControlledRegion {
  readonly awsRegion: string;
  readonly endpointGroupArn: string;
  /** A number as text, as the contract has it. */
  readonly plannedPercent: string;
  /** Dimension LoadBalancer of its load balancer's metrics. */
  readonly balancer: string;
  readonly healthCheckId: string;
}

/** Namespace of the function's own metrics. */
export const controlNamespace = 'Platform/TrafficControl';
