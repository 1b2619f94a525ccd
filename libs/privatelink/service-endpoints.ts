import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import type { EndpointService } from '@platform/libs/settings/private-link';
import { constructId } from '@platform/libs/settings/construct-id';
import { EndpointSecurityGroup } from './endpoint-security-group';
import { planEndpointPolicy } from './plan-endpoint-policy';

/** Network of the endpoints. */
export interface EndpointPlace {
  readonly vpcId: string;
  readonly cidr: string;
  /** One per zone: a zone without an endpoint would pay for cross-zone traffic, and lose access with the other zone. */
  readonly subnetIds: string[];
}

export interface ServiceEndpointsProps {
  /** Prefix of the names: `prod-endpoint`. */
  readonly name: string;
  readonly awsRegion: string;
  readonly place: EndpointPlace;
  readonly services: readonly EndpointService[];
  /** Accounts whose identities and resources may be used through the endpoints. */
  readonly accounts: readonly string[];
}

/**
 * Interface endpoints for AWS services, under the services' usual names: requests to them use neither NAT nor the
 * internet, and only for accounts of the environment. A VPC has up to 50 interface endpoints (PrivateLink guide, "AWS
 * PrivateLink quotas").
 */
export class ServiceEndpoints extends Construct {
  /** Endpoint id by service. */
  readonly ids: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: ServiceEndpointsProps) {
    super(scope, id);
    const { name, awsRegion, services, accounts } = props;
    const { vpcId, cidr, subnetIds } = props.place;
    const group = new EndpointSecurityGroup(this, 'SecurityGroup', { name, vpcId, cidr, ports: [443] });
    this.ids = Object.fromEntries(
      services.map((service) => [
        service,
        new VpcEndpoint(this, constructId(...service.split('.')), {
          vpcId,
          vpcEndpointType: 'Interface',
          serviceName: `com.amazonaws.${awsRegion}.${service}`,
          subnetIds,
          securityGroupIds: [group.id],
          privateDnsEnabled: true,
          policy: JSON.stringify(planEndpointPolicy(service, accounts)),
          tags: { Name: `${name}-${service}` },
        }).id,
      ]),
    );
  }
}
