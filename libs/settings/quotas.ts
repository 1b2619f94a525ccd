/** Rules of a security group in each direction, by default (VPC user guide, "Amazon VPC quotas"). */
export const securityGroupRules = 60;

/** Networks or servers in a security group of a Resolver endpoint: each needs a rule for UDP and one for TCP. */
export const dnsPeers = securityGroupRules / 2;

/** Targets of a forwarding rule (Route 53 developer guide, "Quotas on Route 53 Resolver"; cannot be raised). */
export const targetsPerRule = 6;

/**
 * Prefixes that a Transit Gateway advertises over a transit virtual interface (Direct Connect user guide, "Direct
 * Connect quotas").
 */
export const prefixesPerAssociation = 200;

/** Route tables of a Transit Gateway, by default (Transit Gateway guide, "Quotas for AWS Transit Gateway"). */
export const hubTables = 20;

/** Listeners of a load balancer, by default (Network Load Balancer guide, "Quotas for your Network Load Balancers"). */
export const listenersPerBalancer = 50;

/** Target groups of an Auto Scaling group (EC2 Auto Scaling user guide, "Quotas"; cannot be raised). */
export const targetGroupsPerGroup = 50;

/**
 * ASNs that no customer gateway may have, and the AWS region of that rule (Site-to-Site VPN user guide, "Customer
 * gateway options").
 */
export const reservedAsns: Readonly<Record<number, string>> = {
  7224: 'everywhere',
  9059: 'eu-west-1',
  10124: 'ap-northeast-1',
  17943: 'ap-southeast-1',
};
