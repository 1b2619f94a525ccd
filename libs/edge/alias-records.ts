import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { waive } from '@platform/libs/stack/waive';
import type { AliasTarget } from './api-records';

export interface AliasRecordsProps {
  readonly zoneId: string;
  /** Full name: `www.example.com`. */
  readonly name: string;
  readonly target: AliasTarget;
  /** IP versions of the target. */
  readonly addresses: 'ipv4' | 'ipv4-and-ipv6';
  /** Records of the target, where it is a name of the same zone: Route 53 refuses an alias to a name that does not exist. */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * A name that points to an AWS resource, or to another name of the same zone. An alias has no TTL of its own. For names
 * with a single answer, so the target's health is not evaluated. A zone has up to 10,000 records (Route 53 developer
 * guide, "Quotas").
 */
export class AliasRecords extends Construct {
  constructor(scope: Construct, id: string, props: AliasRecordsProps) {
    super(scope, id);
    const { zoneId, name, target, after = [] } = props;
    const types = props.addresses === 'ipv4' ? ['A'] : ['A', 'AAAA'];
    for (const type of types) {
      const record = new Route53Record(this, type, {
        zoneId,
        name,
        type,
        alias: { name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: false },
        ...(after.length > 0 ? { dependsOn: [...after] } : {}),
      });
      // `after` names the target's records, which is what the check looks for.
      if (type === 'A' && target.zoneId === zoneId && after.length === 0) {
        waive(record, { CKV2_AWS_23: 'its target is another name of this zone' });
      }
    }
  }
}
