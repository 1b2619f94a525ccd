import { checkDataStores } from './check-data-stores';
import { checkApplication } from './check-application';
import { checkEdge } from './check-edge';
import { checkEnvironments } from './check-environments';
import { checkExternalAttachments } from './check-external-attachments';
import { checkHybrid } from './check-hybrid';
import { checkInspection } from './check-inspection';
import { checkLimits } from './check-limits';
import { checkNames } from './check-names';
import { checkNetworks } from './check-networks';
import { checkOrganisation } from './check-organisation';
import { checkOwners } from './check-owners';
import { checkPhysicalNames } from './check-physical-names';
import { checkPrivateLink } from './check-private-link';
import { checkRegions, checkRegionSet } from './check-regions';
import { checkSegments } from './check-segments';
import { checkShape } from './check-shape';
import { checkDns } from './check-dns';
import { checkRollout } from './check-rollout';
import { checkState } from './check-state';
import { SettingsError, type Problem } from './problem';
import type { SettingsCheck, SettingsInput } from './settings-input';

/** One check per topic. A new topic is a file `check-<topic>.ts` and a line here. */
const checks: readonly SettingsCheck[] = [
  checkOrganisation,
  checkEnvironments,
  checkRegions,
  checkRegionSet,
  checkNetworks,
  checkSegments,
  checkExternalAttachments,
  checkEdge,
  checkState,
  checkRollout,
  checkDns,
  checkHybrid,
  checkPrivateLink,
  checkDataStores,
  checkApplication,
  checkInspection,
  checkOwners,
  checkNames,
  checkPhysicalNames,
  checkLimits,
];

/** Everything that is wrong with the settings, in the order in which a person would read the files. Pure. */
export function checkSettings(input: SettingsInput): Problem[] {
  const shape = checkShape(input);
  const misshapen = new Set(shape.map(({ where }) => where));
  const others = checks.flatMap((check) => runCheck(check, input, shape.length > 0));
  // A value of a wrong type is reported once, by its shape.
  return [...shape, ...others.filter(({ where }) => !misshapen.has(where))];
}

/** @throws SettingsError with all problems, when there are any. */
export function assertSettings(input: SettingsInput): void {
  const problems = checkSettings(input);
  if (problems.length > 0) throw new SettingsError(problems);
}

/** A check may stumble over a value of a wrong type: then its shape is what has to be put right first. */
function runCheck(check: SettingsCheck, input: SettingsInput, misshapen: boolean): Problem[] {
  try {
    return check(input);
  } catch (error) {
    if (misshapen) return [];
    throw error;
  }
}
