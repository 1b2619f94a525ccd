/** AWS services that can have an endpoint of their own in a VPC, by the end of the endpoint service's name. */
export const endpointServices = [
  'ssm',
  'ssmmessages',
  'ec2messages',
  'ecr.api',
  'ecr.dkr',
  'logs',
  'monitoring',
  'events',
  'secretsmanager',
  'kms',
  'sts',
  'sqs',
  'elasticloadbalancing',
  'autoscaling',
] as const;
/** One of {@link endpointServices}. */
export type EndpointService = (typeof endpointServices)[number];

/** Offers what stands behind the application's internal network balancer to others. */
export interface OfferSettings {
  /** ARNs of the accounts, roles or users that may ask for a connection; each one is accepted by hand. */
  readonly allowedPrincipals: readonly string[];
}

/** A partner's service that our VPCs use. */
export interface PartnerServiceSettings {
  /** By region key: name of its endpoint service, `com.amazonaws.vpce.<region>.vpce-svc-…`. Regions without one do not use it. */
  readonly serviceNames: Readonly<Record<string, string>>;
  /** TCP ports that it answers on; those of all partners in a region at most 59 beside 443. */
  readonly ports: readonly number[];
  /** `on`: the VPC resolves the partner's own name to the endpoint. Only once the partner has accepted the connection. */
  readonly privateDns: 'on' | 'off';
}

/** Private ways to services, in every region of one environment. */
export interface PrivateLinkSettings {
  readonly services: readonly EndpointService[];
  /** Absent: nothing is offered. Needs `application.networkBalancer`. */
  readonly offer?: OfferSettings;
  /** By lower-case name. */
  readonly partners?: Readonly<Record<string, PartnerServiceSettings>>;
}
