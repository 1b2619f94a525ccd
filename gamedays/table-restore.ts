import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tableName } from '@platform/libs/data/names';
import { WrongUse } from '@platform/libs/settings/problem';
import { Accounts } from '@platform/tools/actions/failover/accounts';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { servingRegion } from './places';

export default defineGameDay({
  name: 'table-restore',
  title: 'a table comes back beside itself, as it was a few minutes ago',
  path: 'orders',
  loss: 'data',
  measures: 'recovery',
  // An hour holds for 95 of 100 restores, and a table can be restored to five minutes ago (DynamoDB developer guide:
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/pointintimerecovery_restores.html).
  hypothesis: () => ({ rtoSec: 3_600, rpoSec: 300 }),
  acts: async ({ context, before, signal }) => {
    const [table] = Object.keys(context.environment.dataStores.tables);
    if (table === undefined) throw new WrongUse('dataStores.tables: there is no table that could be restored');
    const { awsRegion } = servingRegion(context, before);
    const source = tableName(context.environment, table);
    const target = `${source}-rehearsal`;
    const client = await new Accounts(context).tables(awsRegion);
    return [
      {
        call: `dynamodb:RestoreTableToPointInTime ${source} as ${target} in ${awsRegion}`,
        isRecovery: true,
        run: async () => {
          const lostSec = await ageOfNewestPoint(client, source);
          await restore(client, source, target, signal);
          return { lostSec };
        },
        undo: {
          call: `dynamodb:DeleteTable ${target} in ${awsRegion}`,
          run: () => remove(client, target),
        },
      },
      {
        call: `dynamodb:DescribeTable and Scan of ${source} and ${target} in ${awsRegion}`,
        run: () => compare(client, source, target),
      },
    ];
  },
});

/** How far back the newest moment is that a table can be restored to, in seconds. */
async function ageOfNewestPoint(client: DynamoDBClient, TableName: string): Promise<number> {
  const { DescribeContinuousBackupsCommand } = await import('@aws-sdk/client-dynamodb');
  const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  const { PointInTimeRecoveryStatus, LatestRestorableDateTime } =
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  if (PointInTimeRecoveryStatus !== 'ENABLED') throw new Error(`${TableName}: point-in-time recovery is not enabled`);
  return LatestRestorableDateTime ? Math.max(0, (Date.now() - LatestRestorableDateTime.getTime()) / 1000) : 0;
}

/** AWS makes a table of its own, which is no replica of the global table. */
async function restore(client: DynamoDBClient, source: string, target: string, signal?: AbortSignal): Promise<void> {
  const { RestoreTableToPointInTimeCommand } = await import('@aws-sdk/client-dynamodb');
  await client.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: source,
      TargetTableName: target,
      UseLatestRestorableTime: true,
    }),
  );
  while ((await statusOf(client, target)) !== 'ACTIVE') {
    await delay(5_000, undefined, signal ? { signal } : {});
  }
}

async function statusOf(client: DynamoDBClient, TableName: string): Promise<string | undefined> {
  const { DescribeTableCommand, ResourceNotFoundException } = await import('@aws-sdk/client-dynamodb');
  try {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** @throws Error where the restored table has other keys, or nothing although the other one has items */
async function compare(client: DynamoDBClient, source: string, target: string): Promise<void> {
  const { DescribeTableCommand, ScanCommand } = await import('@aws-sdk/client-dynamodb');
  const [one, other] = await Promise.all(
    [source, target].map(async (TableName) => (await client.send(new DescribeTableCommand({ TableName }))).Table),
  );
  const [wanted, found] = [one, other].map((table) => JSON.stringify(table?.KeySchema));
  if (wanted !== found) throw new Error(`${target}: its keys are ${found}, and those of ${source} are ${wanted}`);
  // AWS counts every six hours or so, so that what it counted is older than what may be missing.
  if ((one?.ItemCount ?? 0) === 0) return;
  const { Count = 0 } = await client.send(new ScanCommand({ TableName: target, Limit: 1 }));
  if (Count === 0) throw new Error(`${target}: it has no item, and ${source} has ${one?.ItemCount}`);
}

/** A table that is still being made cannot be deleted. */
async function remove(client: DynamoDBClient, TableName: string): Promise<void> {
  const { DeleteTableCommand } = await import('@aws-sdk/client-dynamodb');
  for (const end = Date.now() + 3_600_000; ; await delay(5_000)) {
    const status = await statusOf(client, TableName);
    if (status === undefined) return;
    if (status === 'ACTIVE') await client.send(new DeleteTableCommand({ TableName }));
    else if (Date.now() > end) throw new Error(`${TableName} is still ${status} after an hour; delete it`);
  }
}
