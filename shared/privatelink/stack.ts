import type { Construct } from 'constructs';
import { contract as zoneContract } from '@platform/global/zone/contract';
import type { applicationContract } from '@platform/libs/app/contract';
import { OfferedService } from '@platform/libs/privatelink/offered-service';
import { PartnerEndpoint } from '@platform/libs/privatelink/partner-endpoint';
import { ServiceEndpoints, type EndpointPlace } from '@platform/libs/privatelink/service-endpoints';
import type { Environment } from '@platform/libs/settings/environment';
import { offeredServiceName } from '@platform/libs/settings/physical-names';
import type { RegionSettings } from '@platform/libs/settings/region';
import { constructId } from '@platform/libs/settings/construct-id';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import type { vpcContract } from '@platform/libs/vpc/contract';
import { privateLinkContract } from './contract';

export interface PrivateLinkUpstream {
  readonly vpc: ReturnType<typeof vpcContract>;
  readonly application: ReturnType<typeof applicationContract>;
}

/** Private connections of one region: to AWS services, to partners' services, and from others to ours. */
export class PrivateLinkStack extends EstateStack {
  constructor(scope: Construct, environment: Environment, region: RegionSettings, upstream: PrivateLinkUpstream) {
    const contract = privateLinkContract(region);
    super(scope, { environment, contract, region, account: 'network' });
    const { name, accounts, onPremises } = environment;
    const { services, partners = {} } = environment.privateLink;
    const { vpcId, cidr, appSubnetIds: subnetIds } = this.read(upstream.vpc);
    const place = { vpcId, cidr, subnetIds, zones: region.zones };

    const endpoints =
      services.length > 0 &&
      new ServiceEndpoints(this, 'Services', {
        name: `${name}-endpoint`,
        awsRegion: region.awsRegion,
        place,
        services,
        ...(region.endpointZones ? { zonesOf: region.endpointZones } : {}),
        onPremises: onPremises?.cidrs ?? [],
        accounts: Object.values(accounts),
      });
    this.publish(contract, {
      endpointIds: endpoints ? endpoints.ids : {},
      partnerDnsNames: this.addPartners(region, partners, place),
      offeredServiceName: this.addOffer(region, upstream.application)?.serviceName ?? '',
    });
  }

  private addPartners(
    { key }: RegionSettings,
    partners: NonNullable<Environment['privateLink']['partners']>,
    place: EndpointPlace,
  ): Record<string, string> {
    return Object.fromEntries(
      Object.entries(partners).flatMap(([partner, { serviceNames, zones, ports, privateDns }]) => {
        const serviceName = Object.hasOwn(serviceNames, key) ? serviceNames[key] : undefined;
        if (serviceName === undefined) return [];
        const name = `${this.environment.name}-partner-${partner}`;
        const own = zones?.[key];
        const props = { name, place, serviceName, ...(own ? { zones: own } : {}), ports, privateDns };
        return [[partner, new PartnerEndpoint(this, constructId('partner', partner), props).dnsName]];
      }),
    );
  }

  /** The load balancer is in another account than the endpoints, the zone in a third: each has its own provider. */
  private addOffer(
    region: RegionSettings,
    application: PrivateLinkUpstream['application'],
  ): OfferedService | undefined {
    const { name, edge, privateLink } = this.environment;
    if (!privateLink.offer) return undefined;
    const { networkBalancerArns } = this.read(application);
    const { zoneId, zoneName } = this.read(zoneContract);
    return new OfferedService(this, 'Offer', {
      name: `${name}-offer`,
      balancerAccount: this.addAliasedProvider(region, 'workload'),
      networkBalancerArns,
      allowedPrincipals: privateLink.offer.allowedPrincipals,
      privateDnsName: offeredServiceName(this.environment, region.key),
      zone: { id: zoneId, name: zoneName, account: this.addAliasedProvider(region, 'edge') },
      ttlSec: edge.zone.ttlSec,
    });
  }
}
