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
      flowLogRetentionDays: 365,
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
      flowLogRetentionDays: 30,
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
    'region-us': 'platform',
    'region-us/vpc': 'network',
    'region-ap': 'platform',
    'region-ap/vpc': 'network',
    shared: 'network',
    libs: 'platform',
    tools: 'platform',
    docs: 'platform',
  },
} satisfies OrganisationSettings;
