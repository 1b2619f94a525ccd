import type { Environment } from '@platform/libs/settings/environment';
import type { LoadedEstate } from '@platform/tools/synth/load-estate';
import { TerraformFailure } from '@platform/tools/terraform/failure';
import { callersFailure } from './callers-failure';
import type { LiveTarget } from './live-target';
import { withRetries } from './with-retries';

/**
 * Asks AWS who calls, before anything else. An emulator is asked too, so that one that does not answer is found here.
 * In AWS the caller may sign in to any account that the deploy roles trust, but not to one of another environment:
 * whoever has chosen `staging` and holds the keys of `prod` has mistaken one of the two.
 * @throws TerraformFailure when nobody is signed in, or to the wrong account
 */
export async function checkCaller(
  target: LiveTarget,
  environment: Environment,
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
): Promise<void> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const where = `${environment.name} on ${target.name}`;
  const home = regions.find(({ key }) => key === settings.home)!;
  let account: string | undefined;
  try {
    const client = await target.sts(home.awsRegion);
    const identity = await withRetries(() => client.send(new GetCallerIdentityCommand({})), {
      passes: (error) => callersFailure(error, where)?.kind === 'network',
      waitsSec: [1, 2, 4],
    });
    account = identity.Account;
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
