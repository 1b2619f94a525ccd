import type { RegionSettings } from '@platform/libs/settings/region';

/** Settings of the Asia Pacific region: everything in which it differs from its counterparts. */
export const region = {
  key: 'ap',
  awsRegion: 'ap-northeast-2',
  role: 'standby',
  failsOverTo: 'us',
  zones: ['apne2-az1', 'apne2-az2', 'apne2-az3'],
  asn: 64513,
  // Night in the region, and no other region's window.
  maintenanceWindow: 'sat:18:00-sat:21:00',
  cidrs: { prod: '10.4.0.0/14', staging: '10.68.0.0/14' },
  inspectionCidrs: { prod: '10.7.248.0/21', staging: '10.71.248.0/21' },
  edgeSources: {
    // AWS's id, the same for all accounts; check it before the first deploy.
    distributions: 'pl-22a6434b',
    // Examples, used from level `accelerated`: docs/runbooks/first-deploy.md has the commands that show yours.
    healthCheckers: 'pl-00000000000000b1',
    accelerator: { prod: 'sg-00000000000000b1', staging: 'sg-00000000000000b2' },
  },
  // Examples: replace them by the ids of AWS's managed domain lists in this region before the first deploy.
  managedDomainLists: { malware: 'rslvr-fdl-00000000000000b1', botnet: 'rslvr-fdl-00000000000000b2' },
  vpcs: {
    vpc: { cidrs: { prod: '10.4.0.0/16', staging: '10.68.0.0/16' } },
  },
} as const satisfies RegionSettings;
