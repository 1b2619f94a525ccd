import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import type { PartnerServiceSettings } from '@platform/libs/settings/private-link';
import { addEndpointAlarm } from './endpoint-alarm';
import { EndpointSecurityGroup } from './endpoint-security-group';
import { subnetIdsIn, type EndpointPlace } from './service-endpoints';

export interface PartnerEndpointProps {
  /** Name of endpoint and group: `prod-partner-acme`. */
  readonly name: string;
  readonly place: EndpointPlace;
  /** Name of the partner's endpoint service in the region. */
  readonly serviceName: string;
  /** Zones that have the service. Default: all. */
  readonly zones?: readonly string[];
  readonly ports: PartnerServiceSettings['ports'];
  readonly privateDns: PartnerServiceSettings['privateDns'];
}

/**
 * An interface endpoint for a partner's service. The partner sees the endpoint's connections and not the network behind
 * it, and must accept the endpoint before it works. A VPC has up to 50 interface endpoints (PrivateLink guide, "AWS
 * PrivateLink quotas").
 */
export class PartnerEndpoint extends Construct {
  /** AWS's DNS name, which works with and without the partner's private name. */
  readonly dnsName: string;

  constructor(scope: Construct, id: string, props: PartnerEndpointProps) {
    super(scope, id);
    const { name, serviceName, ports, privateDns } = props;
    const { vpcId, cidr } = props.place;
    const group = new EndpointSecurityGroup(this, 'SecurityGroup', { name, vpcId, cidr, ports });
    const endpoint = new VpcEndpoint(this, 'Endpoint', {
      vpcId,
      vpcEndpointType: 'Interface',
      serviceName,
      subnetIds: subnetIdsIn(props.place, props.zones),
      securityGroupIds: [group.id],
      privateDnsEnabled: privateDns === 'on',
      tags: { Name: name },
    });
    addEndpointAlarm(this, name, endpoint);
    this.dnsName = endpoint.dnsEntry.get(0).dnsName;
  }
}
