/** A quota of AWS. Figures are those of a new account. */
export interface Quota {
  /** What is counted, in words for a message. */
  readonly counts: string;
  /** Service Quotas' word for the service. */
  readonly service: string;
  /** Service Quotas' code. Absent: the quota is not there, and a support case raises it. */
  readonly code?: string;
  /** What an account has before a raise. */
  readonly byDefault: number;
  /** What no raise exceeds. Equal to the default where AWS raises nothing; absent where AWS names no limit. */
  readonly most?: number;
  /** Where a quota of the whole account is kept. Absent: each AWS region has its own. */
  readonly keptIn?: 'us-east-1';
  /** Address of the page with the figures. */
  readonly source: string;
}

const docs = 'https://docs.aws.amazon.com';
const vpc = { service: 'vpc', source: `${docs}/vpc/latest/userguide/amazon-vpc-limits.html` } as const;
const endpoints = { service: 'vpc', source: `${docs}/vpc/latest/privatelink/vpc-limits-endpoints.html` } as const;
const hub = { service: 'ec2', source: `${docs}/vpc/latest/tgw/transit-gateway-quotas.html` } as const;
const vpn = { service: 'ec2', source: `${docs}/vpn/latest/s2svpn/vpn-limits.html` } as const;
const balancer = {
  service: 'elasticloadbalancing',
  source: `${docs}/elasticloadbalancing/latest/application/load-balancer-limits.html`,
} as const;
const dns = { service: 'route53', source: `${docs}/Route53/latest/DeveloperGuide/DNSLimitations.html` } as const;
const resolver = { ...dns, service: 'route53resolver' } as const;
const iam = {
  service: 'iam',
  keptIn: 'us-east-1',
  source: `${docs}/IAM/latest/UserGuide/reference_iam-quotas.html`,
} as const;
const rds = { service: 'rds', source: `${docs}/AmazonRDS/latest/UserGuide/CHAP_Limits.html` } as const;
const acm = { service: 'acm', source: `${docs}/acm/latest/userguide/acm-limits.html` } as const;

/**
 * Quotas that an estate of this shape comes near, by our word. Codes are those of Service Quotas
 * (`aws service-quotas list-aws-default-service-quotas`). Lengths of names and documents are in `tools/model/aws-limits.ts`.
 */
