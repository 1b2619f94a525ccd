import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { contract as dataContract } from '@platform/global/data/contract';
import { contract as zoneContract } from '@platform/global/zone/contract';
import { bucketName, websiteBucket } from '@platform/libs/data/names';
import { noDistribution } from '@platform/libs/edge/contract';
import { originName } from '@platform/libs/edge/names';
import { planOrigins } from '@platform/libs/edge/plan-traffic';
import { Website } from '@platform/libs/edge/website';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EstateStack, type Region } from '@platform/libs/stack/estate-stack';
import { contract as balancerContract } from '../alb-asg-app/contract';
import { region } from '../region';
import { contract } from './contract';
import { partner as partnerContract } from './partner';

/**
 * The region's distribution, from level `origin-failover` on. It reads the other region's balancer too, for the header
 * that this one expects: a deploy while that region is lost has to wait, requests do not.
 */
export class CloudfrontStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region, account: 'edge' });
    const { validationRecords } = this.read(zoneContract);
    // Only to come after it: a bucket that is named before it exists could be made by somebody else.
    this.read(dataContract);
    const partner = partnerContract.stateRegion;
    const balancers = { [region.key]: this.read(balancerContract), [partner.key]: this.read(partnerContract) };
    if (!atLeast(environment, 'origin-failover')) {
      this.publish(contract, noDistribution);
      return;
    }

    const { mode, level } = environment;
    const { standing } = region as RegionSettings;
    const [first, second] = planOrigins({ mode, level, region, isPrimary: standing === 'primary' });
    const balancer = (key: string) => ({
      domainName: originName(environment, key),
      header: { name: balancers[key]!.originHeaderName, value: balancers[key]!.originHeaderValue },
    });
    const bucket = websiteBucket(environment);
    const copyIn = ({ key, awsRegion }: Region, name: string) =>
      `${bucketName(environment, name, key)}.s3.${awsRegion}.amazonaws.com`;

    const website = new Website(this, 'Website', {
      environment,
      regionKey: region.key,
      accountId: this.accountId,
      validationRecord: Fn.lookup(validationRecords, 'edge'),
      balancers: [balancer(first), balancer(second)],
      ...(bucket ? { buckets: [copyIn(region, bucket), copyIn(partner, bucket)] as const } : {}),
      usEast1: this.usEast1(),
    });
    this.publish(contract, website.values);
  }
}
