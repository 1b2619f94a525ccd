import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { VpcEndpointService } from '@cdktf/provider-aws/lib/vpc-endpoint-service';
import { VpcEndpointServicePrivateDnsVerification } from '@cdktf/provider-aws/lib/vpc-endpoint-service-private-dns-verification';
import { Construct } from 'constructs';

export interface OfferedServiceProps {
  /** Name tag: `prod-offer`. */
  readonly name: string;
  /** Who owns the balancers; AWS lets nobody else offer them. */
  readonly balancerAccount: AwsProvider;
  readonly networkBalancerArns: string[];
  /** ARNs of the accounts, roles or users that may ask for a connection. */
  readonly allowedPrincipals: readonly string[];
  /** Name under which consumers know the service: `link-us.example.com`. */
  readonly privateDnsName: string;
  /** Public zone that the name lies in, by which AWS sees that it is ours. */
  readonly zone: { readonly id: string; readonly name: string; readonly account: AwsProvider };
  /** Seconds that resolvers keep the record. */
  readonly ttlSec: number;
}

/**
 * A service of ours for VPCs of others, behind a network balancer. Who may ask is listed; each connection is accepted by
 * hand (`aws ec2 accept-vpc-endpoint-connections`). Consumers see one name and no network of ours.
 *
 * AWS verifies the name by a TXT record below the zone's name, which has to stay.
 *
 * The service has no charge of its own; consumers pay for their endpoints, and we for the balancer. An endpoint carries 10 Gbps
 * per zone, and up to 100 Gbps as traffic grows (PrivateLink guide, "AWS PrivateLink quotas").
 */
export class OfferedService extends Construct {
  /** What consumers enter: `com.amazonaws.vpce.<region>.vpce-svc-…`. */
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
    this.serviceName = service.serviceName;
  }
}
