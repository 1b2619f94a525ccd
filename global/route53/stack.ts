import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { contract as acceleratorContract } from '@platform/global/ga/contract';
import { contract as zoneContract } from '@platform/global/zone/contract';
import { assertListed, byApplication, byRegion } from '@platform/libs/contract/by-region';
import { ApplicationRecords } from '@platform/libs/edge/application-records';
import { AliasRecords } from '@platform/libs/edge/alias-records';
import { ApiRecords } from '@platform/libs/edge/api-records';
import { distributionNames } from '@platform/libs/edge/names';
import { latchAlarmName } from '@platform/libs/edge/latch/failback-latch';
import { apiName, apiOriginName, furtherApplications, originName } from '@platform/libs/settings/physical-names';
import { planTraffic } from '@platform/libs/edge/plan-traffic';
import { RegionHealth } from '@platform/libs/edge/region-health';
import { constructId } from '@platform/libs/settings/construct-id';
import type { Environment } from '@platform/libs/settings/environment';
import { primaryOf } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { regions } from '@platform/shared/regions';
import { home } from '../home';
import { contract } from './contract';
import { applications, balancers as balancerContracts, distributions as distributionContracts } from './upstream';

/** The records that send traffic, and the health checks that decide where to. Failover needs no API call. */
export class Route53Stack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region: home, account: 'edge' });
    const { mode, level } = environment;
    const { zoneId } = this.read(zoneContract);
    const accelerator = this.read(acceleratorContract);
    assertListed(regions, 'global/route53/upstream.ts', {
      balancers: balancerContracts,
      distributions: distributionContracts,
    });
    const balancers = byRegion(regions, balancerContracts, (balancer) => this.read(balancer));
    const distributions = byRegion(regions, distributionContracts, (distribution) => this.read(distribution));
    const plan = planTraffic({ mode, level, primary: primaryOf(regions).key, regions });

    const health = new RegionHealth(this, 'Health', {
      name: environment.name,
      settings: environment.edge.healthCheck,
      names: Object.fromEntries(regions.map(({ key }) => [key, originName(environment, key)])),
      ...(environment.edge.failback === 'manual' ? { latches: latchesOf(environment) } : {}),
      usEast1: this.usEast1(),
    });
    const name = apiName(environment);
    const { set } = new ApiRecords(this, 'ApiRecords', {
      zoneId,
      name,
      plan,
      balancers: Object.fromEntries(
        regions.map(({ key, awsRegion }) => [
          key,
          {
            awsRegion,
            dnsName: balancers[key]!.balancerDnsName,
            zoneId: balancers[key]!.balancerZoneId,
            healthCheckId: health.servingIds[key]!,
          },
        ]),
      ),
      accelerator: { dnsName: accelerator.dnsName, zoneId: accelerator.hostedZoneId },
    });

    // Never the accelerator: distributions also reach the load balancers directly, and with preserved addresses their
    // connections by both ways would collide. AWS advises a port of its own or no second way
    // (https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.avoid-connection-collisions.html). Edge
    // locations are on AWS's network already, and no port has to open or close while the level changes.
    new AliasRecords(this, 'ApiOrigin', {
      zoneId,
      name: apiOriginName(environment),
      target: { dnsName: set.name, zoneId },
      addresses: 'ipv4',
      after: set.records,
    });
    for (const { key } of regions) {
      const { balancerDnsName, balancerZoneId } = balancers[key]!;
      new AliasRecords(this, `Origin-${key}`, {
        zoneId,
        name: originName(environment, key),
        target: { dnsName: balancerDnsName, zoneId: balancerZoneId },
        addresses: 'ipv4',
      });
      const { distributionDomainName, distributionZoneId } = distributions[key]!;
      for (const site of distributionNames(environment, key)) {
        new AliasRecords(this, site === environment.domain ? 'Main' : `Site-${key}`, {
          zoneId,
          name: site,
          ...(plan.siteTarget === 'distributions'
            ? {
                target: { dnsName: distributionDomainName, zoneId: distributionZoneId },
                addresses: 'ipv4-and-ipv6' as const,
              }
            : { target: { dnsName: name, zoneId }, addresses: 'ipv4' as const }),
        });
      }
    }

    const further = furtherApplications(environment);
    for (const [application, contracts] of byApplication(
      further,
      regions,
      'global/route53/upstream.ts',
      applications,
    )) {
      const own = byRegion(regions, contracts, (each) => this.read(each));
      new ApplicationRecords(this, constructId('application', application), {
        environment,
        application,
        zoneId,
        plan,
        usEast1: this.usEast1(),
        latches: environment.edge.failback === 'manual' ? latchesOf(environment) : undefined,
        balancers: Object.fromEntries(
          regions.map(({ key, awsRegion }) => {
            const { balancerDnsName: dnsName, balancerZoneId: ownZoneId } = own[key]!;
            return [key, { awsRegion, dnsName, zoneId: ownZoneId }];
          }),
        ),
        accelerator: {
          dnsName: Fn.lookup(accelerator.applicationDnsNames, application) as string,
          zoneId: accelerator.hostedZoneId,
        },
      });
    }

    this.publish(contract, {
      reachedLevel: level,
      apiName: name,
      healthCheckIds: health.checkIds,
      anyRegionHealthCheckId: health.anyRegionId,
      everyRegionHealthCheckId: health.everyRegionId,
    });
  }
}

/** The latch of each region, in the region that it fails over to. */
function latchesOf(environment: Environment): Record<string, { alarmName: string; awsRegion: string }> {
  return byRegion(
    regions,
    Object.fromEntries(regions.map((region) => [region.key, region])),
    ({ key, failsOverTo }) => ({
      alarmName: latchAlarmName(environment, key),
      awsRegion: regions.find((region) => region.key === failsOverTo)!.awsRegion,
    }),
  );
}
