import { Route } from '@cdktf/provider-aws/lib/route';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import type { VpcEndpointService } from '@cdktf/provider-aws/lib/vpc-endpoint-service';
import { Construct } from 'constructs';
import type { InspectionNetwork } from './inspection-network';

export interface InspectionEndpointsProps {
  /** Begins the names of the endpoints: `prod-inspection`. */
  readonly name: string;
  readonly network: InspectionNetwork;
  readonly service: VpcEndpointService;
  /** Addresses that replies from the internet go to: the region's whole range. */
  readonly regionCidr: string;
}

/**
 * The way into the appliances, one endpoint per zone, and the routes to it. A zone's tables know that zone's endpoint
 * only: what comes from the hub, and what comes back from the internet for the region's VPCs.
 *
 * Each endpoint costs $0.01 an hour, about $7.30 a month, and $0.0035 per GB (list price, US East, check). It carries 10 Gbps,
 * and up to 100 Gbps as traffic grows (PrivateLink guide, "AWS PrivateLink quotas").
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
        // Endpoints of the service's own account; any other waits for a person.
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
