import { internalZoneName } from '@platform/libs/settings/physical-names';
import { WrongUse } from '@platform/libs/settings/problem';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';

/** What on-premises networks read. It is private: the rehearsal is run from one of them. */
export function internalUrl({ environment }: FailoverContext): string {
  return `https://app.${internalZoneName(environment)}${environment.edge.healthCheck.path}`;
}

/** @throws WrongUse where the environment has no on-premises networks */
export function onPremisesOf({ environment }: FailoverContext) {
  if (!environment.onPremises) {
    throw new WrongUse(`${environment.name}: onPremises is not set, so there is no path to on-premises networks`);
  }
  return environment.onPremises;
}
