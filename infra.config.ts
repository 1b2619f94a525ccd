import { defineOrganisation } from '@platform/libs/settings/organisation';

/** What may be lost of the application's data when a region is lost. Profiles decide how the data is protected. */
const database = { objective: { rpoSec: 60, rtoSec: 900 } } as const;
const documents = { objective: { rpoSec: 900, rtoSec: 0 } } as const;
const aDay = { rpoSec: 86_400, rtoSec: 0 } as const;
const website = { objective: { rpoSec: 900, rtoSec: 0 }, serves: 'website' } as const;
const sessions = {
  partitionKey: 'id',
  expiryAttribute: 'expiresAt',
  writers: 'multi-writer',
  conflicts: 'last-writer-wins',
  objective: { rpoSec: 5, rtoSec: 0 },
} as const;

/**
 * The one file that an organisation edits first: what it decides, and where it differs from the defaults of a profile
 * (docs/settings.md). `npx platform settings -c prod` shows all settings with their origin, `npx platform plan` checks them.
 */
export default defineOrganisation({
  organisation: 'example',
  githubOrganisation: 'example',
  costCentre: 'platform',
  home: 'us',

  environments: {
    prod: {
      profile: 'production',
      domain: 'example.com',
      segment: 'prod',
      accounts: { network: '111111111111', workload: '222222222222', edge: '333333333333', management: '444444444444' },
      level: 'origin-failover',
      mode: 'active-passive',
      access: { ci: { repository: 'example/platform' } },
      dns: { blockedDomains: ['blocked.example'] },
      rollout: { alarms: ['prod-app-errors', 'prod-app-slow-answers'] },
      alarmRecipients: {
        platform: { email: ['platform-oncall@example.com'] },
        edge: { email: ['platform-oncall@example.com'] },
        network: { email: ['network-oncall@example.com'] },
        application: { email: ['application-oncall@example.com'] },
      },
      dataStores: { database, tables: { sessions }, buckets: { documents, website } },
      applications: { app: { releases: { blue: { name: '1.0.0' }, green: { name: '1.0.0' } }, messaging: {} } },
    },
    staging: {
      profile: 'development',
      domain: 'staging.example.com',
      segment: 'nonprod',
      accounts: { network: '555555555555', workload: '666666666666', edge: '777777777777', management: '888888888888' },
      level: 'origin-failover',
      mode: 'active-passive',
      access: { ci: { repository: 'example/platform' } },
      dns: { blockedDomains: ['blocked.example'] },
      rollout: { alarms: ['staging-app-errors'] },
      dataStores: {
        database,
        tables: { sessions },
        buckets: { documents, website: { ...website, replicationTimeControl: 'off', objective: aDay } },
      },
      applications: { app: { releases: { blue: { name: '1.0.0' }, green: { name: '1.0.0' } }, messaging: {} } },
    },
  },

  segments: {
    prod: { reaches: ['prod', 'shared', 'on-premises'] },
    nonprod: { reaches: ['nonprod', 'shared', 'on-premises'] },
    partner: { reaches: ['shared'] },
    shared: { reaches: ['shared', 'on-premises'] },
    inspection: { reaches: [] },
  },

  onPremises: {
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
              vlan: 101,
              bgpKeySecretArn: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:direct-connect-first-AbCdEf',
              stage: 'in-service',
            },
            {
              name: 'second',
              region: 'ap',
              location: 'KINX',
              vlan: 102,
              bgpKeySecretArn: 'arn:aws:secretsmanager:ap-northeast-2:111111111111:secret:direct-connect-second-AbCdEf',
              stage: 'in-service',
            },
          ],
        },
        vpn: { customerGateways: { headquarters: { address: '203.0.113.10', asn: 65000 } } },
      },
      staging: { vpn: { customerGateways: { headquarters: { address: '203.0.113.11', asn: 65000 } } } },
    },
  },

  owners: {
    '*': 'platform',
    shared: 'network',
    'global/internal': 'network',
    'global/zone': 'edge',
    'global/route53': 'edge',
    'global/ga': 'edge',
    'region-*/vpc': 'network',
    'region-*/certificate': 'edge',
    'region-*/alb-asg-app': 'application',
    'region-*/cloudfront': 'edge',
    'region-*/traffic-control': 'edge',
  },
});
