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

/** True when two weekly windows overlap. */
export function weeklyWindowsTouch(one: Window, other: Window): boolean {
  const after = (a: number, b: number) => (b - a + minutesOfWeek) % minutesOfWeek;
  return after(one.start, other.start) < one.length || after(other.start, one.start) < other.length;
}

/** Writes a weekly window as {@link parseWeeklyWindow} reads it. */
export function formatWeeklyWindow({ start, length }: Window): string {
  const at = (minute: number) => {
    const [day, time] = [Math.floor(minute / minutesOfDay) % 7, minute % minutesOfDay];
    return `${days[day]}:${twoDigits(Math.floor(time / 60))}:${twoDigits(time % 60)}`;
  };
  return `${at(start)}-${at(start + length)}`;
}

const twoDigits = (value: number) => String(value).padStart(2, '0');

/** Least length of a window of RDS, in minutes (RDS API reference, ModifyDBInstance, PreferredMaintenanceWindow). */
export const slotMinutes = 30;

/**
 * One of the slots of {@link slotMinutes} that a weekly window consists of: 0 is the first.
 * @throws Error when the window is none, or has no such slot; the settings check reports both first
 */
export function slotOf(window: string, slot: number): string {
  const whole = parseWeeklyWindow(window);
  if (!whole || (slot + 1) * slotMinutes > whole.length) throw new Error(`${window} has no slot ${slot}`);
  return formatWeeklyWindow({ start: whole.start + slot * slotMinutes, length: slotMinutes });
}

/** The last of these weekly windows, moved by days, and if no day is free by hours, until it overlaps none of them. */
export function freeWeeklyWindow(windows: readonly string[]): string {
  const taken = windows.flatMap((each) => parseWeeklyWindow(each) ?? []);
  const last = taken.at(-1);
  if (!last) return windows.at(-1) ?? '';
  const hours = Array.from({ length: 7 * 24 }, (_, index) => (index % 7) * 24 + Math.floor(index / 7));
  const moved = hours.map((hour) => ({ ...last, start: (last.start + hour * 60) % minutesOfWeek }));
  return formatWeeklyWindow(moved.find((each) => !taken.some((other) => weeklyWindowsTouch(each, other))) ?? last);
}
