import { GlobalacceleratorAccelerator } from '@cdktf/provider-aws/lib/globalaccelerator-accelerator';
import { GlobalacceleratorEndpointGroup } from '@cdktf/provider-aws/lib/globalaccelerator-endpoint-group';
import { GlobalacceleratorListener } from '@cdktf/provider-aws/lib/globalaccelerator-listener';
import { DataResource, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { AcceleratorSettings } from '@platform/libs/settings/edge';
import { WrongUse } from '@platform/libs/settings/problem';
import type { TrafficPlan } from './plan-traffic';

/** A region's balancer as an endpoint. */
export interface AcceleratorEndpoint {
  readonly awsRegion: string;
  readonly balancerArn: string;
  /** Attachment by which the balancer's account lets the accelerator's use it. Absent when both are one. */
  readonly attachmentArn?: string;
}

export interface AcceleratorProps {
  /** Name in AWS: `prod`. */
  readonly name: string;
  readonly settings: AcceleratorSettings;
  readonly plan: TrafficPlan;
  /** By region key; one for every region of the plan. */
  readonly endpoints: Readonly<Record<string, AcceleratorEndpoint>>;
  /** Bucket that takes the flow logs; its policy must let log delivery write before the accelerator is made. */
  readonly flowLogs: { readonly bucketName: string; readonly prefix: string; readonly ready: ITerraformDependable };
}

/**
 * Two fixed addresses for the API, answered at the AWS edge that is nearest to the client, and one group per region
 * behind them.
 *
 * - Terraform writes dial and weight when a group is made, and never again: what failovers and traffic control set stays
 *   (both would be reset, provider issue 32000). The endpoint is a block in a set, so ignoring its weight means ignoring
 *   the block; a group is therefore made anew when its balancer or its attachment is another one.
 * - A dial of 0 keeps a standby free of traffic and not out of failovers; a weight of 0 would (developer guide,
 *   "Endpoint weights").
 * - Health comes from the balancer's own target checks, and needs a healthy target in every target group of it: the interval
 *   and threshold of the group count for instances and addresses only (developer guide, "Endpoint groups").
 * - Clients' addresses reach the balancer; Gateway Load Balancers may not stand between (developer guide, "Client IP
 *   address preservation").
 * - IPv4, as the balancers are: dual stack needs balancers that are.
 *
 * The API is in us-west-2 alone, and the provider calls it there whatever its own region is. Traffic does not need it.
 *
 * Costs $0.025 an hour, about $18 a month, and a premium per GB by direction and region (list price, check). It takes up to
 * 42 groups, and an account 20 accelerators unless more were asked for (Global Accelerator developer guide, "Quotas for AWS
 * Global Accelerator").
 */
export class Accelerator extends Construct {
  readonly arn: string;
  readonly dnsName: string;
  /** Zone of {@link dnsName}, for alias records. */
  readonly hostedZoneId: string;
  /** The fixed addresses, for allow lists of others. */
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
        if (!endpoint) throw new WrongUse(`endpoints: region ${key} has none; add the contract of its alb-asg-app`);
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
            // Terraform takes a plain address here, and no reference.
            replaceTriggeredBy: [`${identity.terraformResourceType}.${identity.friendlyUniqueId}`],
          },
        });
        return [key, group.arn];
      }),
    );

    this.arn = accelerator.arn;
    this.dnsName = accelerator.dnsName;
    this.hostedZoneId = accelerator.hostedZoneId;
    this.addresses = accelerator.ipSets.get(0).ipAddresses;
  }
}
