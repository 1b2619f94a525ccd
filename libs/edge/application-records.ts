import { Construct } from 'constructs';
import type { Environment } from '@platform/libs/settings/environment';
import { apiName, apiOriginName, originName } from '@platform/libs/settings/physical-names';
import { AliasRecords } from './alias-records';
import { ApiRecords, type AliasTarget } from './api-records';
import type { TrafficPlan } from './plan-traffic';
import { RegionHealth, type RegionHealthProps } from './region-health';

export interface ApplicationRecordsProps {
  readonly environment: Environment;
  /** Its name in the settings. */
  readonly application: string;
  readonly zoneId: string;
  readonly plan: TrafficPlan;
  /** As for the application behind the domain: a region that is kept without traffic is so for all of them. */
  readonly latches: NonNullable<RegionHealthProps['latches']> | undefined;
  /** A provider for us-east-1, where Route 53 reports the checks' status. */
  readonly usEast1: RegionHealthProps['usEast1'];
  /** Its load balancers by region key. */
  readonly balancers: Readonly<Record<string, AliasTarget & { readonly awsRegion: string }>>;
  /** Where its name points while the plan says `accelerator`. */
  readonly accelerator: AliasTarget;
}

/**
 * Records of a further application: `shop.example.com` for clients, `origin-shop.example.com` for distributions, a name
 * of the load balancer of each region, and health checks on these. They follow the health of the application, not that
 * of other applications: one can be answered by another region than its neighbour.
 */
export class ApplicationRecords extends Construct {
  constructor(scope: Construct, id: string, props: ApplicationRecordsProps) {
    super(scope, id);
    const { environment, application, zoneId, plan, balancers, accelerator, latches, usEast1 } = props;
    const nameIn = (key: string) => originName(environment, key, application);
    const health = new RegionHealth(this, 'Health', {
      name: `${environment.name}-${application}`,
      application,
      settings: environment.edge.healthCheck,
      names: Object.fromEntries(Object.keys(balancers).map((key) => [key, nameIn(key)])),
      ...(latches ? { latches } : {}),
      usEast1,
    });
    const { set } = new ApiRecords(this, 'ApiRecords', {
      zoneId,
      name: apiName(environment, application),
      plan,
      balancers: Object.fromEntries(
        Object.entries(balancers).map(([key, balancer]) => [
          key,
          { ...balancer, healthCheckId: health.servingIds[key]! },
        ]),
      ),
      accelerator,
    });
    new AliasRecords(this, 'ApiOrigin', {
      zoneId,
      name: apiOriginName(environment, application),
      target: { dnsName: set.name, zoneId },
      addresses: 'ipv4',
      after: set.records,
    });
    for (const [key, target] of Object.entries(balancers)) {
      new AliasRecords(this, `Origin-${key}`, { zoneId, name: nameIn(key), target, addresses: 'ipv4' });
    }
  }
}
