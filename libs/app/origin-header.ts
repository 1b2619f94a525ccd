import { DataResource, Fn, Token } from 'cdktf';
import { Construct } from 'constructs';

/** Name of the header that distributions send and load balancers check. */
export const originHeaderName = 'x-origin-verify';

export interface OriginHeaderProps {
  /** Number of the rotation, from 1. */
  readonly generation: number;
}

/**
 * The value by which a load balancer recognises the estate's own distributions: all CloudFront customers share the same
 * addresses. 128 random bits, the id that Terraform gives the resource. It is in the states of the load balancer's and
 * the distributions' stacks, because both AWS APIs accept it in clear text only.
 *
 * Two slots take turns. A rotation renews the unused slot and makes it current, and the load balancer accepts both.
 * Deploy the load balancers, then the distributions, and no request is refused. A distribution may add header values of
 * up to 1,783 characters (CloudFront developer guide, "Quotas").
 */
export class OriginHeader extends Construct {
  /** The value that distributions send. */
  readonly current: string;
  /** The values that load balancers accept. */
  readonly accepted: readonly string[];

  constructor(scope: Construct, id: string, { generation }: OriginHeaderProps) {
    super(scope, id);
    const [even, odd] = [0, 1].map((parity) => {
      const renewed = generation % 2 === parity ? generation : generation - 1;
      const slot = new DataResource(this, parity === 0 ? 'Even' : 'Odd', {
        triggersReplace: { generation: String(renewed) },
      });
      return Token.asString(Fn.sensitive(slot.id));
    });
    this.accepted = [even!, odd!];
    this.current = generation % 2 === 0 ? even! : odd!;
  }
}
