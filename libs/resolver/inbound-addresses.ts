import { cidrRange, formatAddress } from '@platform/libs/settings/cidr';
import { planSubnets } from '@platform/libs/vpc/plan-subnets';

/**
 * Addresses of a VPC's inbound endpoint, one per application subnet: the last usable one. They are forwarders in the DNS of
 * on-premises, so a new endpoint keeps them. AWS reserves the first four addresses of a subnet and the last (VPC user guide,
 * "Subnet CIDR blocks": https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
 */
export function inboundAddresses(cidr: string, zones: number): string[] {
  return planSubnets(cidr, zones).app.subnets.map((subnet) => formatAddress(cidrRange(subnet).last - 1));
}

/**
 * Ranges around these addresses, of the size in AWS's examples, that AWS gives to no other interface
 * (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html): one that had an address would keep the
 * endpoint from it.
 */
export function inboundRanges(cidr: string, zones: number): string[] {
  return planSubnets(cidr, zones).app.subnets.map((subnet) => `${formatAddress(cidrRange(subnet).last - 15)}/28`);
}
