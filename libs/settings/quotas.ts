/** Rules of a security group in each direction, unless more were asked for (VPC user guide, "Amazon VPC quotas"). */
export const securityGroupRules = 60;

/** Networks or servers that may stand in a group of a Resolver endpoint: each takes a rule for UDP and one for TCP. */
export const dnsPeers = securityGroupRules / 2;

/** Targets of a forwarding rule (Route 53 developer guide, "Quotas on Route 53 Resolver"; cannot be raised). */
export const targetsPerRule = 6;

/** Prefixes that a Transit Gateway tells on premises over a transit virtual interface (Direct Connect user guide, "Direct Connect quotas"). */
export const prefixesPerAssociation = 200;

/** Route tables of a Transit Gateway, unless more were asked for (Transit Gateway guide, "Quotas for AWS Transit Gateway"). */
export const hubTables = 20;

/** Listeners of a balancer, unless more were asked for (Network Load Balancer guide, "Quotas for your Network Load Balancers"). */
export const listenersPerBalancer = 50;

/** Target groups that an Auto Scaling group can be in (EC2 Auto Scaling user guide, "Quotas"; cannot be raised). */
export const targetGroupsPerGroup = 50;

/** ASNs that no device outside AWS may have, and the AWS region where that holds (Site-to-Site VPN user guide, "Customer gateway options"). */
export const reservedAsns: Readonly<Record<number, string>> = {
  7224: 'everywhere',
  9059: 'eu-west-1',
  10124: 'ap-northeast-1',
  17943: 'ap-southeast-1',
};
