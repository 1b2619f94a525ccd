/**
 * vCPUs of an EC2 instance of the families that the quota of Standard instances counts (EC2 user guide, "On-Demand
 * Instance quotas"); undefined for other families, and for sizes whose figure differs between families (`metal`).
 * Sizes: EC2 instance types guide, https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
 */
export function vcpusOf(instanceType: string): number | undefined {
  const [, family, size] = /^([a-z]+)\d[a-z0-9-]*\.(.+)$/.exec(instanceType) ?? [];
  if (family === undefined || !/^(a|c|d|h|i|im|is|m|r|t|z)$/.test(family)) return undefined;
  const [, times] = /^(\d+)xlarge$/.exec(size!) ?? [];
  if (times !== undefined) return Number(times) * 4;
  if (size === 'xlarge') return 4;
  if (size === 'large') return 2;
  // Burstable instances have two from nano on; others have one at medium.
  if (family === 't') return 2;
  return size === 'medium' ? 1 : undefined;
}
