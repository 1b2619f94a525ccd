import { DataResource, Fn, Token } from 'cdktf';
import { Construct } from 'constructs';

/** Name of the header that distributions send and balancers look for. */
export const originHeaderName = 'x-origin-verify';

export interface OriginHeaderProps {
  /** Counts rotations, from 1. */
  readonly generation: number;
}

/**
 * The value by which a balancer knows the estate's own distributions: everybody's distributions have the same
 * addresses. 128 random bits, the id that Terraform gives the resource; they stand in the states of the
 * balancer's and the distributions' stacks, because both AWS APIs take the value in clear.
 *
 * Two slots take turns. A rotation renews the slot that is not in use and makes it the current one, while the balancer
 * accepts both: deploy the balancers, then the distributions, and no request is refused. Free. A distribution adds values of
 * 1,783 characters at most (CloudFront developer guide, "Quotas").
 */
export class OriginHeader extends Construct {
  /** What distributions send. */
  readonly current: string;
  /** What balancers accept. */
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
