import { availabilityText } from '@platform/libs/resilience/availability';
import { durationText } from '@platform/libs/resilience/duration';
import type { ReportSection } from '@platform/tools/actions/resilience/report';
import type { LevelComparison, PricedLevel } from './compare-levels';

/** Levels side by side, what each adds, and what the prices assume. */
export function sectionsOfLevels({ levels, level: present, cheapest, assumptions }: LevelComparison): ReportSection[] {
  const paths = [...new Set(levels.flatMap((each) => each.paths.map(({ path }) => path)))];
  const below = (index: number): PricedLevel | undefined => levels[index - 1];
  return [
    {
      title: 'Levels',
      lines: [
        cheapest === null
          ? 'Every level breaks an objective.'
          : `Cheapest level that breaks no objective: ${cheapest}. Level of the settings: ${present}.`,
      ],
      head: ['level', 'USD a month', 'of it unconfirmed', 'more than below', 'resources added', 'quotas', 'objectives'],
      rows: levels.map(({ level, usd, unconfirmed, added, quotas, broken }, index) => [
        level,
        range(usd.low, usd.high),
        unconfirmed === 0 ? '' : unconfirmed.toFixed(0),
        index === 0 ? '' : range(usd.low - below(index)!.usd.low, usd.high - below(index)!.usd.high),
        String(Object.values(added).reduce((sum, count) => sum + count, 0)),
        quotas.length === 0 ? 'none' : String(quotas.length),
        broken.length === 0 ? 'none broken' : `${broken.length} broken`,
      ]),
    },
    {
      title: 'Availability by path (model)',
      lines: [],
      head: ['level', ...paths],
      rows: levels.map((each) => [
        each.level,
        ...paths.map((path) => {
          const found = pathOf(each, path);
          return found ? availabilityText(found.availability.model) : 'not there';
        }),
      ]),
    },
    {
      title: 'RTO for the loss of a region by path (model)',
      lines: [],
      head: ['level', ...paths],
      rows: levels.map((each) => [
        each.level,
        ...paths.map((path) => {
          const found = pathOf(each, path)?.losses.find(({ loss }) => loss === 'region');
          return found ? durationText(found.rto) : 'not there';
        }),
      ]),
    },
    ...levels.slice(1).map(
      (each, index): ReportSection => ({
        title: `${levels[index]!.level} → ${each.level}`,
        lines: [
          ...Object.entries(each.added).map(([type, count]) => `${count > 0 ? '+' : ''}${count} ${type}`),
          ...each.quotas.map((text) => `quota: ${text}`),
          ...each.broken.map((text) => `broken: ${text}`),
          ...each.lostGoingDown.map((text) => `going down destroys ${text}`),
        ],
      }),
    ),
    {
      title: 'Not in the prices',
      lines: levels.map(
        ({ level, unknown }) =>
          `${level}: ${
            Object.entries(unknown)
              .map(([name, count]) => `${count} ${name}`)
              .join(', ') || 'nothing'
          }`,
      ),
    },
    { title: 'Assumptions', lines: assumptions },
  ];
}

function pathOf({ paths }: PricedLevel, wanted: string): PricedLevel['paths'][number] | undefined {
  return paths.find(({ path }) => path === wanted);
}

function range(low: number, high: number): string {
  return low === high ? low.toFixed(0) : `${low.toFixed(0)} to ${high.toFixed(0)}`;
}
