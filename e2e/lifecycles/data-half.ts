import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  RDSClient,
  SwitchoverGlobalClusterCommand,
} from '@aws-sdk/client-rds';
import type { CacheSettings } from '@platform/libs/settings/cache';
import type { Emulator } from '@platform/tools/emulator/profile';
import { EmulatedEstate, type PlannedChanges } from './emulated-estate';
import { liveThrough, type Lifecycle } from './lifecycle';

/**
 * What MiniStack carries: the global stores, what joins or follows the database in both regions, and of twins without a
 * tie one, for another test says that they differ in nothing.
 */
export const dataStacks = [
  'global-data',
  'region-us-data',
  'region-ap-data',
  'region-us-aurora',
  'region-ap-aurora',
  'region-us-cache',
  'region-us-cloudfront',
] as const;

/** The writer's region after a move, and what plans would change then. */
export interface Move {
  readonly writer: string;
  readonly changes: ReadonlyMap<string, PlannedChanges>;
}

/** How the writer of the database moves. */
export type MoveKind = 'switchover' | 'failover';

export interface DataHalf {
  readonly lifecycles: readonly Lifecycle[];
  readonly moves: ReadonlyMap<MoveKind, Move>;
}

const cache: CacheSettings = {
  writers: 'per-region',
  objective: { rpo: 'everything', rtoSec: 0 },
  engine: 'valkey',
  engineVersion: '8.0',
  nodeType: 'cache.t4g.small',
  replicas: 1,
  snapshotRetentionDays: 1,
  snapshotWindow: '03:00-04:00',
};

/**
 * The lives of these stacks. Before their end the writer goes to the region where the settings do not have it, once by a
 * switchover and once by a failover, and all of them are planned while it is there.
 */
export async function liveDataHalf(emulator: Emulator): Promise<DataHalf> {
  const estate = await EmulatedEstate.open({
    emulator,
    change: (settings) => ({ ...settings, dataStores: { ...settings.dataStores, cache } }),
    mended: ['aws_dynamodb_table_replica'],
  });
  const moves = new Map<MoveKind, Move>();
  try {
    await prepare(estate, emulator);
    const lifecycles = await liveThrough(estate, dataStacks, async () => {
      for (const kind of ['switchover', 'failover'] as const) {
        const writer = await moveWriter(estate, emulator, kind, 'region-ap-aurora');
        moves.set(kind, { writer, changes: await estate.changes(...dataStacks) });
        await moveWriter(estate, emulator, 'switchover', 'region-us-aurora');
      }
    });
    return { lifecycles, moves };
  } finally {
    estate.close();
  }
}

const clientOf = (region: string, { endpoint }: Emulator) => ({
  region,
  endpoint,
  credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
});

/** What the stacks stand on and the other half carries, and a key that every account of AWS has. */
async function prepare(estate: EmulatedEstate, emulator: Emulator): Promise<void> {
  for (const { key, awsRegion, zones } of estate.session.options.estate.regions) {
    const kms = new KMSClient(clientOf(awsRegion, emulator));
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/aws/dynamodb', TargetKeyId: KeyMetadata!.KeyId! }));
    const ec2 = new EC2Client(clientOf(awsRegion, emulator));
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const dataSubnetIds: string[] = [];
    for (const index of zones.keys()) {
      const AvailabilityZone = `${awsRegion}${'abc'.charAt(index)}`;
      const subnet = { VpcId: Vpc!.VpcId!, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone };
      dataSubnetIds.push((await ec2.send(new CreateSubnetCommand(subnet))).Subnet!.SubnetId!);
    }
    await estate.standIn(`region-${key}-vpc`, { vpcId: Vpc!.VpcId!, dataSubnetIds });
    await estate.standIn(`region-${key}-alb-asg-app`);
  }
  // The record that the emulator asks for, whatever the name.
  const record = `_acme-challenge.${estate.session.options.environment.domain}`;
  await estate.standIn('global-zone', { validationRecords: { edge: record, workload: record } });
}

/** @returns AWS region of the writer, as RDS says after the move */
async function moveWriter(estate: EmulatedEstate, emulator: Emulator, kind: MoveKind, to: string): Promise<string> {
  const { memberArn } = await estate.outputs(to);
  const { globalClusterId } = await estate.outputs('global-data');
  const rds = new RDSClient(clientOf(estate.session.stacks.get(to).awsRegion, emulator));
  const GlobalClusterIdentifier = String(globalClusterId);
  const target = { GlobalClusterIdentifier, TargetDbClusterIdentifier: String(memberArn) };
  if (kind === 'switchover') await rds.send(new SwitchoverGlobalClusterCommand(target));
  else await rds.send(new FailoverGlobalClusterCommand({ ...target, AllowDataLoss: true }));
  const { GlobalClusters } = await rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier }));
  const writer = GlobalClusters![0]!.GlobalClusterMembers!.find(({ IsWriter }) => IsWriter);
  return writer!.DBClusterArn!.split(':')[3]!;
}
