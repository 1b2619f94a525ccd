import { fill } from '@platform/libs/settings/effective';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import type { OnPremisesSettings } from '@platform/libs/settings/hybrid';
import { objectivesSchema, type ObjectivesSettings } from '@platform/libs/settings/objectives';
import type { EnvironmentSettings, OrganisationSettings } from '@platform/libs/settings/organisation';
import type { EdgeSources, RegionSettings } from '@platform/libs/settings/region';

/*
 * Settings for tests that must not depend on an organisation's own settings: tests of libs, and of settings that
 * another organisation omits or sets otherwise. A stack's test with the real settings, `selectEnvironment(infra, name,
 * whatIf)` and its `../region`, takes its expectations from them, because people edit them.
 */

const exampleEnvironmentSettings = {
  domain: 'example.com',
  segment: 'prod',
  accounts: { network: '111111111111', workload: '222222222222', edge: '333333333333', management: '444444444444' },
  level: 'origin-failover',
  mode: 'active-passive',
  access: { roles: 'managed', operators: [] },
  natGateways: 'per-zone',
  dns: { queryLogRetentionDays: 90, firewallFails: 'open', sharedWith: [], blockedDomains: ['blocked.example'] },
  privateLink: { services: ['ssm'] },
  state: { backend: 's3', oldVersionDays: 90, oldVersionsKept: 20, locking: 's3' },
  rollout: { waitSec: 600, alarms: ['prod-app-errors'] },
  alarmRecipients: {
    platform: { email: ['platform@acme.io'] },
    network: { email: ['network@acme.io'], https: ['https://pager.acme.io/sns'] },
  },
  observability: {
    objectives: { windowDays: 30, availabilityPercent: 99.9, latencyPercent: 99, latencyMs: 500 },
    canaries: { run: 'on', everyMinutes: 5, runtime: 'syn-nodejs-puppeteer-15.0' },
    droppedPackets: 1000,
    certificateDays: 30,
  },
  flowLogs: { destination: 's3', retentionDays: 30, protection: 'protected' },
  edge: {
    zone: { signing: 'unsigned', certificateAuthorities: ['amazon.com'], ttlSec: 300, queryLogRetentionDays: 30 },
    healthCheck: { intervalSec: 10, failureThreshold: 3, path: '/healthz' },
    originFailover: {
      statusCodes: [500, 502, 503, 504],
      connectionTimeoutSec: 2,
      connectionAttempts: 1,
      readTimeoutSec: 10,
    },
    failback: 'manual',
    strictTransport: { maxAgeDays: 365, subdomains: 'off', preload: 'off' },
    accelerator: { clientAffinity: 'NONE', healthCheckIntervalSec: 10, healthCheckThreshold: 3 },
    requestLimit: 2000,
    firewallLogRetentionDays: 30,
    logRetentionDays: 30,
    logQueries: { mode: 'on', scanLimitGib: 10 },
    protection: 'disposable',
  },
  firewall: {
    ipReputation: { mode: 'block' },
    knownBadInputs: { mode: 'block' },
    common: { mode: 'count', rules: { SizeRestrictions_BODY: 'count' } },
    sqlInjection: { mode: 'count' },
    blockedAlarm: 1000,
  },
  guardrails: { accountDefaults: 'unmanaged', vpcPublicAccess: 'open' },
  trafficControl: {
    mode: 'enforce',
    floorPercent: 10,
    stepPercent: 20,
    lowerAfterMin: 3,
    raiseAfterMin: 15,
    errorPercent: 5,
    p99Ms: 3000,
    minRequestsPerMin: 60,
    logRetentionDays: 30,
  },
  dataStores: {
    database: {
      engine: 'aurora-global',
      engineVersion: '16.9',
      databaseName: 'app',
      masterUsername: 'platform_owner',
      instanceClass: 'db.r6g.large',
      instances: { active: 2, standby: 1 },
      writers: 'single-writer',
      objective: { rpoSec: 60, rtoSec: 900 },
      writeForwarding: 'off',
      enforcedRpoSec: 60,
      protection: 'protected',
      afterDestroy: 'recoverable',
      backupRetentionDays: 35,
      backupWindow: '16:00-17:00',
      logRetentionDays: 365,
    },
    tables: {
      sessions: {
        partitionKey: 'id',
        expiryAttribute: 'expiresAt',
        writers: 'multi-writer',
        conflicts: 'last-writer-wins',
        objective: { rpoSec: 5, rtoSec: 0 },
        capacity: 'on-demand',
        protection: 'protected',
      },
    },
    buckets: {
      documents: {
        serves: 'application',
        writers: 'single-writer',
        objective: { rpoSec: 900, rtoSec: 0 },
        replicationTimeControl: 'on',
        noncurrentRetentionDays: 90,
        protection: 'protected',
      },
      website: {
        serves: 'website',
        writers: 'single-writer',
        objective: { rpoSec: 900, rtoSec: 0 },
        replicationTimeControl: 'on',
        noncurrentRetentionDays: 90,
        protection: 'protected',
      },
    },
    accessLogRetentionDays: 365,
    applyChanges: 'in-window',
    backups: {
      run: 'on',
      from: 'primary-region',
      buckets: 'excluded',
      startWindow: '22:00-23:00',
      retentionDays: 35,
      copyRetentionDays: 35,
    },
  },
  applications: {
    app: {
      instanceType: 'm7g.large',
      diskGib: 20,
      processor: 'arm64',
      port: 8080,
      protocol: 'HTTPS',
      variables: {},
      secrets: {},
      uploadPaths: [],
      weights: 'by-settings',
      releases: {
        blue: {
          runs: 'sample',
          name: '1.0.0',
          image: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
        },
        green: {
          runs: 'sample',
          name: '1.0.0',
          image: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
        },
      },
      greenPercent: 0,
      idleColour: 'scaled-to-zero',
      capacity: {
        active: { min: 3, max: 24 },
        standby: {
          standby: { min: 1, max: 24 },
          'origin-failover': { min: 2, max: 24 },
        },
        standbyPercent: 100,
      },
      scaling: { cpuPercent: 50, requestsPerMinute: 3000 },
      replaces: 'failed-machines',
      requestLimit: 2000,
      alarms: { errorPercent: 1, p95Ms: 500 },
      messaging: { visibilityTimeoutSec: 120, attempts: 5, archiveDays: 30 },
      originHeaderGeneration: 1,
      logRetentionDays: 30,
      protection: 'protected',
    },
  },
  inspection: {
    instanceType: 'c7gn.large',
    diskGib: 20,
    image: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
    perZone: { min: 2, max: 4 },
    scaling: { cpuPercent: 50, megabitsPerSec: 1500 },
    rulesUrl: 'https://rules.emergingthreats.net/open/suricata-7.0.3/emerging.rules.tar.gz',
    alertRetentionDays: 30,
  },
  objectives: fill(objectivesSchema, {}, 'production') as ObjectivesSettings,
} satisfies EnvironmentSettings;

