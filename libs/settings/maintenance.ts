import { inRegion, environmentsOf, type SettingsInput } from './settings-input';
import type { Problem } from './problem';
import { parseDailyWindow, parseWeeklyWindow, slotMinutes, weeklyWindowsTouch, windowsTouch } from './window';

/** ElastiCache refuses less than an hour, RDS more than a day (API references, PreferredMaintenanceWindow). */
const [leastMinutes, mostMinutes] = [60, 24 * 60];

/**
 * The maintenance windows of the regions: of a form that AWS accepts, clear of backups, long enough for one instance
 * after the other, and no two at the same time, so that a change that breaks a database has broken one region.
 */
export function checkMaintenance(input: SettingsInput): Problem[] {
  return input.regions.flatMap((region, index) => {
    const problems: Problem[] = [];
    const { maintenanceWindow: written } = region;
    const add = (what: string, remedy: string) =>
      problems.push({ where: inRegion(input, region, 'maintenanceWindow'), what, remedy });
    const window = parseWeeklyWindow(written);
    if (!window || window.length < leastMinutes || window.length > mostMinutes) {
      add(`"${written}" is not a weekly window of 1 to 24 hours`, 'write it as sun:05:00-sun:08:00, UTC');
      return problems;
    }
    for (const other of input.regions.slice(0, index)) {
      const taken = parseWeeklyWindow(other.maintenanceWindow);
      if (taken && weeklyWindowsTouch(window, taken)) {
        add(
          `"${written}" touches the window of region ${other.key}, ${other.maintenanceWindow}`,
          'use another day: both regions would be changed at once',
        );
      }
    }
    for (const [name, { dataStores }] of environmentsOf(input)) {
      const { database, cache } = dataStores;
      const backups = {
        [`dataStores.database.backupWindow`]: database.backupWindow,
        ...(cache ? { [`dataStores.cache.snapshotWindow`]: cache.snapshotWindow } : {}),
      };
      for (const [setting, backup] of Object.entries(backups)) {
        const daily = parseDailyWindow(backup);
        if (daily && windowsTouch(daily, window)) {
          add(`"${written}" touches ${setting} of ${name}, ${backup}`, 'keep clear of it');
        }
      }
      const slots = database.engine === 'aurora-global' ? database.instances.active + 1 : 1;
      if (window.length < slots * slotMinutes) {
        add(
          `"${written}" has ${window.length} minutes, and ${name} needs ${slots} times ${slotMinutes}: one for the cluster and one for each instance`,
          'use a longer one, or fewer instances',
        );
      }
    }
    return problems;
  });
}
