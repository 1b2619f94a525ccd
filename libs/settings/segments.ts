import type { Problem } from './problem';
import { list, section, text, type Settings } from './schema';
import { inSettings, type SettingsInput } from './settings-input';

/** The name for outside networks among the segments that a segment reaches. */
export const onPremisesSegment = 'on-premises';

/** The segment of inspected traffic. No network belongs to it. */
export const inspectionSegment = 'inspection';

/** The Transit Gateway route table for packets from other regions. */
export const peeringTable = 'peering';

export const segmentSchema = section(
  { is: 'One routing segment.', applies: 'next deploy of `shared/tgw`' },
  {
    reaches: list(
      'Segments, or `on-premises`, whose networks this one exchanges traffic with. Stated once, it holds both ways. A segment does not reach itself unless it says so.',
      text({ is: 'Key of `segments`, or `on-premises`.' }),
    ),
  },
);
/** One routing segment of the Transit Gateways. */
export type SegmentSettings = Settings<typeof segmentSchema>;

/** Segments: every name that is used exists. */
export function checkSegments(input: SettingsInput): Problem[] {
  const { segments } = input.settings;
  const names = Object.keys(segments);
  const problems: Problem[] = [];
  const add = (path: string, what: string, remedy: string) =>
    problems.push({ where: inSettings(input, path), what, remedy });

  for (const [name, { reaches }] of Object.entries(segments)) {
    if (name === onPremisesSegment) {
      add(`segments.${name}`, `"${name}" is the word for networks outside AWS`, 'use another name');
    } else if (name === peeringTable) {
      add(`segments.${name}`, `"${name}" is the Transit Gateway's route table for other regions`, 'use another name');
    } else if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
      add(
        `segments.${name}`,
        `"${name}" is not a name of a segment`,
        'use 1–32 lower-case letters, digits or hyphens, a letter first',
      );
    }
    reaches.forEach((reached, index) => {
      if (reached !== onPremisesSegment && !names.includes(reached)) {
        add(
          `segments.${name}.reaches.${index}`,
          `there is no segment "${reached}"`,
          `use one of ${[...names, onPremisesSegment].join(', ')}`,
        );
      }
    });
  }
  return problems;
}
