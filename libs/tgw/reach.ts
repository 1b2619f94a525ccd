import type { SegmentSettings } from '@platform/libs/settings/segments';

/**
 * True if `a` and `b` exchange traffic. It is enough that one of the two allows it; a segment reaches itself only if it
 * says so.
 */
export function reaches(segments: Readonly<Record<string, SegmentSettings>>, a: string, b: string): boolean {
  return Boolean(segments[a]?.reaches.includes(b) || segments[b]?.reaches.includes(a));
}
