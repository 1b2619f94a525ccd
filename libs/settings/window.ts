const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minutesOfDay = 24 * 60;
const minutesOfWeek = 7 * minutesOfDay;

/** A daily or weekly window in UTC: minutes from the start of the day or week. */
export interface Window {
  readonly start: number;
  readonly length: number;
}

/** Reads a daily window, `03:00-04:00`; undefined for other text. A window may span midnight. */
export function parseDailyWindow(text: string): Window | undefined {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!parts) return undefined;
  const [from, to] = [Number(parts[1]) * 60 + Number(parts[2]), Number(parts[3]) * 60 + Number(parts[4])];
  return { start: from, length: (to - from + minutesOfDay) % minutesOfDay };
}

/** Reads a weekly window, `sun:05:00-sun:06:00`; undefined for other text. A window may span the end of the week. */
export function parseWeeklyWindow(text: string): Window | undefined {
  const parts = /^(\w{3}):([01]\d|2[0-3]):([0-5]\d)-(\w{3}):([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!parts || !days.includes(parts[1]!) || !days.includes(parts[4]!)) return undefined;
  const at = (day: string, hour: string, minute: string) =>
    days.indexOf(day) * minutesOfDay + Number(hour) * 60 + Number(minute);
  const from = at(parts[1]!, parts[2]!, parts[3]!);
  const to = at(parts[4]!, parts[5]!, parts[6]!);
  return { start: from, length: (to - from + minutesOfWeek) % minutesOfWeek };
}

/** True when the daily window overlaps the weekly one on any day. */
export function windowsTouch(daily: Window, weekly: Window): boolean {
  return days.some((_, day) => {
    const start = day * minutesOfDay + daily.start;
    const after = (a: number, b: number) => (b - a + minutesOfWeek) % minutesOfWeek;
    return after(start, weekly.start) < daily.length || after(weekly.start, start) < weekly.length;
  });
}
