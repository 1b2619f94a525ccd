import { Route } from '@cdktf/provider-aws/lib/route';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import type { VpcEndpointService } from '@cdktf/provider-aws/lib/vpc-endpoint-service';
import { Construct } from 'constructs';
import type { InspectionNetwork } from './inspection-network';

export interface InspectionEndpointsProps {
  /** Prefix of the endpoints' names: `prod-inspection`. */
  readonly name: string;
  readonly network: InspectionNetwork;
  readonly service: VpcEndpointService;
  /** Destination of replies from the internet: the region's whole range. */
  readonly regionCidr: string;
}

/**
 * One endpoint per zone to the appliances, and the routes to it. A zone's tables use that zone's endpoint only, for
 * traffic from the Transit Gateway and for replies from the internet to the region's VPCs.
 *
 * An endpoint carries 10 Gbps, and up to 100 Gbps as traffic grows (PrivateLink guide, "AWS PrivateLink quotas").
 */
export class InspectionEndpoints extends Construct {
  /** In the order of the zones. */
  readonly ids: readonly string[];

  constructor(scope: Construct, id: string, { name, network, service, regionCidr }: InspectionEndpointsProps) {
    super(scope, id);
    this.ids = network.endpoints.subnetIds.map((subnetId, zone) => {
      const endpoint = new VpcEndpoint(this, `Endpoint${zone}`, {
        vpcId: network.vpcId,
        vpcEndpointType: 'GatewayLoadBalancer',
        serviceName: service.serviceName,
        subnetIds: [subnetId],
        // Endpoints of the service's own account; any other must be accepted by hand.
        autoAccept: true,
        tags: { Name: `${name}-${zone}` },
      });
      new Route(this, `FromHub${zone}`, {
        routeTableId: network.transit.routeTableIds[zone]!,
        destinationCidrBlock: '0.0.0.0/0',
        vpcEndpointId: endpoint.id,
      });
      new Route(this, `FromInternet${zone}`, {
        routeTableId: network.public.routeTableIds[zone]!,
        destinationCidrBlock: regionCidr,
        vpcEndpointId: endpoint.id,
      });
      return endpoint.id;
    });
  }
}
