import type { Construct } from 'constructs';
import { contract as dataContract } from '@platform/global/data/contract';
import { assertListed, byRegion } from '@platform/libs/contract/by-region';
import { InternalNames } from '@platform/libs/resolver/internal-names';
import { assertVpcsListed } from '@platform/libs/resolver/listed-vpcs';
import { PrivateZone, type ResolvingVpc } from '@platform/libs/resolver/private-zone';
import type { Environment } from '@platform/libs/settings/environment';
import { internalZoneName, originName } from '@platform/libs/settings/physical-names';
import { primaryOf, type RegionSettings } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import type { vpcContract } from '@platform/libs/vpc/contract';
import { regions } from '@platform/shared/regions';
import { home } from '../home';
import { contract } from './contract';
import { balancers, caches, databases, vpcs } from './upstream';

type VpcContract = ReturnType<typeof vpcContract>;

/** The private hosted zone of the environment: names of data stores and services inside the VPCs of all regions. */
export class InternalStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region: home, account: 'network' });
    const file = 'global/internal/upstream.ts';
    assertListed(regions, file, { balancers, databases, caches, vpcs });
    assertVpcsListed(regions, file, vpcs, 'it would not resolve the names of the private zone');
    const { writerEndpoint } = this.read(dataContract);
    const zoneName = internalZoneName(environment);
    const [first, ...others] = regions.flatMap((region) => this.vpcsOf(region));
    const { zoneId } = new PrivateZone(this, 'Zone', { zoneName, vpcs: [first!, ...others] });

    const databaseOf = byRegion(regions, databases, (database) => this.read(database));
    const balancerOf = byRegion(regions, balancers, (balancer) => this.read(balancer));
    const { cache: withCache, database } = environment.dataStores;
    const cacheOf = withCache ? byRegion(regions, caches, (cache) => this.read(cache)) : {};
    const primary = primaryOf(regions).key;
    const { names } = new InternalNames(this, 'Names', {
      name: environment.name,
      zoneId,
      zoneName,
      writer: database.engine === 'aurora-global' ? writerEndpoint : databaseOf[primary]!.clusterEndpoint,
      primary,
      regions: regions.map(({ key }) => ({
        region: key,
        database: databaseOf[key]!.clusterEndpoint,
        databaseReader: databaseOf[key]!.readerEndpoint,
        ...(cacheOf[key] ? { cache: cacheOf[key].primaryEndpoint, cacheReader: cacheOf[key].readerEndpoint } : {}),
        balancer: balancerOf[key]!.balancerDnsName,
        balancerHealthName: originName(environment, key),
      })),
      healthCheck: environment.edge.healthCheck,
      usEast1: this.usEast1(),
    });
    this.publish(contract, { zoneId, zoneName, names: { ...names } });
  }

  private vpcsOf({ key, awsRegion }: RegionSettings): ResolvingVpc[] {
    const contracts = byRegion(regions, vpcs, (ofRegion): Readonly<Record<string, VpcContract>> => ofRegion)[key]!;
    return Object.values(contracts).map((vpc) => ({ vpcId: this.read(vpc).vpcId, awsRegion }));
  }
}
