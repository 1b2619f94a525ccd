import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { contract as state } from '@platform/global/state/contract';
import { AccountAccess } from '@platform/libs/access/account-access';
import type { Environment } from '@platform/libs/settings/environment';
import { accountRoles, type AccountRole } from '@platform/libs/settings/organisation';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { stateBucketName } from '@platform/libs/stack/state-location';
import { regions } from '@platform/shared/regions';
import { home } from '../home';
import { contract } from './contract';

/** The roles that plan and deploy, in every account of the environment, and the CI's way to assume them. */
export class AccessStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region: home, account: 'management' });
    const { access, accounts, deployRole, planRole, organisation } = environment;
    if (access.roles === 'managed') {
      const { keyArns } = this.read(state);
      const buckets = regions.map(({ key }) => stateBucketName(environment, key));
      const ids = [...new Set(Object.values(accounts))];
      for (const accountId of ids) {
        const roles = accountRoles.filter((role) => accounts[role] === accountId);
        const isManagement = accountId === accounts.management;
        new AccountAccess(this, accessId(roles), {
          provider: isManagement ? this.provider : this.addAliasedProvider(home, roles[0]!),
          settings: access,
          managementAccount: accounts.management,
          scope: {
            accountId,
            accountRoles: roles,
            organisation,
            environment: environment.name,
            planRole,
            deployRole,
            assumableIn: isManagement ? ids : [],
            ...(isManagement
              ? {
                  states: {
                    buckets: buckets.map((bucket) => `arn:aws:s3:::${bucket}`),
                    keys: regions.map(({ key }) => Fn.lookup(keyArns, key) as string),
                    lockTables:
                      environment.state.locking === 's3'
                        ? []
                        : buckets.map((bucket) => `arn:aws:dynamodb:*:${accountId}:table/${bucket}`),
                  },
                }
              : {}),
          },
        });
      }
    }
    this.publish(contract, { planRole, deployRole });
  }
}

/** `Network`, for an account with several roles that of the first. */
function accessId([first]: readonly AccountRole[]): string {
  return `${first![0]!.toUpperCase()}${first!.slice(1)}`;
}
