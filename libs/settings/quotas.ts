/** Rules of a security group in each direction, unless more were asked for (VPC user guide, "Amazon VPC quotas"). */
export const securityGroupRules = 60;

/** Networks or servers that may stand in a group of a Resolver endpoint: each takes a rule for UDP and one for TCP. */
export const dnsPeers = securityGroupRules / 2;

/** Targets of a forwarding rule (Route 53 developer guide, "Quotas on Route 53 Resolver"; cannot be raised). */
export const targetsPerRule = 6;

/** Prefixes that a Transit Gateway tells on premises over a transit virtual interface (Direct Connect user guide, "Direct Connect quotas"). */
export const prefixesPerAssociation = 200;