export const quotas = {
  vpcs: { counts: 'VPCs per region', code: 'L-F678F1CE', byDefault: 5, ...vpc },
  internetGateways: { counts: 'internet gateways per region', code: 'L-A4707A72', byDefault: 5, ...vpc },
  natGatewaysPerZone: { counts: 'NAT gateways per zone', code: 'L-FE5A380F', byDefault: 5, ...vpc },
  subnetsPerVpc: { counts: 'subnets per VPC', code: 'L-407747CB', byDefault: 200, ...vpc },
  routeTablesPerVpc: { counts: 'route tables per VPC', code: 'L-589F43AA', byDefault: 200, ...vpc },
  // Newer copies of the guide say 500. The smaller figure warns earlier.
  routesPerTable: { counts: 'routes per route table', code: 'L-93826ACB', byDefault: 50, most: 1000, ...vpc },
  aclRules: { counts: 'rules per network ACL and direction', code: 'L-2AEEBF1A', byDefault: 20, most: 40, ...vpc },
  // Rules per group times groups per interface stay below 1,000, and an interface has 5 groups by default.
  groupRules: {
    counts: 'rules per security group and direction',
    code: 'L-0EA8095F',
    byDefault: 60,
    most: 200,
    ...vpc,
  },
  groupsPerInterface: { counts: 'security groups per interface', code: 'L-2AFB9258', byDefault: 5, most: 16, ...vpc },
  elasticIps: { ...vpc, counts: 'Elastic IP addresses per region', service: 'ec2', code: 'L-0263D0A3', byDefault: 5 },
  sharedSubnets: { counts: 'subnets shared with one account', code: 'L-44499CD2', byDefault: 100, ...vpc },
  interfaceEndpoints: {
    counts: 'interface and GWLB endpoints per VPC',
    code: 'L-29B6F2EB',
    byDefault: 50,
    ...endpoints,
  },
  gatewayEndpoints: { counts: 'gateway endpoints per region', code: 'L-1B52E74A', byDefault: 20, ...endpoints },

  hubs: { counts: 'Transit Gateways per region', code: 'L-A2478D36', byDefault: 5, ...hub },
  hubAttachments: { counts: 'attachments per Transit Gateway', code: 'L-E0233F82', byDefault: 5000, ...hub },
  hubPeerings: { counts: 'peerings per Transit Gateway', code: 'L-A1B5A36F', byDefault: 50, ...hub },
  hubTables: { counts: 'route tables per Transit Gateway', code: 'L-43872EB7', byDefault: 20, ...hub },
  hubRoutes: { counts: 'routes per Transit Gateway', code: 'L-BCC1FB47', byDefault: 10_000, ...hub },
  vpnConnections: { counts: 'VPN connections per region', code: 'L-3E6EC3A3', byDefault: 50, ...vpn },
  customerGateways: { counts: 'customer gateways per region', code: 'L-4FB7FF5D', byDefault: 50, ...vpn },

  // An account that is old or busy has more; one that is new has 5.
  standardVcpus: {
    counts: 'vCPUs of Standard On-Demand instances per region',
    service: 'ec2',
    code: 'L-1216C47A',
    byDefault: 5,
    source: `${docs}/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html`,
  },

  applicationBalancers: {
    counts: 'Application Load Balancers per region',
    code: 'L-53DA6B97',
    byDefault: 50,
    ...balancer,
  },
  networkBalancers: { counts: 'Network Load Balancers per region', code: 'L-69A177A2', byDefault: 50, ...balancer },
  targetGroups: { counts: 'target groups per region', code: 'L-B22855CB', byDefault: 3000, ...balancer },
  listenerRules: { counts: 'rules per listener', code: 'L-7EED9B64', byDefault: 100, ...balancer },
  listenersPerBalancer: { counts: 'listeners per load balancer', code: 'L-57A373D6', byDefault: 50, ...balancer },
  ruleConditions: {
    counts: 'condition values per listener rule',
    code: 'L-EBC0C08B',
    byDefault: 5,
    most: 5,
    ...balancer,
  },

  certificates: { counts: 'certificates per region', code: 'L-F141DD1D', byDefault: 2500, ...acm },
  certificateNames: { counts: 'domain names per certificate', code: 'L-FB94F0B0', byDefault: 10, most: 100, ...acm },
  healthChecks: {
    counts: 'health checks per account',
    code: 'L-ACB674F3',
    byDefault: 200,
    keptIn: 'us-east-1',
    ...dns,
  },
  hostedZones: { counts: 'hosted zones per account', code: 'L-4EA4796A', byDefault: 500, keptIn: 'us-east-1', ...dns },
  resolverEndpoints: { counts: 'Resolver endpoints per region', code: 'L-4A669CC0', byDefault: 4, ...resolver },
  resolverAddresses: { counts: 'addresses per Resolver endpoint', code: 'L-D2FE9758', byDefault: 6, ...resolver },
  resolverRules: { counts: 'Resolver rules per region', code: 'L-51D8A1FB', byDefault: 1000, ...resolver },
  firewallGroupsPerVpc: {
    counts: 'DNS firewall rule groups per VPC',
    code: 'L-15219E1D',
    byDefault: 5,
    most: 5,
    ...resolver,
  },
  firewallRules: { counts: 'rules per DNS firewall rule group', code: 'L-F763F4D9', byDefault: 100, ...resolver },
  firewallLists: { counts: 'DNS firewall domain lists per region', code: 'L-9FA3C0A4', byDefault: 1000, ...resolver },
  firewallDomains: {
    counts: 'domains in DNS firewall lists per region',
    code: 'L-740A4B31',
    byDefault: 100_000,
    ...resolver,
  },

  roles: { counts: 'IAM roles per account', code: 'L-FE177D64', byDefault: 1000, most: 5000, ...iam },
  managedPolicies: { counts: 'managed policies per account', code: 'L-E95E4862', byDefault: 1500, most: 5000, ...iam },
  policiesPerRole: { counts: 'managed policies per role', code: 'L-0DA4ABF3', byDefault: 10, most: 20, ...iam },
  identityProviders: { counts: 'OpenID Connect providers per account', code: 'L-858F3967', byDefault: 100, ...iam },

  databaseInstances: { counts: 'database instances per region', code: 'L-7B6409FD', byDefault: 40, ...rds },
  databaseClusters: { counts: 'database clusters per region', code: 'L-952B80B8', byDefault: 40, ...rds },
  logPolicies: {
    counts: 'CloudWatch Logs resource policies per region',
    service: 'logs',
    byDefault: 10,
    most: 10,
    source: `${docs}/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html`,
  },
  // An account that is new has 10 (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
  functionConcurrency: {
    counts: 'concurrent executions of functions per region, with the 100 that AWS keeps unreserved',
    service: 'lambda',
    code: 'L-B99A9384',
    byDefault: 1000,
    source: `${docs}/lambda/latest/dg/configuration-concurrency.html`,
  },
  distributions: {
    counts: 'CloudFront distributions per account',
    service: 'cloudfront',
    code: 'L-24B04930',
    byDefault: 200,
    keptIn: 'us-east-1',
    source: `${docs}/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html`,
  },
} satisfies Record<string, Quota>;

/** Our word for a quota. */
export type QuotaName = keyof typeof quotas;

/** Rules of a security group in each direction, by default. */
export const securityGroupRules = quotas.groupRules.byDefault;

/** Networks or servers in a security group of a Resolver endpoint: each needs a rule for UDP and one for TCP. */
export const dnsPeers = securityGroupRules / 2;

/** Targets of a forwarding rule (Route 53 developer guide, "Quotas on Route 53 Resolver"; cannot be raised). */
export const targetsPerRule = 6;

/**
 * Prefixes that a Transit Gateway advertises over a transit virtual interface (Direct Connect user guide, "Direct
 * Connect quotas").
 */
export const prefixesPerAssociation = 200;

/** Route tables of a Transit Gateway, by default. */
export const hubTables = quotas.hubTables.byDefault;

/** Listeners of a load balancer, by default. */
export const listenersPerBalancer = quotas.listenersPerBalancer.byDefault;

/** Target groups of an Auto Scaling group (EC2 Auto Scaling user guide, "Quotas"; cannot be raised). */
export const targetGroupsPerGroup = 50;

/**
 * Rules that a reference to a prefix list of AWS counts for, by the end of its name (VPC user guide, "AWS-managed prefix
 * lists": https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html).
 */
export const prefixListWeights = {
  'cloudfront.origin-facing': 55,
  'route53-healthchecks': 25,
  s3: 1,
  dynamodb: 1,
} as const;

/**
 * ASNs that no customer gateway may have, and the AWS region of that rule (Site-to-Site VPN user guide, "Customer
 * gateway options").
 */
export const reservedAsns: Readonly<Record<number, string>> = {
  7224: 'everywhere',
  9059: 'eu-west-1',
  10124: 'ap-northeast-1',
  17943: 'ap-southeast-1',
};
