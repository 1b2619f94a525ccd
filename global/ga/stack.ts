import { GlobalacceleratorCrossAccountAttachment } from '@cdktf/provider-aws/lib/globalaccelerator-cross-account-attachment';
import type { Construct } from 'constructs';
import { assertListed, byApplication, byRegion } from '@platform/libs/contract/by-region';
import { Accelerator } from '@platform/libs/edge/accelerator';
import { DeliveredLogBucket } from '@platform/libs/data/delivered-log-bucket';
import { acceleratorName } from '@platform/libs/edge/names';
import { planTraffic } from '@platform/libs/edge/plan-traffic';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import { primaryOf } from '@platform/libs/settings/region';
import { constructId } from '@platform/libs/settings/construct-id';
import { furtherApplications, mainApplication } from '@platform/libs/settings/physical-names';
import { reservedBucketName } from '@platform/libs/settings/reserved-buckets';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { regions } from '@platform/shared/regions';
import { contract } from './contract';
import { applications, balancers as balancerContracts } from './upstream';

/**
 * The accelerators in front of all regions, from level `accelerated`: one per application, because an accelerator chooses
 * by address and port and does not see host names.
 */
export class GaStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    // The first region of the list, not the home region: moving the state must not move the bucket of the logs.
    const [origin] = regions;
    super(scope, { environment, contract, region: origin!, account: 'edge' });
    assertListed(regions, 'global/ga/upstream.ts', { balancers: balancerContracts });
    const balancers = byRegion(regions, balancerContracts, (balancer) => this.read(balancer));
    const further = furtherApplications(environment);
    const others = byApplication(further, regions, 'global/ga/upstream.ts', applications).map(
      ([application, contracts]) =>
        [application, byRegion(regions, contracts, (each) => this.read(each).balancerArn)] as const,
    );
    const { mode, level } = environment;
    const { accelerator: settings, logRetentionDays, protection } = environment.edge;
    const { dialLimitPercent = {} } = settings;
    const plan = planTraffic({ mode, level, primary: primaryOf(regions).key, regions, dialLimitPercent });
    const plannedDials = byRegion(regions, plan.regions, ({ dialPercent }) => String(dialPercent));
    if (!atLeast(environment, 'accelerated')) {
      const nothing = {
        acceleratorArn: '',
        dnsName: '',
        hostedZoneId: '',
        addresses: [],
        endpointGroupArns: {},
        applicationDnsNames: {},
      };
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
    const attachmentArn = this.attachmentArn([balancerArns, ...others.map(([, arns]) => arns)].flatMap(Object.values));
    const usWest2 = this.usWest2();
    const make = (id: string, arns: Readonly<Record<string, string>>, application?: string) =>
      new Accelerator(this, id, {
        name: acceleratorName(environment, application ?? mainApplication),
        ...(application === undefined ? {} : { application }),
        settings,
        plan,
        endpoints: Object.fromEntries(
          regions.map(({ key, awsRegion }) => [key, { awsRegion, balancerArn: arns[key]!, ...attachmentArn }]),
        ),
        flowLogs: {
          bucketName: logs.bucketName,
          prefix: application === undefined ? 'flow' : `flow-${application}`,
          ready: logs.ready,
        },
        usWest2,
      });
    const accelerator = make('Api', balancerArns);
    const applicationDnsNames = Object.fromEntries(
      others.map(([application, arns]) => [
        application,
        make(constructId('application', application), arns, application).dnsName,
      ]),
    );
    this.publish(contract, {
      acceleratorArn: accelerator.arn,
      dnsName: accelerator.dnsName,
      hostedZoneId: accelerator.hostedZoneId,
      applicationDnsNames,
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
