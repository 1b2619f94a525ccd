import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import type { EndpointService } from '@platform/libs/settings/private-link';
import { constructId } from '@platform/libs/settings/construct-id';
import { EndpointSecurityGroup } from './endpoint-security-group';
import { planEndpointPolicy } from './plan-endpoint-policy';

/** Where endpoints are put. */
export interface EndpointPlace {
  readonly vpcId: string;
  readonly cidr: string;
  /** One per zone: a zone without an endpoint would pay for traffic to another, and lose it with that. */
  readonly subnetIds: string[];
}

export interface ServiceEndpointsProps {
  /** Begins the names: `prod-endpoint`. */
  readonly name: string;
  readonly awsRegion: string;
  readonly place: EndpointPlace;
  readonly services: readonly EndpointService[];
  /** Accounts whose identities and resources may be used through them. */
  readonly accounts: readonly string[];
}

/**
 * Services of AWS inside the VPC, under the names that they always have: requests to them leave neither through NAT nor
 * through the internet, and only for accounts of the environment.
 *
 * Costs $0.01 an hour for each service and zone, about $7.30 a month, and $0.01 per GB (list price, US East, check);
 * fourteen services in three zones cost $0.42 an hour, about $307 a month. NAT takes $0.045 per GB instead.
 * A VPC has 50 such endpoints unless more were asked for (PrivateLink guide, "AWS PrivateLink quotas").
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
