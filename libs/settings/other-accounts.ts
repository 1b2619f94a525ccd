import { accountRoles, type AccountRole } from './organisation';

/**
 * Every account of the environment except that of `role`, once, under its first role: the accounts that `role` shares
 * with.
 */
export function otherAccounts(
  accounts: Readonly<Record<AccountRole, string>>,
  role: AccountRole,
): Record<string, string> {
  const others = accountRoles
    .filter((other) => accounts[other] !== accounts[role])
    .filter((other, index, roles) => roles.findIndex((earlier) => accounts[earlier] === accounts[other]) === index);
  return Object.fromEntries(others.map((other) => [other, accounts[other]]));
}
