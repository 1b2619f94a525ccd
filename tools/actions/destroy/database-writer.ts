import type { RDSClientConfig } from '@aws-sdk/client-rds';
import type { LiveTarget } from '@platform/tools/aws/live-target';
import type { StateResources } from '@platform/tools/model/state';

/** A member of a database, as its stack's state records it. */
export interface DatabaseMember {
  readonly stack: string;
  /** `us-east-1` */
  readonly awsRegion: string;
  readonly state: StateResources;
}

/**
 * The stack whose member has the writer, as RDS reports it now: a failover moves it, and the states do not know. Nothing
 * where none of them is a member of a database.
 * @throws Error of the SDK where RDS does not answer
 */
export async function findWriter(target: LiveTarget, members: readonly DatabaseMember[]): Promise<string | undefined> {
  const { DescribeDBInstancesCommand, DescribeGlobalClustersCommand, RDSClient } = await import('@aws-sdk/client-rds');
  for (const { awsRegion, state } of members) {
    const id = attributeOf(state, 'aws_rds_cluster', 'global_cluster_identifier');
    if (id === undefined) continue;
    const client = new RDSClient(await optionsOf(target, awsRegion));
    const { GlobalClusters = [] } = await client.send(
      new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: id }),
    );
    const writer = GlobalClusters[0]?.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter)?.DBClusterArn;
    // arn:aws:rds:<region>:<account>:cluster:<name>
    return members.find((member) => member.awsRegion === writer?.split(':')[3])?.stack;
  }
  for (const { stack, awsRegion, state } of members) {
    const id = attributeOf(state, 'aws_db_instance', 'identifier');
    if (id === undefined) continue;
    const client = new RDSClient(await optionsOf(target, awsRegion));
    const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    if (DBInstances[0] && !DBInstances[0].ReadReplicaSourceDBInstanceIdentifier) return stack;
  }
  return undefined;
}

/** As the clients of alarms: the database is in the workload account too. */
async function optionsOf(target: LiveTarget, region: string): Promise<RDSClientConfig> {
  const { config } = await target.cloudWatch(region);
  return {
    region,
    credentials: config.credentials,
    requestHandler: config.requestHandler,
    ...(config.endpoint ? { endpoint: await config.endpoint() } : {}),
  };
}

function attributeOf({ resources = [] }: StateResources, type: string, name: string): string | undefined {
  const values = resources
    .filter((resource) => resource.mode === 'managed' && resource.type === type)
    .flatMap(({ instances = [] }) =>
      instances.map(({ attributes }) => (attributes as Record<string, unknown>)?.[name]),
    );
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}
