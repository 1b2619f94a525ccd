import type { RegionSettings } from '@platform/libs/settings/region';

/** What makes the Asia Pacific region differ from its twins. */
export const region = {
  key: 'ap',
  awsRegion: 'ap-northeast-2',
  standing: 'standby',
  failsOverTo: 'us',
  zones: ['ap-northeast-2a', 'ap-northeast-2b', 'ap-northeast-2c'],
  asn: 64513,
  cidrs: { prod: '10.4.0.0/14', staging: '10.68.0.0/14' },
  inspectionCidrs: { prod: '10.7.248.0/21', staging: '10.71.248.0/21' },
  edgeSources: {
    // A public id of AWS; check it before the first deploy.
    distributions: 'pl-22a6434b',
    // Examples, in use from level `accelerated` on: docs/runbooks/first-deploy.md has the commands that show yours.
    healthCheckers: 'pl-00000000000000b1',
    accelerator: { prod: 'sg-00000000000000b1', staging: 'sg-00000000000000b2' },
  },
  // Examples: take the ids of your account's list of managed domain lists before the first deploy.
  managedDomainLists: { malware: 'rslvr-fdl-00000000000000b1', botnet: 'rslvr-fdl-00000000000000b2' },
  vpcs: {
    vpc: { cidrs: { prod: '10.4.0.0/16', staging: '10.68.0.0/16' } },
  },
} as const satisfies RegionSettings;
