import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';
import { WrongUse } from '@platform/libs/settings/problem';
import { recordSetName } from '@platform/libs/settings/physical-names';
import type { TrafficPlan } from './plan-traffic';

/** Target of an alias record in AWS. */
export interface AliasTarget {
  readonly dnsName: string;
  /** Id of the hosted zone that AWS keeps the name in. */
  readonly zoneId: string;
}

/** A region's load balancer, and the health check that says whether the region serves. */
export interface ServingBalancer extends AliasTarget {
  readonly awsRegion: string;
  readonly healthCheckId: string;
}

export interface ApiRecordsProps {
  readonly zoneId: string;
  /** Name that clients call: `api.example.com`. */
  readonly name: string;
  readonly plan: TrafficPlan;
  /** By region key. */
  readonly balancers: Readonly<Record<string, ServingBalancer>>;
  /** Where the name points while the plan says `accelerator`. */
  readonly accelerator: AliasTarget;
}

/**
 * The API's name and the record set behind it.
 *
 * The name is one plain alias: to the record set `latency.<name>` or `failover.<name>`, or to the accelerator. Route 53
 * refuses records of different policies under one name, so without the alias a change of mode or level would delete the
 * name first. With it, the change is one update of one record, and the old record set is deleted afterwards. The record
 * set stays while the accelerator is used, so that you can go back.
 *
 * Failover needs no API call. Detection takes interval × threshold (30 s at 10 × 3), and resolvers need up to 60 s, the
 * TTL of aliases to load balancers (Route 53 developer guide, "Values for alias records").
 *
 * Records are IPv4, like the load balancers. A name may have up to 100 latency records (Route 53 developer guide,
 * "Quotas").
 */
export class ApiRecords extends Construct {
  /** The record set, whatever the name points to: an alias to it depends on its records. */
  readonly set: { readonly name: string; readonly records: readonly Route53Record[] };

  constructor(scope: Construct, id: string, props: ApiRecordsProps) {
    super(scope, id);
    const { zoneId, name, plan, accelerator } = props;
    const setName = recordSetName(plan.recordPolicy, name);
    const records = plan.recordPolicy === 'latency' ? this.nearest(props, setName) : this.failover(props, setName);
    this.set = { name: setName, records };
    const target =
      plan.apiTarget === 'accelerator'
        ? { name: accelerator.dnsName, zoneId: accelerator.zoneId }
        : { name: setName, zoneId };
    new Route53Record(this, 'Api', {
      zoneId,
      name,
      type: 'A',
      alias: { ...target, evaluateTargetHealth: true },
      dependsOn: records,
    });
  }

  private nearest({ zoneId, plan, balancers }: ApiRecordsProps, name: string): Route53Record[] {
    return Object.keys(plan.regions).map(
      (key) =>
        new Route53Record(this, `Nearest-${key}`, {
          ...answer(zoneId, name, balancerOf(balancers, key)),
          setIdentifier: key,
          latencyRoutingPolicy: { region: balancerOf(balancers, key).awsRegion },
        }),
    );
  }

  /** Named after the role and not the region: when the regions change roles, both records change in place. */
  private failover({ zoneId, plan, balancers }: ApiRecordsProps, name: string): Route53Record[] {
    const roles = { primary: 'Primary', secondary: 'Secondary' } as const;
    return Object.entries(plan.regions).flatMap(([key, { record }]) =>
      record === 'primary' || record === 'secondary'
        ? [
            new Route53Record(this, roles[record], {
              ...answer(zoneId, name, balancerOf(balancers, key)),
              setIdentifier: record,
              failoverRoutingPolicy: { type: record.toUpperCase() },
            }),
          ]
        : [],
    );
  }
}

function balancerOf(balancers: ApiRecordsProps['balancers'], key: string): ServingBalancer {
  const balancer = balancers[key];
  if (!balancer)
    throw new WrongUse(`balancers: region ${key} has no load balancer; add the contract of its alb-asg-app`);
  return balancer;
}

function answer(zoneId: string, name: string, balancer: ServingBalancer) {
  return {
    zoneId,
    name,
    type: 'A',
    // Only the health check decides, because it sends what clients send. The target's own health would take a region
    // out for one target group without a healthy target, also a canary's (Route 53 API, AliasTarget,
    // EvaluateTargetHealth).
    alias: { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false },
    healthCheckId: balancer.healthCheckId,
    // The name moves to the new set before the old one is destroyed.
    lifecycle: { createBeforeDestroy: true },
  };
}
