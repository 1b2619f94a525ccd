import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { contract as dataContract } from '@platform/global/data/contract';
import { contract as zoneContract } from '@platform/global/zone/contract';
import { originHeaderName } from '@platform/libs/app/origin-header';
import { bucketName, websiteBucket } from '@platform/libs/data/names';
import { noDistribution } from '@platform/libs/edge/contract';
import { originName } from '@platform/libs/edge/names';
import { planOrigins } from '@platform/libs/edge/plan-traffic';
import { Website } from '@platform/libs/edge/website';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EstateStack, type Region } from '@platform/libs/stack/estate-stack';
import { region } from '../region';
import { contract } from './contract';
import { balancers as balancerContracts } from './upstream';

/**
 * The region's distribution, from level `origin-failover` on. It reads the balancers of the other regions too, for the
 * header by which they know it: a deploy while a region is lost has to wait, requests do not.
 */
export class CloudfrontStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region, account: 'edge' });
    const { validationRecords } = this.read(zoneContract);
    // Only to come after it: a bucket that is named before it exists could be made by somebody else.
    this.read(dataContract);
    const balancers = Object.values(balancerContracts).map((balancer) => this.read(balancer));
    if (!atLeast(environment, 'origin-failover')) {
      this.publish(contract, noDistribution);
      return;
    }

    const { mode, level } = environment;
    const { standing, failsOverTo } = region as RegionSettings;
    const partner = (balancerContracts as Readonly<Record<string, { readonly stateRegion: Region }>>)[failsOverTo]!;
    const [first, second] = planOrigins({ mode, level, region, isPrimary: standing === 'primary' });
    const bucket = websiteBucket(environment);
    const copyIn = ({ key, awsRegion }: Region, name: string) =>
      `${bucketName(environment, name, key)}.s3.${awsRegion}.amazonaws.com`;

    const website = new Website(this, 'Website', {
      environment,
      regionKey: region.key,
      accountId: this.accountId,
      validationRecord: Fn.lookup(validationRecords, 'edge'),
      balancers: [originName(environment, first), originName(environment, second)],
      header: {
        name: originHeaderName,
        value: balancers.map(({ originHeaderValue }) => originHeaderValue).join(','),
      },
      ...(bucket ? { buckets: [copyIn(region, bucket), copyIn(partner.stateRegion, bucket)] as const } : {}),
      usEast1: this.usEast1(),
    });
    this.publish(contract, website.values);
  }
}
