/*
 * What AWS commits to: monthly uptime in percent. The commitments are the contract floor, and the model takes them as the
 * availability of a part. A service without a row has no commitment that was found, and is unknown.
 */

/** One row. */
export interface ServiceLevel {
  readonly service: string;
  /** Percent of a month in which it works, over two or more availability zones where the service has them. */
  readonly percent: number;
  /** Percent in one availability zone; left out where the service does not tell. */
  readonly inOneZone?: number;
  /** Page of the commitment. */
  readonly source: string;
  /** Day of the page, `2022-05-05`, or the month. */
  readonly date: string;
}

const sla = (service: string, percent: number, date: string, source: string, inOneZone?: number): ServiceLevel => ({
  service,
  percent,
  source,
  date,
  ...(inOneZone === undefined ? {} : { inOneZone }),
});

export const serviceLevels = {
  route53: sla('Route 53 DNS', 100, '2022-08', 'https://aws.amazon.com/route53/sla/'),
  resolverEndpoint: sla(
    'Route 53 Resolver endpoint',
    99.99,
    '2022-08-29',
    'https://aws.amazon.com/route53/resolver/sla/',
    99.5,
  ),
  accelerator: sla('Global Accelerator', 99.99, '2022-05-19', 'https://aws.amazon.com/global-accelerator/sla/', 99.5),
  cloudfront: sla('CloudFront', 99.9, '2022-05-05', 'https://aws.amazon.com/cloudfront/sla/'),
  firewall: sla('WAF', 99.95, '2022-05-05', 'https://aws.amazon.com/waf/sla/'),
  balancer: sla(
    'Elastic Load Balancing',
    99.99,
    '2022-07-25',
    'https://aws.amazon.com/elasticloadbalancing/sla/',
    99.9,
  ),
  compute: sla('EC2', 99.99, '2022-05-05', 'https://aws.amazon.com/compute/sla/', 99.5),
  aurora: sla('Aurora', 99.99, '2022-05-19', 'https://aws.amazon.com/rds/aurora/sla/', 99.9),
  rds: sla('RDS', 99.95, '2024-01-22', 'https://aws.amazon.com/rds/sla/', 99.5),
  dynamodb: sla('DynamoDB', 99.99, '2022-03', 'https://aws.amazon.com/dynamodb/sla/'),
  dynamodbGlobal: sla('DynamoDB global table', 99.999, '2022-03', 'https://aws.amazon.com/dynamodb/sla/'),
  s3: sla('S3', 99.9, '2023-11', 'https://aws.amazon.com/s3/sla/'),
  transitGateway: sla('Transit Gateway', 99.95, '2019-03-19', 'https://aws.amazon.com/transit-gateway/sla/historical/'),
  vpn: sla('Site-to-Site VPN', 99.95, '2022-05-05', 'https://aws.amazon.com/vpn/site-to-site-vpn-sla/'),
} as const;

export type ServiceLevelId = keyof typeof serviceLevels;
