import type { RegionSettings } from '@platform/libs/settings/region';

/** Settings of the US region: everything in which it differs from its counterparts. */
export const region = {
  key: 'us',
  awsRegion: 'us-east-1',
  role: 'primary',
  failsOverTo: 'ap',
  zones: ['use1-az1', 'use1-az2', 'use1-az4'],
  asn: 64512,
  // Night in the region, and no other region's window.
  maintenanceWindow: 'sun:07:00-sun:10:00',
  cidrs: { prod: '10.0.0.0/14', staging: '10.64.0.0/14' },
  inspectionCidrs: { prod: '10.3.248.0/21', staging: '10.67.248.0/21' },
  edgeSources: {
    // AWS's id, the same for all accounts; check it before the first deploy.
    distributions: 'pl-3b927c52',
    // Examples, used from level `accelerated`: docs/runbooks/first-deploy.md has the commands that show yours.
    healthCheckers: 'pl-00000000000000a1',
    accelerator: { prod: 'sg-00000000000000a1', staging: 'sg-00000000000000a2' },
  },
  // Examples: replace them by the ids of AWS's managed domain lists in this region before the first deploy.
  managedDomainLists: { malware: 'rslvr-fdl-00000000000000a1', botnet: 'rslvr-fdl-00000000000000a2' },
  vpcs: {
    vpc: { cidrs: { prod: '10.0.0.0/16', staging: '10.64.0.0/16' } },
  },
} as const satisfies RegionSettings;
