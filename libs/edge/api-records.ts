import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';
import { WrongUse } from '@platform/libs/settings/problem';
import { recordSetName } from '@platform/libs/settings/physical-names';
import type { TrafficPlan } from './plan-traffic';

/** Something of AWS that an alias record can point to. */
export interface AliasTarget {
  readonly dnsName: string;
  /** Id of the zone that AWS keeps the name in. */
  readonly zoneId: string;
}

/** A region's balancer and the check that says whether it serves. */
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
 * The name itself is one plain alias: to the record set `latency.<name>` or `failover.<name>`, or to the accelerator.
 * Route 53 refuses records of different policies under one name, so a change of mode or level by other means would delete
 * the name first. Here it is one update of one record, and what it left is deleted afterwards. The record set stays when
 * the accelerator takes over: it is the way back.
 *
 * Failover needs no call to any API: health checkers and name servers act on what they know. It takes
 * interval × threshold to detect (30 s at 10 × 3) and up to 60 s for resolvers to forget, the time to live of aliases to
 * balancers (Route 53 developer guide, "Values for alias records").
 *
 * Records are IPv4, as the balancers are. Free, queries too, as for all aliases to AWS resources. A name may have 100 latency
 * records (Route 53 developer guide, "Quotas").
 */
export class ApiRecords extends Construct {
  constructor(scope: Construct, id: string, props: ApiRecordsProps) {
    super(scope, id);
    const { zoneId, name, plan, accelerator } = props;
    const setName = recordSetName(plan.recordPolicy, name);
    const records = plan.recordPolicy === 'latency' ? this.nearest(props, setName) : this.failover(props, setName);
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

  /** Named after the role and not the region: when the regions change places, both records change in place. */
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
  if (!balancer) throw new WrongUse(`balancers: region ${key} has none; add the contract of its alb-asg-app`);
  return balancer;
}

function answer(zoneId: string, name: string, balancer: ServingBalancer) {
  return {
    zoneId,
    name,
    type: 'A',
    // The check alone decides, for it asks what clients ask. The target's own health would take a region out for one target group
    // without a healthy target, a canary's as well (Route 53 API, AliasTarget, EvaluateTargetHealth).
    alias: { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false },
    healthCheckId: balancer.healthCheckId,
    // The name moves to the new set before the old one goes.
    lifecycle: { createBeforeDestroy: true },
  };
}
