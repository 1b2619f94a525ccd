import { checkApplication } from './application';
import { checkDataStores } from './data-stores';
import { checkDifferences } from './differences';
import { checkDns } from './dns';
import { checkEdge } from './edge';
import { checkExternalAttachments } from './external-attachments';
import { checkHybrid } from './hybrid';
import { checkInspection } from './inspection';
import { checkLimits } from './limits';
import { checkNames } from './names';
import { checkNetworks } from './networks';
import { checkEnvironments, checkOrganisation } from './organisation';
import { checkOwners } from './owners';
import { checkPhysicalNames } from './physical-names';
import { checkPrivateLink } from './private-link';
import { checkRegions, checkRegionSet } from './region';
import { checkRollout } from './rollout';
import { checkSegments } from './segments';
import { checkShape } from './check-shape';
import { withOrigins } from './origins';
import { SettingsError, type Problem } from './problem';
import type { SettingsCheck, SettingsInput } from './settings-input';

/** One check per topic. A new topic is a file `<topic>.ts` and a line here. */
const checks: readonly SettingsCheck[] = [
  checkOrganisation,
  checkEnvironments,
  checkRegions,
  checkRegionSet,
  checkNetworks,
  checkSegments,
  checkExternalAttachments,
  checkEdge,
  checkRollout,
  checkDns,
  checkHybrid,
  checkPrivateLink,
  checkDataStores,
  checkApplication,
  checkInspection,
  checkOwners,
  checkDifferences,
  checkNames,
  checkPhysicalNames,
  checkLimits,
];

/** All problems of the settings, in the order of the files. Pure. */
export function checkSettings(input: SettingsInput): Problem[] {
  const shape = checkShape(input);
  const misshapen = new Set(shape.map(({ where }) => where));
  const others = checks.flatMap((check) => runCheck(check, input, shape.length > 0));
  // Its shape reports a value of a wrong type once.
  return withOrigins([...shape, ...others.filter(({ where }) => !misshapen.has(where))], input);
}

/** @throws SettingsError with all problems, if there are any */
export function assertSettings(input: SettingsInput): void {
  const problems = checkSettings(input);
  if (problems.length > 0) throw new SettingsError(problems);
}

/** A check may throw on a value of a wrong type; then the problems of its shape are reported instead. */
function runCheck(check: SettingsCheck, input: SettingsInput, misshapen: boolean): Problem[] {
  try {
    return check(input);
  } catch (error) {
    if (misshapen) return [];
    throw error;
  }
}
