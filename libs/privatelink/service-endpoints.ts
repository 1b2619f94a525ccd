import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { EndpointService } from '@platform/libs/settings/private-link';
import { constructId } from '@platform/libs/settings/construct-id';
import { addEndpointAlarm } from './endpoint-alarm';
import { EndpointSecurityGroup } from './endpoint-security-group';
import { planEndpointPolicy } from './plan-endpoint-policy';

/** Network of the endpoints. */
export interface EndpointPlace {
  readonly vpcId: string;
  readonly cidr: string;
  /**
   * One per zone of `zones`: a zone without an endpoint would pay for cross-zone traffic, and lose access with the other
   * zone.
   */
  readonly subnetIds: string[];
  /** Ids of the subnets' zones, in the same order. */
  readonly zones: readonly string[];
}

/**
 * Subnets of an endpoint. AWS refuses one in a zone that the service lacks (VPC endpoint, `InvalidParameter`:
 * https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html).
 * @param wanted zones that have the service; absent: all
 */
export function subnetIdsIn({ subnetIds, zones }: EndpointPlace, wanted?: readonly string[]): string[] {
  return wanted ? wanted.map((zone) => Fn.element(subnetIds, zones.indexOf(zone)) as string) : subnetIds;
}

export interface ServiceEndpointsProps {
  /** Prefix of the names: `prod-endpoint`. */
  readonly name: string;
  readonly awsRegion: string;
  readonly place: EndpointPlace;
  readonly services: readonly EndpointService[];
  /** Zones of services that lack some, by service. Default: all zones. */
  readonly zonesOf?: Readonly<Record<string, readonly string[]>>;
  /**
   * On-premises networks, which connect too: their DNS servers get the addresses of the endpoints for the usual names when
   * they forward them to the inbound endpoints
   * (https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html). Default: none.
   */
  readonly onPremises?: readonly string[];
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
    const { name, awsRegion, services, accounts, place, onPremises: others = [], zonesOf = {} } = props;
    const { vpcId, cidr } = place;
    const group = new EndpointSecurityGroup(this, 'SecurityGroup', { name, vpcId, cidr, others, ports: [443] });
    this.ids = Object.fromEntries(
      services.map((service) => {
        const endpoint = new VpcEndpoint(this, constructId(...service.split('.')), {
          vpcId,
          vpcEndpointType: 'Interface',
          serviceName: `com.amazonaws.${awsRegion}.${service}`,
          subnetIds: subnetIdsIn(place, zonesOf[service]),
          securityGroupIds: [group.id],
          privateDnsEnabled: true,
          policy: JSON.stringify(planEndpointPolicy(service, accounts)),
          tags: { Name: `${name}-${service}` },
        });
        addEndpointAlarm(this, service, endpoint);
        return [service, endpoint.id];
      }),
    );
  }
}
