/** GiB by size in the general-purpose families; memory-optimised families have twice as much. */
const gibBySize: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  '2xlarge': 32,
  '4xlarge': 64,
  '8xlarge': 128,
  '12xlarge': 192,
  '16xlarge': 256,
  '24xlarge': 384,
  '32xlarge': 512,
  '48xlarge': 768,
};

/** Memory of an instance class in GiB, from letter and size, for the families m, r and t. Undefined for others. */
function memoryGib(instanceClass: string): number | undefined {
  const [, family = '', size = ''] = instanceClass.split('.');
  const factor = { m: 1, t: 1, r: 2 }[family.charAt(0)];
  const gib = gibBySize[size];
  return factor === undefined || gib === undefined ? undefined : factor * gib;
}

/**
 * Connections that PostgreSQL accepts by default on an instance class: `LEAST(DBInstanceClassMemory / 9531392, 5000)`.
 * RDS reserves some memory, so the real limit is a little lower: use a share of this one for alarms. Source: RDS user
 * guide, "Quotas and constraints", maximum number of database connections.
 */
export function connectionLimit(instanceClass: string): number {
  const gib = memoryGib(instanceClass);
  return gib === undefined ? 5000 : Math.min(Math.floor((gib * 1024 ** 3) / 9531392), 5000);
}
