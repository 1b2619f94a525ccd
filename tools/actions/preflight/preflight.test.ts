import type { Configuration } from '@platform/tools/model/configuration';
import type { LiveSession } from '@platform/tools/session/live-session';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Finding } from './finding';
import { isFirstPlan, preflight, preflightTable, wouldFail } from './preflight';
import { RecordedAws, refused, type Answers } from './testing/recorded-aws';

const example = exampleEnvironment();
const accounts = {
  network: '111111111111',
  workload: '222222222222',
  edge: '333333333333',
  management: '444444444444',
};
const environment = { ...example, accounts, level: 'accelerated' as const };
const [region] = exampleRegions.filter(({ awsRegion }) => awsRegion === 'us-east-1');
const zones = ['us-east-1a', 'us-east-1b', 'us-east-1e'];
const ids = zones.map((_, index) => `use1-az${index + 1}`);
const lists = { malware: 'rslvr-fdl-1' };
const now = new Date('2026-11-30T00:00:00Z');
const bucket = 'example-prod-documents-us';

type Resources = NonNullable<Configuration['resource']>;
/** One stack per account, with each kind of thing that is asked for. */
const stacks: Readonly<Record<string, { readonly account: keyof typeof accounts; readonly resource: Resources }>> = {
  'region-us-vpc': {
    account: 'network',
    resource: {
      aws_vpc: { Vpc: {} },
      aws_subnet: Object.fromEntries(
        zones.map((zone) => [zone, { availability_zone: zone, vpc_id: '${aws_vpc.Vpc.id}' }]),
      ),
      aws_eip: Object.fromEntries(['A', 'B', 'C', 'D', 'E', 'F'].map((name) => [name, {}])),
      aws_ram_resource_share: { Share: { name: 'prod', allow_external_principals: false } },
      aws_vpc_endpoint: {
        S3: { service_name: 'com.amazonaws.us-east-1.s3', vpc_endpoint_type: 'Gateway' },
        Logs: { service_name: 'com.amazonaws.us-east-1.logs', vpc_id: '${aws_vpc.Vpc.id}' },
      },
    },
  },
  'region-us-app': {
    account: 'workload',
    resource: {
      aws_launch_template: { App: { instance_type: 'm7g.large', image_id: 'resolve:ssm:/images/app' } },
      aws_autoscaling_group: { App: { max_size: 2, launch_template: { id: '${aws_launch_template.App.id}' } } },
      aws_rds_global_cluster: { Global: { global_cluster_identifier: 'prod-database' } },
      aws_rds_cluster_instance: {
        A: { engine: 'aurora-postgresql', engine_version: '16.9', instance_class: 'db.r7g.large' },
      },
      aws_elasticache_replication_group: {
        Cache: {
          replication_group_id: 'prod-sessions',
          engine: 'valkey',
          engine_version: '8.0',
          node_type: 'cache.r7g.large',
        },
      },
      aws_s3_bucket: { Documents: { bucket } },
      aws_secretsmanager_secret: { Password: { name: 'prod/database' } },
      aws_iam_role: { App: { name: 'prod-app-us' } },
      aws_kms_key: {
        Key: {
          policy: `arn:aws:iam::${accounts.workload}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
        },
      },
    },
  },
  'global-zone': {
    account: 'edge',
    resource: {
      aws_route53_zone: { Zone: { name: 'example.org' } },
      aws_acm_certificate: { Edge: { domain_name: 'example.org' } },
    },
  },
  'global-state': { account: 'management', resource: { aws_kms_key: { Key: {} } } },
};

const service = (name: string, type: string, where: readonly string[]) => ({
  serviceName: name,
  serviceType: { item: { serviceType: type } },
  availabilityZoneSet: { item: where },
});
const offering = (location: string) => ({ instanceType: 'm7g.large', locationType: 'availability-zone', location });
const quota = (value: number) => () => ({ body: { Quota: { Value: value } } });
const orderable = (global: boolean) => () => ({
  body: {
    OrderableDBInstanceOptions: {
      OrderableDBInstanceOption: {
        Engine: 'aurora-postgresql',
        SupportsGlobalDatabases: global,
        AvailabilityZones: { AvailabilityZone: zones.map((Name) => ({ Name })) },
      },
    },
  },
});
const certificate =
  (NotAfter: string, Status = 'ISSUED') =>
  () => ({
    body: {
      Certificate: { CertificateArn: 'arn', DomainName: 'example.org', Status, NotAfter: Date.parse(NotAfter) / 1000 },
    },
  });
const prefixLists = (distributions: string) => () => ({
  body: {
    prefixListSet: {
      item: [
        { prefixListId: distributions, prefixListName: 'com.amazonaws.global.cloudfront.origin-facing' },
        {
          prefixListId: region!.edgeSources.healthCheckers,
          prefixListName: 'com.amazonaws.us-east-1.route53-healthchecks',
        },
      ],
    },
  },
});

/** Of AWS as it should be before a first deploy. */
const healthy: Answers = {
  GetCallerIdentity: () => ({ body: { Account: '', Arn: 'arn:aws:sts::role' } }),
  SimulatePrincipalPolicy: (asked) => ({
    body: {
      EvaluationResults: {
        member: Object.entries(asked)
          .filter(([name]) => name.startsWith('ActionNames.'))
          .map(([, action]) => ({ EvalActionName: action, EvalResourceName: '*', EvalDecision: 'allowed' })),
      },
      IsTruncated: false,
    },
  }),
  ListAWSServiceAccessForOrganization: () => ({
    body: { EnabledServicePrincipals: [{ ServicePrincipal: 'ram.amazonaws.com' }] },
  }),
  // The bootstrap made it.
  GetPolicy: () => ({ body: { Policy: { PolicyName: 'platform-deploy-roles-boundary' } } }),
  // Service-linked roles exist; roles of the estate do not.
  GetRole: ({ RoleName }) =>
    RoleName!.startsWith('AWSServiceRole') ? { body: { Role: {} } } : refused('NoSuchEntity', 404),
  GetServiceQuota: quota(50),
  DescribeAddresses: () => ({ body: { addressesSet: '' } }),
  DescribeVpcs: () => ({ body: { vpcSet: '' } }),
  DescribeAvailabilityZones: () => ({
    body: {
      availabilityZoneInfo: {
        item: zones.map((zoneName, index) => ({
          zoneName,
          zoneId: ids[index],
          zoneState: 'available',
          optInStatus: 'opt-in-not-required',
        })),
      },
    },
  }),
  DescribeInstanceTypeOfferings: () => ({ body: { instanceTypeOfferingSet: { item: zones.map(offering) } } }),
  DescribeOrderableDBInstanceOptions: orderable(true),
  DescribeDBEngineVersions: () => ({
    body: {
      DBEngineVersions: { DBEngineVersion: ['15.4', '16.8', '16.10'].map((EngineVersion) => ({ EngineVersion })) },
    },
  }),
  DescribeCacheEngineVersions: () => ({
    body: { CacheEngineVersions: { CacheEngineVersion: { Engine: 'valkey', EngineVersion: '8.0' } } },
  }),
  DescribeReservedCacheNodesOfferings: () => ({
    body: { ReservedCacheNodesOfferings: { ReservedCacheNodesOffering: { CacheNodeType: 'cache.r7g.large' } } },
  }),
  DescribeVpcEndpointServices: () => ({
    body: {
      serviceDetailSet: {
        item: [
          service('com.amazonaws.us-east-1.s3', 'Gateway', zones),
          service('com.amazonaws.us-east-1.logs', 'Interface', zones),
        ],
      },
    },
  }),
  GetParameter: () => ({ body: { Parameter: { Value: 'ami-1' } } }),
  DescribeImages: () => ({ body: { imagesSet: { item: { imageId: 'ami-1', imageState: 'available' } } } }),
  DescribeManagedPrefixLists: prefixLists(region!.edgeSources.distributions),
  ListFirewallDomainLists: ({ NextToken }) => ({
    body: NextToken
      ? {
          FirewallDomainLists: [
            {
              Id: lists.malware,
              Name: 'AWSManagedDomainsMalwareDomainList',
              ManagedOwnerName: 'Route 53 Resolver DNS Firewall',
            },
          ],
        }
      : { FirewallDomainLists: [{ Id: 'rslvr-fdl-own', Name: 'own' }], NextToken: '2' },
  }),
  ListHostedZonesByName: () => ({
    body: {
      HostedZones: { HostedZone: { Id: '/hostedzone/Z1', Name: 'example.org.', CallerReference: 'c' } },
      IsTruncated: false,
      MaxItems: 100,
    },
  }),
  GetHostedZone: () => ({
    body: {
      HostedZone: { Id: '/hostedzone/Z1', Name: 'example.org.', CallerReference: 'c' },
      DelegationSet: { NameServers: { NameServer: ['ns-1.awsdns.com', 'ns-2.awsdns.net'] } },
    },
  }),
  ListCertificates: () => ({
    body: { CertificateSummaryList: [{ CertificateArn: 'arn', DomainName: 'example.org' }] },
  }),
  DescribeCertificate: certificate('2027-11-30'),
  HeadBucket: () => ({ status: 404 }),
  DescribeReplicationGroups: () => refused('ReplicationGroupNotFoundFault', 404),
  DescribeGlobalClusters: () => refused('GlobalClusterNotFoundFault', 404),
  DescribeSecret: () => refused('ResourceNotFoundException', 400),
};

async function run(
  answers: Answers = {},
  { deployed = [] as string[], nameServers = ['ns-1.awsdns.com.', 'ns-2.awsdns.net.'] } = {},
) {
  const aws = Object.fromEntries(
    Object.entries(accounts).map(([role, account]) => [
      role,
      new RecordedAws({
        ...healthy,
        GetCallerIdentity: () => ({
          body: { Account: account, Arn: `arn:aws:sts::${account}:assumed-role/platform-deploy/platform` },
        }),
        ...answers,
      }),
    ]),
  );
  const session = {
    options: {
      environment,
      estate: { regions: [{ ...region!, managedDomainLists: lists }] },
      target: { name: 'aws', clientOptions: async (role: string, awsRegion: string) => aws[role]!.options(awsRegion) },
    },
    stacks: {
      all: Object.entries(stacks).map(
        ([stack, { account }]) =>
          ({ stack, account, awsRegion: 'us-east-1', aliases: [] }) as unknown as StackDescription,
      ),
      configuration: (stack: string): Configuration => ({ resource: stacks[stack]!.resource }),
    },
    states: { of: async (stack: string) => (deployed.includes(stack) ? {} : undefined) },
  } as unknown as LiveSession;
  const findings = await preflight(session, { nameServers: async () => nameServers, now });
  return { findings, calls: Object.values(aws).flatMap(({ calls }) => calls) };
}
const bad = (findings: readonly Finding[]) =>
  findings
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ verdict, check, found, remedy }) => ({ verdict, check, found, remedy }));

test('AWS as it should be has nothing to say, and only reads are made', async () => {
  const { findings, calls } = await run();
  expect(bad(findings)).toEqual([]);
  expect(wouldFail(findings)).toBe(false);
  expect(preflightTable(findings)).toMatch(/^\d+ checks: \d+ ok$/m);
  expect(new Set(findings.map(({ check }) => check)).size).toBe(18);
  for (const call of calls) expect(call).toMatch(/^(Get|List|Describe|Head|Simulate)/);
});

const fails = 'fails' as const;
test.each<[string, Answers, Partial<Finding>]>([
  [
    'a role that leads into another account',
    { GetCallerIdentity: () => ({ body: { Account: '999999999999', Arn: 'arn' } }) },
    { check: 'role', verdict: fails, found: 'account 999999999999' },
  ],
  [
    'a role that cannot be assumed',
    { GetCallerIdentity: () => refused('AccessDenied') },
    { check: 'role', verdict: fails, found: 'denied' },
  ],
  [
    'an action that the deploy role may not call',
    {
      SimulatePrincipalPolicy: (asked) => ({
        body: {
          EvaluationResults: {
            member: Object.entries(asked)
              .filter(([name]) => name.startsWith('ActionNames.'))
              .map(([, action]) => ({
                EvalActionName: action,
                EvalResourceName: '*',
                EvalDecision: action === 'ec2:AllocateAddress' ? 'implicitDeny' : 'allowed',
              })),
          },
          IsTruncated: false,
        },
      }),
    },
    { check: 'permissions', verdict: fails, found: 'denied: ec2:AllocateAddress' },
  ],
  [
    'a boundary of roles that the bootstrap has not made yet',
    { GetPolicy: () => refused('NoSuchEntity', 404) },
    { check: 'boundary', verdict: fails, found: 'missing', remedy: expect.stringContaining('bootstrap') as never },
  ],
  [
    'sharing that is off',
    { ListAWSServiceAccessForOrganization: () => ({ body: { EnabledServicePrincipals: [] } }) },
    { check: 'sharing', verdict: fails, found: 'off' },
  ],
  [
    'accounts outside an organisation',
    { ListAWSServiceAccessForOrganization: () => refused('AWSOrganizationsNotInUseException', 400) },
    { check: 'sharing', verdict: fails, found: 'the account is in no organisation' },
  ],
  [
    'a service role that a policy names and that is missing',
    { GetRole: () => refused('NoSuchEntity', 404) },
    {
      check: 'service role',
      verdict: fails,
      remedy: expect.stringContaining('--aws-service-name autoscaling.amazonaws.com') as never,
    },
  ],
  [
    'a quota that is too small, with what others use of it',
    {
      GetServiceQuota: quota(6),
      DescribeAddresses: () => ({ body: { addressesSet: { item: { allocationId: 'eipalloc-1' } } } }),
    },
    {
      check: 'quota',
      verdict: fails,
      found: '6, of which 1 are in use',
      remedy: expect.stringContaining('--quota-code L-0263D0A3 --desired-value 7 --region us-east-1') as never,
    },
  ],
  [
    'a zone that the account does not have',
    {
      DescribeAvailabilityZones: () => ({
        body: {
          availabilityZoneInfo: { item: { zoneName: 'us-east-1a', zoneId: 'use1-az1', zoneState: 'available' } },
        },
      }),
    },
    { check: 'zones', verdict: fails, remedy: expect.stringContaining('us-east-1b, us-east-1e') as never },
  ],
  [
    'an instance type that one of three zones lacks',
    {
      DescribeInstanceTypeOfferings: () => ({
        body: { instanceTypeOfferingSet: { item: zones.slice(0, 2).map(offering) } },
      }),
    },
    { check: 'instance type', verdict: 'note', found: 'not offered in us-east-1e' },
  ],
  [
    'an instance type that the region lacks',
    { DescribeInstanceTypeOfferings: () => ({ body: { instanceTypeOfferingSet: '' } }) },
    { check: 'instance type', verdict: fails, found: 'offered nowhere in the region' },
  ],
  [
    'an engine version that is gone',
    { DescribeOrderableDBInstanceOptions: () => ({ body: { OrderableDBInstanceOptions: '' } }) },
    { check: 'database', verdict: fails, found: 'no version 16.9; there are 16.8, 16.10' },
  ],
  [
    'a class that takes no part in a global database',
    { DescribeOrderableDBInstanceOptions: orderable(false) },
    { check: 'database', verdict: fails, found: 'no global database with this version and class' },
  ],
  [
    'a cache version that is unknown',
    { DescribeCacheEngineVersions: () => ({ body: { CacheEngineVersions: '' } }) },
    { check: 'cache', verdict: fails, found: 'no version 8.0; there are none' },
  ],
  [
    'a service that lacks a zone',
    {
      DescribeVpcEndpointServices: () => ({
        body: {
          serviceDetailSet: {
            item: [
              service('com.amazonaws.us-east-1.s3', 'Gateway', zones),
              service('com.amazonaws.us-east-1.logs', 'Interface', zones.slice(0, 2)),
            ],
          },
        },
      }),
    },
    { check: 'endpoint service', verdict: fails, found: 'com.amazonaws.us-east-1.logs is not in us-east-1e' },
  ],
  [
    'a parameter without an image',
    { GetParameter: () => refused('ParameterNotFound', 400) },
    { check: 'image', verdict: fails, found: 'no such parameter' },
  ],
  [
    'another prefix list than that of the settings',
    { DescribeManagedPrefixLists: prefixLists('pl-other') },
    { check: 'prefix list', verdict: fails, remedy: expect.stringContaining("'pl-other'") as never },
  ],
  [
    'a domain list that AWS does not have',
    {
      ListFirewallDomainLists: () => ({
        body: { FirewallDomainLists: [{ Id: 'rslvr-fdl-9', Name: 'Botnet', ManagedOwnerName: 'AWS' }] },
      }),
    },
    { check: 'domain list', verdict: fails, remedy: expect.stringContaining('Botnet rslvr-fdl-9') as never },
  ],
  [
    'a certificate that ends soon',
    { DescribeCertificate: certificate('2026-12-10') },
    { check: 'certificate', verdict: 'note', found: 'ends in 10 days' },
  ],
  [
    'a bucket name of another account',
    { HeadBucket: () => ({ status: 403 }) },
    { check: 'bucket name', verdict: fails, found: 'taken by another account' },
  ],
  [
    'a name that exists',
    { GetRole: () => ({ body: { Role: { RoleName: 'prod-app-us' } } }) },
    {
      check: 'name',
      verdict: fails,
      remedy: expect.stringContaining('npx platform adopt region-us-app aws_iam_role.App prod-app-us') as never,
    },
  ],
  [
    'a secret whose deletion is not over',
    { DescribeSecret: () => ({ body: { ARN: 'arn', Name: 'prod/database', DeletedDate: 1_700_000_000 } }) },
    { check: 'name', verdict: fails, found: 'scheduled for deletion' },
  ],
])('finds %s', async (_, answers, expected) => {
  const { findings } = await run(answers);
  expect(findings).toContainEqual(expect.objectContaining(expected));
  expect(wouldFail(findings)).toBe(expected.verdict === 'fails');
});

test('a domain that is delegated elsewhere fails, one without a zone is noted', async () => {
  const elsewhere = await run({}, { nameServers: ['ns.registrar.example.'] });
  expect(bad(elsewhere.findings)).toEqual([
    expect.objectContaining({ verdict: 'fails', check: 'delegation', found: 'delegated to ns.registrar.example' }),
  ]);
  const without = await run({
    ListHostedZonesByName: () => ({ body: { HostedZones: '', IsTruncated: false, MaxItems: 100 } }),
  });
  expect(bad(without.findings)).toEqual([expect.objectContaining({ verdict: 'note', check: 'delegation' })]);
});

test('what a deployed stack made is not asked for', async () => {
  const { findings } = await run(
    { HeadBucket: () => ({ status: 200 }), GetRole: () => ({ body: { Role: {} } }) },
    { deployed: ['region-us-app'] },
  );
  expect(bad(findings)).toEqual([]);
});

test.each([
  [[], true],
  [['global-state', 'global-access'], true],
  [['global-state', 'region-us-vpc'], false],
])('a plan begins with a preflight where %j is deployed: %s', async (deployed: string[], first) => {
  const all = ['global-state', 'global-access', 'region-us-vpc'].map((stack) => ({ stack }));
  const states = { of: async (stack: string) => (deployed.includes(stack) ? {} : undefined) };
  expect(await isFirstPlan({ stacks: { all }, states } as unknown as LiveSession)).toBe(first);
});

test('a denied call is a finding that names the action, and stops nothing', async () => {
  const { findings } = await run({ GetServiceQuota: () => refused('AccessDeniedException', 400) });
  expect(new Set(bad(findings).map((finding) => JSON.stringify(finding)))).toEqual(
    new Set([
      JSON.stringify({
        verdict: 'unknown',
        check: 'quota',
        found: 'denied',
        remedy: 'allow servicequotas:GetServiceQuota to the role',
      }),
    ]),
  );
  expect(wouldFail(findings)).toBe(false);
});

test.each([
  ['denied', refused('AccessDenied')],
  ['throttled', refused('ThrottlingException', 400)],
  ['broken', { status: 500, body: 'InternalFailure' }],
])('where every call but the first is %s, the answer is a table', async (_, recorded) => {
  const { findings } = await run(
    Object.fromEntries(
      Object.keys(healthy)
        .filter((name) => name !== 'GetCallerIdentity')
        .map((name) => [name, () => recorded]),
    ),
  );
  expect(findings.filter(({ verdict }) => verdict === 'unknown').length).toBeGreaterThan(12);
  expect(preflightTable(findings)).toContain('unknown');
});

test('an empty account is a table with what to do in each line', async () => {
  const { findings } = await run({
    GetRole: () => refused('NoSuchEntity', 404),
    GetServiceQuota: () => refused('NoSuchResourceException', 400),
    GetAWSDefaultServiceQuota: quota(5),
    ListHostedZonesByName: () => ({ body: { HostedZones: '', IsTruncated: false, MaxItems: 100 } }),
    ListCertificates: () => ({ body: {} }),
    GetParameter: () => refused('ParameterNotFound', 400),
  });
  const notOk = findings.filter(({ verdict }) => verdict !== 'ok');
  expect(notOk.length).toBeGreaterThan(3);
  for (const { remedy } of notOk) expect(remedy).toBeTruthy();
});
