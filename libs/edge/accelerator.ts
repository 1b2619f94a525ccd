import { GlobalacceleratorAccelerator } from '@cdktf/provider-aws/lib/globalaccelerator-accelerator';
import { GlobalacceleratorEndpointGroup } from '@cdktf/provider-aws/lib/globalaccelerator-endpoint-group';
import { GlobalacceleratorListener } from '@cdktf/provider-aws/lib/globalaccelerator-listener';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { DataResource, Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import { constructId } from '@platform/libs/settings/construct-id';
import type { AcceleratorSettings } from '@platform/libs/settings/edge';
import { WrongUse } from '@platform/libs/settings/problem';
import type { TrafficPlan } from './plan-traffic';

/** A region's load balancer as an endpoint. */
export interface AcceleratorEndpoint {
  readonly awsRegion: string;
  readonly balancerArn: string;
  /**
   * Attachment that lets the accelerator's account use a load balancer of another account. Absent if both accounts are
   * the same.
   */
  readonly attachmentArn?: string;
}

export interface AcceleratorProps {
  /** Name in AWS: `prod`. */
  readonly name: string;
  /** Name in the settings of a further application, whose alarm stands beside that of the first one. */
  readonly application?: string;
  readonly settings: AcceleratorSettings;
  readonly plan: TrafficPlan;
  /** By region key; one for every region of the plan. */
  readonly endpoints: Readonly<Record<string, AcceleratorEndpoint>>;
  /** Bucket for the flow logs; its policy must allow log delivery before the accelerator is created. */
  readonly flowLogs: { readonly bucketName: string; readonly prefix: string; readonly ready: ITerraformDependable };
  /** A provider for us-west-2, where Global Accelerator reports its metrics. */
  readonly usWest2: AwsProvider;
}

/**
 * Two fixed addresses for the API, answered at the nearest AWS edge location, and one endpoint group per region behind
 * them.
 *
 * - Terraform sets dial and weight when it creates a group and ignores them afterwards, so that it does not undo
 *   failovers (an update would reset both, provider issue 32000). The endpoint is a block in a set, so ignoring its
 *   weight means ignoring the block: a group is replaced when its load balancer or attachment changes.
 * - A dial of 0 keeps a standby free of traffic, but not out of failovers; a weight of 0 does both (developer guide,
 *   "Endpoint weights").
 * - Health comes from the load balancer's own target checks, and needs a healthy target in each of its target groups.
 *   The group's interval and threshold apply to instances and addresses only (developer guide, "Endpoint groups").
 * - Client addresses are preserved; Gateway Load Balancers are not supported in between (developer guide, "Client IP
 *   address preservation").
 * - IPv4 only: dual stack needs dual-stack load balancers.
 *
 * The API is in us-west-2 only, and the provider calls it there whatever its own region. Traffic does not need it.
 *
 * An accelerator has up to 42 groups, an account up to 20 accelerators (Global Accelerator developer guide, "Quotas for
 * AWS Global Accelerator").
 */
export class Accelerator extends Construct {
  readonly arn: string;
  readonly dnsName: string;
  /** Zone of {@link dnsName}, for alias records. */
  readonly hostedZoneId: string;
  /** The fixed addresses, for allow lists. */
  readonly addresses: string[];
  /** By region key. */
  readonly endpointGroupArns: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: AcceleratorProps) {
    super(scope, id);
    const { name, settings, plan, endpoints, flowLogs } = props;
    const accelerator = new GlobalacceleratorAccelerator(this, 'Accelerator', {
      name,
      enabled: true,
      ipAddressType: 'IPV4',
      attributes: { flowLogsEnabled: true, flowLogsS3Bucket: flowLogs.bucketName, flowLogsS3Prefix: flowLogs.prefix },
      dependsOn: [flowLogs.ready],
    });
    const listener = new GlobalacceleratorListener(this, 'Listener', {
      acceleratorArn: accelerator.arn,
      protocol: 'TCP',
      portRange: [{ fromPort: 443, toPort: 443 }],
      clientAffinity: settings.clientAffinity,
    });

    this.endpointGroupArns = Object.fromEntries(
      Object.entries(plan.regions).map(([key, traffic]) => {
        const endpoint = endpoints[key];
        if (!endpoint)
          throw new WrongUse(`endpoints: region ${key} has no endpoint; add the contract of its alb-asg-app`);
        const { awsRegion, balancerArn, attachmentArn } = endpoint;
        const identity = new DataResource(this, `Endpoint-${key}`, {
          input: { balancerArn, ...(attachmentArn ? { attachmentArn } : {}) },
        });
        const group = new GlobalacceleratorEndpointGroup(this, `Group-${key}`, {
          listenerArn: listener.arn,
          endpointGroupRegion: awsRegion,
          trafficDialPercentage: traffic.dialPercent,
          healthCheckProtocol: 'TCP',
          healthCheckPort: 443,
          healthCheckIntervalSeconds: settings.healthCheckIntervalSec,
          thresholdCount: settings.healthCheckThreshold,
          endpointConfiguration: [
            {
              endpointId: balancerArn,
              weight: traffic.weight,
              clientIpPreservationEnabled: true,
              ...(attachmentArn ? { attachmentArn } : {}),
            },
          ],
          lifecycle: {
            ignoreChanges: ['traffic_dial_percentage', 'endpoint_configuration'],
            // Terraform accepts a literal address here, and no reference.
            replaceTriggeredBy: [`${identity.terraformResourceType}.${identity.friendlyUniqueId}`],
          },
        });
        return [key, group.arn];
      }),
    );

    // The dimension is the last part of the ARN. AWS reports only while requests flow
    // (https://docs.aws.amazon.com/global-accelerator/latest/dg/cloudwatch-monitoring.html).
    const { application } = props;
    const ofApplication = application === undefined ? '' : `${constructId(application)}-`;
    alarmsOf(this, props.usWest2).add(`${ofApplication}UnhealthyEndpoints`, {
      description: `The accelerator${application === undefined ? '' : ` of ${application}`} finds the load balancer of a region unhealthy and sends its connections to another region`,
      metric: {
        namespace: 'AWS/GlobalAccelerator',
        metricName: 'UnhealthyEndpointCount',
        dimensions: { Accelerator: Fn.element(Fn.split('/', accelerator.arn), 1) as string },
        statistic: 'Maximum',
        periodSec: 60,
      },
      above: 0,
      periods: 3,
    });
    this.arn = accelerator.arn;
    this.dnsName = accelerator.dnsName;
    this.hostedZoneId = accelerator.hostedZoneId;
    this.addresses = accelerator.ipSets.get(0).ipAddresses;
  }
}
