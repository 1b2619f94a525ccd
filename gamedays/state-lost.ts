import { stateBucketName } from '@platform/libs/stack/state-location';
import { WrongUse } from '@platform/libs/settings/problem';
import { Accounts, type FailoverContext } from '@platform/tools/actions/failover/accounts';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { observe } from '@platform/tools/actions/failover/observe';
import { requestOf } from '@platform/tools/actions/failover/run-failover';
import { planFailover, valueOf } from '@platform/tools/model/failover';

/** End of the keys of states. */
const stateEnd = '/terraform.tfstate';

export default defineGameDay({
  name: 'state-lost',
  title: 'without the home region and its states a failover is planned, and the copies of the states are readable',
  path: 'apiWrites',
  loss: 'state',
  measures: 'recovery',
  // Neither waits for the region: an answer that does not come is given up after 10 s, and asked for twice.
  hypothesis: () => ({ rtoSec: 60, rpoSec: 0 }),
  acts: ({ context }) => {
    const { environment, regions } = context;
    const home = regions.find(({ key }) => key === environment.home)!;
    const to = regions.find(({ key }) => key === home.failsOverTo);
    if (!to || to === home) throw new WrongUse(`${home.key}: no other region takes over from the home region`);
    const without: FailoverContext = { ...context, lost: home.key };
    return Promise.resolve([
      {
        call: `failover plan --to ${to.key} --lost ${home.key}: nothing is asked of ${home.awsRegion}, no state is read`,
        isRecovery: true,
        run: async () => {
          const view = await observe(without);
          const writer = Object.entries(valueOf(view.database)?.members ?? {}).find(([, member]) => member.writer);
          // Where the writer is elsewhere already, its region has nothing to take over.
          if (writer?.[0] === to.key) return;
          const request = requestOf(without, { to: to.key, lost: home.key, allowDataLoss: true });
          const { blockers } = planFailover(view, request);
          if (blockers.length > 0) throw new Error(`a failover to ${to.key} is blocked: ${blockers.join('; ')}`);
        },
      },
      {
        call: `s3:ListObjectsV2 and GetObject of the copies in ${stateBucketName(environment, to.key)} in ${to.awsRegion}`,
        isRecovery: true,
        run: async () => readCopies(without, stateBucketName(environment, to.key), to.awsRegion),
      },
    ]);
  },
});

/** @throws Error where there is no copy of a global stack's state, or one is not a state */
async function readCopies(context: FailoverContext, Bucket: string, awsRegion: string): Promise<void> {
  const { GetObjectCommand, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const client = await new Accounts(context).objects('management', awsRegion);
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: 'global-' })) {
    keys.push(...Contents.flatMap(({ Key }) => (Key?.endsWith(stateEnd) ? [Key] : [])));
  }
  if (keys.length === 0) throw new Error(`${Bucket}: it has no copy of the state of a global stack`);
  for (const Key of keys) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    const { lineage, serial } = stateOf(`${Bucket}/${Key}`, await Body!.transformToString());
    if (typeof lineage !== 'string' || typeof serial !== 'number')
      throw new Error(`${Bucket}/${Key}: it is not a state`);
  }
}

function stateOf(where: string, text: string): { readonly lineage?: unknown; readonly serial?: unknown } {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new Error(`${where}: it is not a state`);
  }
}
