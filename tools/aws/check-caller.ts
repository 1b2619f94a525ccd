import type { Environment } from '@platform/libs/settings/environment';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import { TerraformFailure } from '@platform/tools/terraform/failure';
import { callersFailure } from './callers-failure';
import type { LiveTarget } from './live-target';
import { withRetries } from './with-retries';

/**
 * Asks AWS who calls, before anything else. An emulator is asked too, so that one that does not answer is found here.
 * The home region is asked first; where it does not answer the others are, for one region may be lost.
 * In AWS the caller may sign in to any account that the deploy roles trust, but not to one of another environment:
 * the choice of `staging` with the keys of `prod` is a mistake.
 * @param note told before each wait
 * @param waitsSec between attempts, where no region answers
 * @throws TerraformFailure without credentials, or with those of the wrong account
 */
export async function checkCaller(
  target: LiveTarget,
  environment: Environment,
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
  note?: (text: string) => void,
  waitsSec = [1, 2, 4],
): Promise<void> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const where = `${environment.name} on ${target.name}`;
  const homeFirst = [...regions].sort((a, b) => Number(b.key === settings.home) - Number(a.key === settings.home));
  const unreachable = (error: unknown) => callersFailure(error, where)?.kind === 'network';
  const ask = async () => {
    let last: unknown;
    for (const { awsRegion } of homeFirst) {
      const client = await target.sts(awsRegion);
      try {
        return await client.send(new GetCallerIdentityCommand({}));
      } catch (error) {
        if (!unreachable(error)) throw error;
        last = error;
      }
    }
    throw last;
  };
  let account: string | undefined;
  try {
    const onWait = (_: unknown, seconds: number) =>
      note?.(`${where}: no region answers who the caller is; trying again in ${seconds} s`);
    account = (await withRetries(ask, { passes: unreachable, waitsSec, onWait })).Account;
  } catch (error) {
    throw callersFailure(error, where) ?? error;
  }
  if (target.name !== 'aws' || account === undefined) return;
  if (Object.values(environment.accounts).includes(account)) return;
  const other = Object.entries(settings.environments).find(([, { accounts }]) =>
    Object.values(accounts).includes(account),
  );
  if (!other) return;
  throw new TerraformFailure(
    `${where}: the credentials belong to account ${account}, which is one of ${other[0]}; sign in to an account of ${environment.name} (infra.config.ts: ${Object.values(environment.accounts).join(', ')}), or choose -c ${other[0]}`,
    'wrong-account',
    where,
  );
}
