import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { VpcEndpointService } from '@cdktf/provider-aws/lib/vpc-endpoint-service';
import { VpcEndpointServicePrivateDnsVerification } from '@cdktf/provider-aws/lib/vpc-endpoint-service-private-dns-verification';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import type { EstateStack } from '@platform/libs/stack/estate-stack';

export interface OfferedServiceProps {
  /** Name tag: `prod-offer`. */
  readonly name: string;
  /** Account that owns the load balancers; AWS lets no other account offer them. */
  readonly balancerAccount: AwsProvider;
  readonly networkBalancerArns: string[];
  /** ARNs of the accounts, roles or users that may request a connection. */
  readonly allowedPrincipals: readonly string[];
  /** DNS name of the service for consumers: `link-us.example.com`. */
  readonly privateDnsName: string;
  /** Public zone of the name, in which AWS verifies it. */
  readonly zone: { readonly id: string; readonly name: string; readonly account: AwsProvider };
  /** TTL of the record in seconds. */
  readonly ttlSec: number;
}

/**
 * An endpoint service for other VPCs, behind a network load balancer. Allowed principals are listed, and each
 * connection is accepted by hand (`aws ec2 accept-vpc-endpoint-connections`). Consumers see one name and none of our
 * networks.
 *
 * AWS verifies the name by a TXT record below it, which has to stay.
 *
 * An endpoint carries 10 Gbps per zone, and up to 100 Gbps as traffic grows (PrivateLink guide, "AWS PrivateLink
 * quotas").
 */
export class OfferedService extends Construct {
  /** Service name for consumers: `com.amazonaws.vpce.<region>.vpce-svc-…`. */
  readonly serviceName: string;

  constructor(scope: Construct, id: string, props: OfferedServiceProps) {
    super(scope, id);
    const { balancerAccount: provider, zone } = props;
    const service = new VpcEndpointService(this, 'Service', {
      provider,
      acceptanceRequired: true,
      networkLoadBalancerArns: props.networkBalancerArns,
      allowedPrincipals: [...props.allowedPrincipals],
      privateDnsName: props.privateDnsName,
      tags: { Name: props.name },
    });
    const proof = service.privateDnsNameConfiguration.get(0);
    const record = new Route53Record(this, 'Proof', {
      provider: zone.account,
      zoneId: zone.id,
      name: `${proof.name}.${zone.name}`,
      type: proof.type,
      records: [proof.value],
      ttl: props.ttlSec,
    });
    new VpcEndpointServicePrivateDnsVerification(this, 'Verification', {
      provider,
      serviceId: service.id,
      waitForVerification: true,
      timeouts: { create: '30m' },
      dependsOn: [record],
    });
    // By the service's id alone: https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html.
    alarmsOf(this, provider).add('OfferResets', {
      description:
        'The offered service resets connections of its consumers: targets of the network balancer are not well',
      metric: {
        namespace: 'AWS/PrivateLinkServices',
        metricName: 'RstPacketsSent',
        dimensions: { 'Service Id': service.id },
        statistic: 'Sum',
        periodSec: 300,
      },
      above: (TerraformStack.of(this) as EstateStack).environment.observability.droppedPackets,
      periods: 3,
    });
    this.serviceName = service.serviceName;
  }
}
