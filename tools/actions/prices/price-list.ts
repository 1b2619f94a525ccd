/*
 * AWS's public price list as CSV: five lines about the file, a line with the names of the columns, then a line per price
 * (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html).
 */

/** Where a price is in the list. */
export interface Usage {
  /** `AmazonEC2` */
  readonly service: string;
  /** End of the usage type, which begins with a code of the region outside of us-east-1: `APN2-NatGateway-Hours`. */
  readonly usage: string;
  /** Value of the column `operation`; left out: any. */
  readonly operation?: string;
  /** Value of the column `databaseEngine`; left out: any. */
  readonly engine?: string;
}

/** Which line of the list a key of `prices.json` is; undefined where this program does not know it. */
export function usageOf(key: string): Usage | undefined {
  const [name, of] = key.split(':') as [string, string?];
  if (name === 'instance') return { service: 'AmazonEC2', usage: `BoxUsage:${of}`, operation: 'RunInstances' };
  if (name === 'aurora-instance') {
    return { service: 'AmazonRDS', usage: `InstanceUsage:${of}`, engine: 'Aurora PostgreSQL' };
  }
  return usages[key];
}

const usages: Readonly<Record<string, Usage>> = {
  'nat-gateway': { service: 'AmazonEC2', usage: 'NatGateway-Hours' },
  'public-address': { service: 'AmazonVPC', usage: 'PublicIPv4:InUseAddress' },
  'interface-endpoint': { service: 'AmazonVPC', usage: 'VpcEndpoint-Hours' },
  'transit-gateway-attachment': { service: 'AmazonVPC', usage: 'TransitGateway-Hours' },
  'application-balancer': { service: 'AWSELB', usage: 'LoadBalancerUsage', operation: 'LoadBalancing:Application' },
  'network-balancer': { service: 'AWSELB', usage: 'LoadBalancerUsage', operation: 'LoadBalancing:Network' },
  'gateway-balancer': { service: 'AWSELB', usage: 'LoadBalancerUsage', operation: 'LoadBalancing:Gateway' },
  'resolver-address': { service: 'AmazonRoute53', usage: 'ResolverNetworkInterface' },
  'vpn-connection': { service: 'AmazonVPC', usage: 'VPN-Usage-Hours:ipsec.1' },
  'metric-alarm': { service: 'AmazonCloudWatch', usage: 'CW:AlarmMonitorUsage' },
  'composite-alarm': { service: 'AmazonCloudWatch', usage: 'CW:CompositeAlarmMonitorUsage' },
  'canary-run': { service: 'AmazonCloudWatch', usage: 'CW:Canary-runs' },
  'fargate-vcpu:X86_64': { service: 'AmazonECS', usage: 'Fargate-vCPU-Hours:perCPU' },
  'fargate-vcpu:ARM64': { service: 'AmazonECS', usage: 'Fargate-ARM-vCPU-Hours:perCPU' },
  'fargate-memory:X86_64': { service: 'AmazonECS', usage: 'Fargate-GB-Hours' },
  'fargate-memory:ARM64': { service: 'AmazonECS', usage: 'Fargate-ARM-GB-Hours' },
  'registry-storage': { service: 'AmazonECR', usage: 'TimedStorage-ByteHrs' },
  'backup-aurora': { service: 'AmazonRDS', usage: 'Aurora:BackupUsage' },
  'internet-data': { service: 'AWSDataTransfer', usage: 'DataTransfer-Out-Bytes' },
};

/** Cells of a line of CSV; quotes inside a cell are doubled. */
export function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  );
}

/**
 * The on-demand prices of the given usages in US dollars, by key; of tiers the first. A usage that no line has is left out.
 * Reads line by line: a file has up to a gigabyte.
 */
export async function readPriceList(
  lines: AsyncIterable<string>,
  wanted: ReadonlyMap<string, Usage>,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let columns: ReadonlyMap<string, number> | undefined;
  for await (const line of lines) {
    if (!columns) {
      if (line.startsWith('"SKU"')) columns = new Map(cellsOf(line).map((name, index) => [name.toLowerCase(), index]));
      continue;
    }
    // Most lines are of no interest: look before they are taken apart.
    const likely = [...wanted].filter(([, { usage }]) => line.includes(usage));
    if (likely.length === 0) continue;
    const cells = cellsOf(line);
    const cell = (name: string) => cells[columns!.get(name) ?? -1] ?? '';
    const [price, start] = [Number(cell('priceperunit')), cell('startingrange')];
    if (cell('termtype') !== 'OnDemand' || cell('currency') !== 'USD' || !(price > 0)) continue;
    if (start !== '' && Number(start) !== 0) continue;
    const type = cell('usagetype');
    for (const [key, { usage, operation, engine }] of likely) {
      if (type !== usage && !type.endsWith(`-${usage}`)) continue;
      if (operation !== undefined && cell('operation') !== operation) continue;
      if (engine !== undefined && cell('database engine') !== engine) continue;
      found.set(key, price);
    }
  }
  return found;
}