/** Outside networks with every possible setting: `prod` has Direct Connect and VPN, `staging` has VPN only. */
export const exampleOnPremises = {
  cidrs: ['192.168.0.0/16'],
  domains: [{ name: 'corp.example.com', targets: ['192.168.0.10', '192.168.1.10'] }],
  connectivity: {
    prod: {
      directConnect: {
        awsAsn: 64600,
        onPremisesAsn: 65000,
        connections: [
          {
            name: 'first',
            region: 'us',
            location: 'EqDC2',
            bandwidth: '1Gbps',
            mtu: 8500,
            vlan: 101,
            bgpKeySecretArn: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:direct-connect-first-AbCdEf',
            stage: 'in-service',
          },
          {
            name: 'second',
            region: 'ap',
            location: 'KINX',
            bandwidth: '1Gbps',
            mtu: 8500,
            vlan: 102,
            bgpKeySecretArn: 'arn:aws:secretsmanager:ap-northeast-2:111111111111:secret:direct-connect-second-AbCdEf',
            stage: 'in-service',
          },
        ],
      },
      vpn: { logRetentionDays: 365, customerGateways: { headquarters: { address: '203.0.113.10', asn: 65000 } } },
    },
    staging: {
      vpn: { logRetentionDays: 365, customerGateways: { headquarters: { address: '203.0.113.11', asn: 65000 } } },
    },
  },
} satisfies OnPremisesSettings;

