/*
 * What AWS commits to: monthly uptime in percent. The commitments are the contract floor, and the model takes them as the
 * availability of a part. A service without a row has no commitment that was found, and is unknown.
 *
 * The pages were read where their day is given in full before 2023; the others by two transcriptions:
 * https://github.com/mikaelvesavuori/cloud-sla (2023-01-08) and
 * https://cloudonaut.io/aws-sla-are-you-able-to-keep-your-availability-promise (2019-01-31).
 */

/** Percent of a month. */
export interface Commitment {
  readonly percent: number;
  /** Where sources differ: the higher figure. */
  readonly percentHigh?: number;
  /** `unconfirmed`: no source was found. It counts from {@link secondTierPercent}, and every output names it. */
  readonly status: 'confirmed' | 'unconfirmed';
}

/** One row. */
export interface ServiceLevel extends Commitment {
  readonly service: string;
  /** In one availability zone; left out where the service does not tell. `percent`: over two or more, where it has them. */
  readonly inOneZone?: Commitment;
  /** Page of the commitment. */
  readonly source: string;
  /** Day of the page or of its transcription. */
  readonly date: string;
}

/**
 * Below it AWS's credits rise in every one of these agreements, for any commitment: what an unconfirmed commitment
 * is at least (https://aws.amazon.com/rds/aurora/sla/).
 */
export const secondTierPercent = 99;

const confirmed = (percent: number, percentHigh?: number): Commitment => ({
  percent,
  ...(percentHigh === undefined ? {} : { percentHigh }),
  status: 'confirmed',
});
const unconfirmed = (percent: number, percentHigh?: number): Commitment => ({
  ...confirmed(percent, percentHigh),
  status: 'unconfirmed',
});

const sla = (
  service: string,
  commitment: Commitment,
  date: string,
  source: string,
  inOneZone?: Commitment,
): ServiceLevel => ({ service, ...commitment, source, date, ...(inOneZone === undefined ? {} : { inOneZone }) });

export const serviceLevels = {
  route53: sla('Route 53 DNS', confirmed(100), '2023-01-08', 'https://aws.amazon.com/route53/sla/'),
  resolverEndpoint: sla(
    'Route 53 Resolver endpoint',
    confirmed(99.99),
    '2022-08-29',
    'https://aws.amazon.com/route53/resolver/sla/',
    unconfirmed(99.5),
  ),
  accelerator: sla(
    'Global Accelerator',
    confirmed(99.99),
    '2022-05-19',
    'https://aws.amazon.com/global-accelerator/sla/',
  ),
  cloudfront: sla('CloudFront', confirmed(99.9), '2022-05-05', 'https://aws.amazon.com/cloudfront/sla/'),
  firewall: sla('WAF', confirmed(99.95), '2022-05-05', 'https://aws.amazon.com/waf/sla/'),
  balancer: sla(
    'Elastic Load Balancing',
    confirmed(99.99),
    '2022-07-25',
    'https://aws.amazon.com/elasticloadbalancing/sla/',
    confirmed(99.9),
  ),
  // Instances, and tasks on Fargate.
  compute: sla(
    'EC2 and Fargate',
    confirmed(99.99),
    '2022-05-05',
    'https://aws.amazon.com/compute/sla/',
    confirmed(99.5),
  ),
  aurora: sla('Aurora', confirmed(99.99), '2022-05-19', 'https://aws.amazon.com/rds/aurora/sla/', confirmed(99.9)),
  rds: sla('RDS', confirmed(99.95), '2024-01-22', 'https://aws.amazon.com/rds/sla/', confirmed(99.5)),
  dynamodb: sla('DynamoDB', confirmed(99.99), '2022-03-10', 'https://aws.amazon.com/dynamodb/sla/'),
  s3: sla('S3', confirmed(99.9), '2023-01-08', 'https://aws.amazon.com/s3/sla/'),
  messaging: sla('SQS', confirmed(99.9), '2023-01-08', 'https://aws.amazon.com/messaging/sla/'),
  eventBridge: sla('EventBridge', confirmed(99.99), '2023-01-08', 'https://aws.amazon.com/eventbridge/sla/'),
  // 99.95 % on the page of 2019 (https://aws.amazon.com/transit-gateway/sla/historical/), 99.99 % in the transcription.
  transitGateway: sla(
    'Transit Gateway',
    confirmed(99.95, 99.99),
    '2023-01-08',
    'https://aws.amazon.com/transit-gateway/sla/',
  ),
  vpn: sla('Site-to-Site VPN', confirmed(99.95), '2022-05-05', 'https://aws.amazon.com/vpn/site-to-site-vpn-sla/'),
  // 99.9 % needs connections at two locations, and 99.99 % two at each of them.
  directConnect: sla(
    'Direct Connect, one connection',
    unconfirmed(95, 99.9),
    '2023-01-08',
    'https://aws.amazon.com/directconnect/sla/',
  ),
} as const;

export type ServiceLevelId = keyof typeof serviceLevels;
