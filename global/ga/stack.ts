import { GlobalacceleratorCrossAccountAttachment } from '@cdktf/provider-aws/lib/globalaccelerator-cross-account-attachment';
import type { Construct } from 'constructs';
import { assertListed, byRegion } from '@platform/libs/contract/by-region';
import { Accelerator } from '@platform/libs/edge/accelerator';
import { DeliveredLogBucket } from '@platform/libs/data/delivered-log-bucket';
import { planTraffic } from '@platform/libs/edge/plan-traffic';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import { primaryOf } from '@platform/libs/settings/region';
import { reservedBucketName } from '@platform/libs/settings/reserved-buckets';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { regions } from '@platform/shared/regions';
import { contract } from './contract';
import { balancers as balancerContracts } from './upstream';

/** The accelerator in front of all regions, from level `accelerated`. */
export class GaStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    // The first region of the list, not the home region: moving the state must not move the bucket of the logs.
    const [origin] = regions;
    super(scope, { environment, contract, region: origin!, account: 'edge' });
    assertListed(regions, 'global/ga/upstream.ts', { balancers: balancerContracts });
    const balancers = byRegion(regions, balancerContracts, (balancer) => this.read(balancer));
    const { mode, level } = environment;
    const { accelerator: settings, logRetentionDays, protection } = environment.edge;
    const { dialLimitPercent = {} } = settings;
    const plan = planTraffic({ mode, level, primary: primaryOf(regions).key, regions, dialLimitPercent });
    const plannedDials = byRegion(regions, plan.regions, ({ dialPercent }) => String(dialPercent));
    if (!atLeast(environment, 'accelerated')) {
      const nothing = { acceleratorArn: '', dnsName: '', hostedZoneId: '', addresses: [], endpointGroupArns: {} };
      this.publish(contract, { ...nothing, plannedDials });
      return;
    }

    const logs = new DeliveredLogBucket(this, 'Logs', {
      name: reservedBucketName(environment, 'accelerator-logs', this.region.key),
      accountId: this.accountId,
      retentionDays: logRetentionDays,
      protection,
    });
    const balancerArns = byRegion(regions, balancers, ({ balancerArn }) => balancerArn);
    const attachmentArn = this.attachmentArn(Object.values(balancerArns));
    const accelerator = new Accelerator(this, 'Api', {
      name: environment.name,
      settings,
      plan,
      endpoints: Object.fromEntries(
        regions.map(({ key, awsRegion }) => [key, { awsRegion, balancerArn: balancerArns[key]!, ...attachmentArn }]),
      ),
      flowLogs: { bucketName: logs.bucketName, prefix: 'flow', ready: logs.ready },
      usWest2: this.usWest2(),
    });
    this.publish(contract, {
      acceleratorArn: accelerator.arn,
      dnsName: accelerator.dnsName,
      hostedZoneId: accelerator.hostedZoneId,
      addresses: accelerator.addresses,
      endpointGroupArns: accelerator.endpointGroupArns,
      plannedDials,
    });
  }

  /** The load balancers' account must allow this one's accelerator, if it is another account. */
  private attachmentArn(balancerArns: string[]): { attachmentArn?: string } {
    const { accounts, name } = this.environment;
    if (accounts.workload === accounts.edge) return {};
    const attachment = new GlobalacceleratorCrossAccountAttachment(this, 'Balancers', {
      provider: this.addAliasedProvider(this.region, 'workload'),
      name: `${name}-balancers`,
      principals: [accounts.edge],
      resource: balancerArns.map((endpointId) => ({ endpointId })),
    });
    return { attachmentArn: attachment.arn };
  }
}
