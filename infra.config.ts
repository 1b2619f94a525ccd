import type { OrganisationSettings } from '@platform/libs/settings/organisation';

/** The one file that an organisation edits first. `npm run plan` says what is wrong with it, all at once. */
export default {
  organisation: 'example',
  costCentre: 'platform',
  home: 'us',
  deployRole: 'platform-deploy',

  environments: {
    prod: {
      domain: 'example.com',
      segment: 'prod',
      accounts: {
        network: '111111111111',
        workload: '222222222222',
        edge: '333333333333',
        management: '444444444444',
      },
      level: 'origin-failover',
      mode: 'active-passive',
      natGateways: 'per-zone',
      state: { oldVersionDays: 90, oldVersionsKept: 20, locking: 's3' },
      flowLogRetentionDays: 365,
      edge: {
        zone: {
          signing: 'unsigned',
          certificateAuthorities: ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'],
          ttlSec: 300,
          queryLogRetentionDays: 365,
        },
        healthCheck: { intervalSec: 10, failureThreshold: 3, path: '/healthz' },
        originFailover: {
          statusCodes: [500, 502, 503, 504],
          connectionTimeoutSec: 2,
          connectionAttempts: 1,
          readTimeoutSec: 10,
        },
        accelerator: { clientAffinity: 'NONE', healthCheckIntervalSec: 10, healthCheckThreshold: 3 },
        logRetentionDays: 365,
      },
    },
    staging: {
      domain: 'staging.example.com',
      segment: 'nonprod',
      accounts: {
        network: '555555555555',
        workload: '666666666666',
        edge: '777777777777',
        management: '888888888888',
      },
      level: 'origin-failover',
      mode: 'active-passive',
      natGateways: 'single',
      state: { oldVersionDays: 90, oldVersionsKept: 20, locking: 's3' },
      flowLogRetentionDays: 30,
      edge: {
        zone: {
          signing: 'unsigned',
          certificateAuthorities: ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'],
          ttlSec: 300,
          queryLogRetentionDays: 30,
        },
        healthCheck: { intervalSec: 30, failureThreshold: 3, path: '/healthz' },
        originFailover: {
          statusCodes: [500, 502, 503, 504],
          connectionTimeoutSec: 2,
          connectionAttempts: 1,
          readTimeoutSec: 10,
        },
        accelerator: { clientAffinity: 'NONE', healthCheckIntervalSec: 10, healthCheckThreshold: 3 },
        logRetentionDays: 30,
      },
    },
  },

  // Who reaches whom through the hub. Each pair is said once and holds both ways.
  segments: {
    prod: { reaches: ['prod', 'shared', 'on-premises'] },
    nonprod: { reaches: ['nonprod', 'shared', 'on-premises'] },
    partner: { reaches: ['shared'] },
    shared: { reaches: ['shared', 'on-premises'] },
    inspection: { reaches: [] },
  },

  onPremises: {
    cidrs: ['192.168.0.0/16'],
  },

  owners: {
    global: 'platform',
    'global/zone': 'edge',
    'global/route53': 'edge',
    'global/ga': 'edge',
    'global/ga-share': 'edge',
    'region-us': 'platform',
    'region-us/vpc': 'network',
    'region-us/certificate': 'edge',
    'region-us/cloudfront': 'edge',
    'region-ap': 'platform',
    'region-ap/vpc': 'network',
    'region-ap/certificate': 'edge',
    'region-ap/cloudfront': 'edge',
    shared: 'network',
    libs: 'platform',
    tools: 'platform',
    docs: 'platform',
  },
} satisfies OrganisationSettings;