/** A whole organisation with one environment, `prod`. */
export const exampleOrganisation = {
  organisation: 'example',
  costCentre: 'platform',
  home: 'us',
  deployRole: 'platform-deploy',
  planRole: 'platform-plan',
  environments: { prod: exampleEnvironmentSettings },
  segments: {
    prod: { reaches: ['prod', 'shared', 'on-premises'] },
    nonprod: { reaches: ['nonprod', 'shared', 'on-premises'] },
    partner: { reaches: ['shared'] },
    shared: { reaches: ['shared', 'on-premises'] },
    inspection: { reaches: [] },
  },
  onPremises: { cidrs: ['192.168.0.0/16'] },
  owners: { global: 'platform', 'region-us': 'platform', 'region-ap': 'platform', shared: 'network', libs: 'platform' },
} satisfies OrganisationSettings;

/** The environment `prod` of {@link exampleOrganisation}, with the given overrides. */
export function exampleEnvironment(overrides: Partial<Environment> = {}): Environment {
  return { ...selectEnvironment(exampleOrganisation, 'prod'), ...overrides };
}

const edgeSources: EdgeSources = {
  distributions: 'pl-0eeeeeee',
  healthCheckers: 'pl-00000000000000a1',
  accelerator: { prod: 'sg-00000000000000a1' },
};

/** Two regions, the first is primary, each with one VPC named `vpc`. */
export const exampleRegions: readonly [RegionSettings, RegionSettings] = [
  {
    key: 'us',
    awsRegion: 'us-east-1',
    role: 'primary',
    failsOverTo: 'ap',
    zones: ['use1-az1', 'use1-az2', 'use1-az4'],
    asn: 64512,
    maintenanceWindow: 'sun:07:00-sun:10:00',
    cidrs: { prod: '10.0.0.0/14' },
    inspectionCidrs: { prod: '10.3.248.0/21' },
    edgeSources,
    vpcs: { vpc: { cidrs: { prod: '10.0.0.0/16' } } },
  },
  {
    key: 'ap',
    awsRegion: 'ap-northeast-2',
    role: 'standby',
    failsOverTo: 'us',
    zones: ['apne2-az1', 'apne2-az2', 'apne2-az3'],
    asn: 64513,
    maintenanceWindow: 'sat:18:00-sat:21:00',
    cidrs: { prod: '10.4.0.0/14' },
    inspectionCidrs: { prod: '10.7.248.0/21' },
    edgeSources,
    vpcs: { vpc: { cidrs: { prod: '10.4.0.0/16' } } },
  },
];

/** Folders that fit {@link exampleOrganisation} and {@link exampleRegions}. */
export const exampleFolders = ['global', 'libs', 'region-ap', 'region-ap/vpc', 'region-us', 'region-us/vpc', 'shared'];

/** {@link exampleRegions} with networks for a second environment, `staging`, 64 networks of /16 above those of `prod`. */
export const exampleRegionsOfBoth = exampleRegions.map(
  ({ cidrs, inspectionCidrs, vpcs, ...region }): RegionSettings => {
    const both = ({ prod }: Readonly<Record<string, string>>) => ({
      prod: prod!,
      staging: prod!.replace(/^10\.(\d+)/, (_, second: string) => `10.${Number(second) + 64}`),
    });
    return {
      ...region,
      cidrs: both(cidrs),
      inspectionCidrs: both(inspectionCidrs),
      edgeSources: { ...edgeSources, accelerator: { ...edgeSources.accelerator, staging: 'sg-00000000000000a2' } },
      vpcs: { vpc: { cidrs: both(vpcs['vpc']!.cidrs) } },
    };
  },
) as unknown as readonly [RegionSettings, RegionSettings];
