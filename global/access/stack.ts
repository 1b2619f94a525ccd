import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { contract as state } from '@platform/global/state/contract';
import { AccountAccess } from '@platform/libs/access/account-access';
import type { AccessScope } from '@platform/libs/access/policies';
import { ciOf, holdersOf, type AccessSettings } from '@platform/libs/settings/access';
import type { Environment } from '@platform/libs/settings/environment';
import { accountRoles, type AccountRole } from '@platform/libs/settings/organisation';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { stateBucketName } from '@platform/libs/stack/state-location';
import { regions } from '@platform/shared/regions';
import { home } from '../home';
import { contract } from './contract';

/**
 * The roles that plan and deploy, in every account of the environment, and the CI's way to assume them. In an account of
 * several environments the first one makes them for all.
 */
export class AccessStack extends EstateStack {
  /** @param all Environments of the organisation, in the order of the settings. Default: this one. */
  constructor(scope: Construct, environment: Environment, all: readonly Environment[] = [environment]) {
    super(scope, { environment, contract, region: home, account: 'management', createdBy: 'bootstrap' });
    const { access, accounts, deployRole, planRole } = environment;
    // The given one may differ from the settings, as with a level of an option.
    const present = all.map((each) => (each.name === environment.name ? environment : each));
    if (access.roles === 'managed') {
      for (const accountId of new Set(Object.values(accounts))) {
        const holders = holdersOf(accountId, present);
        if (holders[0]?.name !== environment.name) continue;
        const own = rolesIn(accountId, [environment]);
        new AccountAccess(this, accessId(own), {
          provider: accountId === accounts.management ? this.provider : this.addAliasedProvider(home, own[0]!),
          users: holders.map((holder) => ({
            settings: accessOf(holder),
            managementAccount: holder.accounts.management,
          })),
          scope: this.scopeOf(accountId, holders),
        });
      }
    }
    this.publish(contract, { planRole, deployRole });
  }

  private scopeOf(accountId: string, holders: readonly Environment[]): AccessScope {
    const { accounts, deployRole, planRole, organisation, name } = this.environment;
    const managed = holders.filter(({ accounts: { management } }) => management === accountId);
    const bucketsOf = (holder: Environment) => regions.map(({ key }) => stateBucketName(holder, key));
    const arnOf = (bucket: string) => `arn:aws:s3:::${bucket}`;
    const others = managed.filter((holder) => holder.name !== name);
    return {
      accountId,
      accountRoles: rolesIn(accountId, holders),
      organisation,
      environments: holders.map((holder) => holder.name),
      planRole,
      deployRole,
      assumableIn: [...new Set(managed.flatMap((holder) => Object.values(holder.accounts)))],
      ...(managed.length > 0
        ? {
            states: {
              buckets: accounts.management === accountId ? bucketsOf(this.environment).map(arnOf) : [],
              keys: accounts.management === accountId ? this.stateKeys() : [],
              lockTables: managed
                .filter((holder) => holder.state.locking !== 's3')
                .flatMap(bucketsOf)
                .map((bucket) => `arn:aws:dynamodb:*:${accountId}:table/${bucket}`),
              otherBuckets: others.flatMap(bucketsOf).map(arnOf),
            },
          }
        : {}),
    };
  }

  private stateKeys(): string[] {
    const { keyArns } = this.read(state);
    return regions.map(({ key }) => Fn.lookup(keyArns, key) as string);
  }
}

/** With the repository and the environment in the subjects of the CI. */
function accessOf({ access, name }: Environment): AccessSettings {
  const ci = ciOf({ access, name });
  return ci ? { ...access, ci } : access;
}

/** Roles that an account has in environments, in the order of the settings. */
function rolesIn(accountId: string, environments: readonly Environment[]): AccountRole[] {
  return accountRoles.filter((role) => environments.some(({ accounts }) => accounts[role] === accountId));
}

/** `Network`, for an account with several roles that of the first. */
function accessId([first]: readonly AccountRole[]): string {
  return `${first![0]!.toUpperCase()}${first!.slice(1)}`;
}
