import type { Problem } from './problem';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

/** How long states can be restored. */
export function checkState(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { state }]) => {
    const at = (field: string) => inSettings(input, `environments.${name}.state.${field}`);
    const problems: Problem[] = [];
    if (!Number.isInteger(state.oldVersionDays) || state.oldVersionDays < 1) {
      problems.push({
        where: at('oldVersionDays'),
        what: `${state.oldVersionDays} is no number of days`,
        remedy: 'give a whole number from 1; 90 leaves a quarter to notice a damaged state',
      });
    }
    // S3 user guide, lifecycle configuration: NewerNoncurrentVersions is 1 to 100.
    if (!Number.isInteger(state.oldVersionsKept) || state.oldVersionsKept < 1 || state.oldVersionsKept > 100) {
      problems.push({
        where: at('oldVersionsKept'),
        what: `S3 cannot keep ${state.oldVersionsKept} old versions`,
        remedy: 'give a whole number from 1 to 100',
      });
    }
    return problems;
  });
}
