import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import type { PartnerServiceSettings } from '@platform/libs/settings/private-link';
import { EndpointSecurityGroup } from './endpoint-security-group';
import type { EndpointPlace } from './service-endpoints';

export interface PartnerEndpointProps {
  /** Name of endpoint and group: `prod-partner-acme`. */
  readonly name: string;
  readonly place: EndpointPlace;
  /** Name of the partner's endpoint service in the region. */
  readonly serviceName: string;
  readonly ports: PartnerServiceSettings['ports'];
  readonly privateDns: PartnerServiceSettings['privateDns'];
}

/**
 * A partner's service inside the VPC. The partner sees connections of this endpoint and nothing of the network behind it,
 * and has to accept it before it carries anything.
 *
 * Costs $0.01 an hour for each zone, about $22 a month in three, and $0.01 per GB (list price, US East, check). A VPC has 50 such
 * endpoints unless more were asked for (PrivateLink guide, "AWS PrivateLink quotas").
 */
export class PartnerEndpoint extends Construct {
  /** AWS's name for it, which works with and without the partner's own. */
  readonly dnsName: string;

  constructor(scope: Construct, id: string, props: PartnerEndpointProps) {
    super(scope, id);
    const { name, serviceName, ports, privateDns } = props;
    const { vpcId, cidr, subnetIds } = props.place;
    const group = new EndpointSecurityGroup(this, 'SecurityGroup', { name, vpcId, cidr, ports });
    this.dnsName = new VpcEndpoint(this, 'Endpoint', {
      vpcId,
      vpcEndpointType: 'Interface',
      serviceName,
      subnetIds,
      securityGroupIds: [group.id],
      privateDnsEnabled: privateDns === 'on',
      tags: { Name: name },
    }).dnsEntry.get(0).dnsName;
  }
}
