import { checkAccess } from './access';
import { checkAlarmRecipients } from './alarm-recipients';
import { checkApplication } from './application';
import { checkDataStores } from './data-stores';
import { checkDifferences } from './differences';
import { checkDns } from './dns';
import { checkEdge } from './edge';
import { checkExternalAttachments } from './external-attachments';
import { checkFirewall } from './firewall';
import { checkGuardrails } from './guardrails';
import { checkHybrid } from './hybrid';
import { checkInspection } from './inspection';
import { checkLimits } from './limits';
import { checkMaintenance } from './maintenance';
import { checkNames } from './names';
import { checkNetworks } from './networks';
import { checkObjectives } from './objectives';
import { checkEnvironments, checkOrganisation } from './organisation';
import { writtenOf } from './organisation';
import { checkOwners } from './owners';
import { checkPhysicalNames } from './physical-names';
import { checkPrivateLink } from './private-link';
import { checkRegions, checkRegionSet } from './region';
import { renamedInOrganisation, renamedInRegion, withPresentNames } from './renamed';
import { checkRollout } from './rollout';
import { checkState } from './state';
import { checkSegments } from './segments';
import { checkTrafficControl } from './traffic-control';
import { checkNesting, checkShape } from './check-shape';
import { withOrigins } from './origins';
import { SettingsError, type Problem } from './problem';
import { inRegion, inSettings, type SettingsCheck, type SettingsInput } from './settings-input';

/** One check per topic. A new topic is a file `<topic>.ts` and a line here. */
const checks: readonly SettingsCheck[] = [
  checkOrganisation,
  checkEnvironments,
  checkAccess,
  checkRegions,
  checkRegionSet,
  checkMaintenance,
  checkNetworks,
  checkSegments,
  checkExternalAttachments,
  checkEdge,
  checkFirewall,
  checkTrafficControl,
  checkGuardrails,
  checkRollout,
  checkState,
  checkDns,
  checkHybrid,
  checkPrivateLink,
  checkDataStores,
  checkApplication,
  checkInspection,
  checkObjectives,
  checkOwners,
  checkAlarmRecipients,
  checkDifferences,
  checkNames,
  checkPhysicalNames,
  checkLimits,
];

/** All problems of the settings, in the order of the files. Pure. */
export function checkSettings(given: SettingsInput): Problem[] {
  const endless = checkNesting(given);
  if (endless.length > 0) return endless;
  const { input, problems } = underPresentNames(given);
  const shape = checkShape(input);
  const misshapen = shape.map(({ where }) => where);
  const others = checks.flatMap((check) => runCheck(check, input, shape.length > 0));
  // Its shape reports a value of a wrong type once, and other checks may have made words of it.
  const follows = ({ where, what, remedy }: Problem) =>
    misshapen.some((each) => where === each || where.startsWith(`${each}.`)) ||
    (misshapen.length > 0 && wrongTypeInWords.test(`${where} ${what} ${remedy}`));
  return withOrigins([...problems, ...shape, ...others.filter((problem) => !follows(problem))], input);
}

/** What a value of a wrong type becomes in a text. */
const wrongTypeInWords = /\[object \w+\]|\bundefined\b|\bNaN\b/;

/** The settings without former names, and a problem for each of those. */
function underPresentNames(given: SettingsInput): { readonly input: SettingsInput; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const written = writtenOf(given.settings);
  const inOrganisation = (document: object) =>
    withPresentNames(document, renamedInOrganisation, ({ path, ...problem }) =>
      problems.push({ where: inSettings(given, path), ...problem }),
    );
  // Those that `defineOrganisation` completed have present names already.
  if (written) inOrganisation(written);
  const settings = written ? given.settings : (inOrganisation(given.settings) as SettingsInput['settings']);
  const regions = given.regions.map((region) =>
    withPresentNames(region, renamedInRegion, ({ path, ...problem }) =>
      problems.push({ where: inRegion(given, region, path), ...problem }),
    ),
  );
  return problems.length === 0 ? { input: given, problems } : { input: { ...given, settings, regions }, problems };
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
