import { availabilityText } from '@platform/libs/resilience/availability';
import { durationText, secondsText } from '@platform/libs/resilience/duration';
import { article, isUnconfirmed, type RecoveryTime, type Resilience } from '@platform/tools/model/resilience';
import type { Without } from './without';

/** A heading with lines of text and tables, for every form of the report. */
export interface ReportSection {
  readonly title: string;
  readonly lines: readonly string[];
  readonly head?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
}

const figures = ['path', 'what', 'objective', 'floor', 'model', 'measured', 'status'];

/** The whole assessment: figures, then where each comes from, then what does not survive. */
export function sectionsOf(resilience: Resilience, now = new Date()): ReportSection[] {
  const { paths, missing, findings, rehearsals } = resilience;
  const ageDays = (day: string) => Math.floor((now.getTime() - Date.parse(day)) / 86_400_000);
  const seconds = (value: number | null) => (value === null ? '' : secondsText(value));
  const open = findings.filter(({ declared }) => declared === null);
  const declared = findings.filter(({ declared: reason }) => reason !== null);
  return [
    {
      title: 'Objectives',
      lines: [
        ...missing.map(
          ({ path, why, hasObjective }) => `${path}: not compared${hasObjective ? ' with its objective' : ''}: ${why}`,
        ),
        ...paths
          .filter(({ path, status }) => status === 'no objective' && path.startsWith('app:'))
          .map(({ path }) => `${path}: no objective; set objectives.applications.${path.slice('app:'.length)}`),
      ],
      head: figures,
      rows: paths.flatMap(rowsOf),
    },
    {
      title: 'Rehearsals',
      lines: rehearsals.length === 0 ? ['None. Run `npx platform gameday list`.'] : [],
      ...(rehearsals.length === 0
        ? {}
        : {
            head: ['path', 'lost', 'RTO', 'RPO', 'day', 'age in days', 'how'],
            rows: rehearsals.map(({ path, loss, rtoSec, rpoSec, measuredAt, how }) => [
              path,
              loss,
              seconds(rtoSec),
              seconds(rpoSec),
              measuredAt,
              String(ageDays(measuredAt)),
              how,
            ]),
          }),
    },
    {
      title: 'What would gain most',
      lines: paths.flatMap(({ path, gain }) => (gain === null ? [] : [`${path}: ${gain}`])),
    },
    {
      title: 'Recovery times',
      lines: [],
      head: ['path', 'loss', 'part', 'time', 'setting', 'status', 'source', 'where'],
      rows: paths.flatMap(({ path, losses }) =>
        losses.flatMap(({ loss, rto, rpo }) =>
          [...rto.terms, ...rpo.terms].map((term) => [
            path,
            loss,
            `${term.phase}: ${term.is}`,
            durationText(term),
            term.setting,
            term.unconfirmed === null ? 'confirmed' : `unconfirmed: ${term.unconfirmed}`,
            term.source,
            term.where,
          ]),
        ),
      ),
    },
    {
      title: 'Availability of the parts',
      lines: [],
      head: ['path', 'part', 'availability', 'commitment', 'status', 'source', 'where'],
      rows: paths.flatMap(({ path, availability }) =>
        availability.parts.map((part) => [
          path,
          part.weakness === null ? part.name : `${part.name} (${part.weakness})`,
          availabilityText(part),
          part.commitment ?? 'none is known',
          part.status,
          part.source ?? '',
          part.where,
        ]),
      ),
    },
    {
      title: 'Recovery that needs what is lost',
      lines: open.length === 0 ? ['None that is not declared.'] : [],
      ...(open.length === 0
        ? {}
        : {
            head: ['rule', 'where', 'what', 'what to do'],
            rows: open.map(({ rule, where, what, remedy }) => [rule, where, what, remedy]),
          }),
    },
    {
      title: 'Declared exceptions',
      lines: [],
      head: ['rule', 'where', 'what', 'reason'],
      rows: declared.map(({ rule, where, what, declared: reason }) => [rule, where, what, reason!]),
    },
  ];
}

function rowsOf({ path, availability, latency, losses }: Resilience['paths'][number]): string[][] {
  const measured = (value: string | null, at: string | null) => (value === null ? '' : `${value} (${at})`);
  const time = (what: string, { objectiveSec, measuredSec, measuredAt, status, ...range }: RecoveryTime) => [
    path,
    what,
    objectiveSec === null ? '' : secondsText(objectiveSec),
    'none',
    `${durationText(range)}${isUnconfirmed(range) ? ' *' : ''}`,
    measured(measuredSec === null ? null : secondsText(measuredSec), measuredAt),
    status,
  ];
  const { objective, floor, model } = availability;
  return [
    [
      path,
      'availability',
      objective === null ? '' : `${Number((objective * 100).toFixed(6))} %`,
      availabilityText(floor),
      `${availabilityText(model)}${availability.parts.some((part) => part.status === 'unconfirmed') ? ' *' : ''}`,
      measured(availability.measured === null ? null : `${availability.measured * 100} %`, availability.measuredAt),
      availability.status,
    ],
    ...losses.flatMap(({ loss, rto, rpo, capacityLeft }) => [
      time(`RTO, loss of ${article(loss)}${leftText(capacityLeft)}`, rto),
      time(`RPO, loss of ${article(loss)}`, rpo),
    ]),
    [
      path,
      'latency, 95 of 100 answers',
      latency.objectiveMs === null ? '' : `${latency.objectiveMs} ms`,
      'none',
      'unknown',
      measured(latency.measuredMs === null ? null : `${latency.measuredMs} ms`, latency.measuredAt),
      latency.status,
    ],
  ];
}

function leftText(capacityLeft: number | null): string {
  return capacityLeft === null ? '' : ` (${Math.round(capacityLeft * 100)} % of the capacity left)`;
}

/** What is left of an estate without a region. */
export function sectionsWithout({ region, works, stale, gone, findings }: Without): ReportSection[] {
  return [
    { title: `Works without ${region}`, lines: works },
    { title: 'Stale', lines: stale },
    { title: `Gone until ${region} returns`, lines: gone },
    {
      title: 'Needs what is lost',
      lines: findings.map(
        ({ where, what, declared, remedy }) =>
          `${where}: ${what}; ${declared === null ? remedy : `declared: ${declared}`}`,
      ),
    },
  ];
}

/** What the figures are. */
export const method =
  'Floor: commitments of AWS in series, without credit for a second region. Model: with other regions, common cause and the time of failovers; with * it counts what no source confirms. Method and sources: docs/resilience.md.';

export function markdownOf(title: string, sections: readonly ReportSection[]): string {
  const cell = (text: string) =>
    text
      .replaceAll('|', '\\|')
      .replaceAll('<', '&lt;')
      .replaceAll(/(https:\/\/[^\s|]+)/g, '<$1>');
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [
    `# ${title}`,
    '',
    method,
    ...sections.flatMap(({ title: heading, lines, head, rows = [] }) => [
      '',
      `## ${heading}`,
      '',
      ...lines.map((line) => `- ${cell(line)}`),
      ...(head && rows.length > 0 ? [row(head), row(head.map(() => '---')), ...rows.map(row)] : []),
    ]),
    '',
  ].join('\n');
}

export function htmlOf(title: string, sections: readonly ReportSection[]): string {
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const cell = (text: string) => (/^https:\/\/\S+$/.test(text) ? `<a href="${escape(text)}">source</a>` : escape(text));
  const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]) =>
    `<table><thead><tr>${head.map((each) => `<th scope="col">${escape(each)}</th>`).join('')}</tr></thead><tbody>${rows
      .map(
        (cells) =>
          `<tr class="${escape(cells.at(-1)!.replaceAll(' ', '-'))}">${cells.map((each) => `<td>${cell(each)}</td>`).join('')}</tr>`,
      )
      .join('')}</tbody></table>`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${escape(title)}</title><style>`,
    'body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:90rem;padding:0 1rem;color-scheme:light dark}',
    'table{border-collapse:collapse;display:block;overflow-x:auto}th,td{border:1px solid #8886;padding:.25rem .5rem;text-align:left;vertical-align:top}',
    '.broken td:last-child{background:#c005;font-weight:600}.unknown td:last-child{background:#c905}',
    `</style></head><body><h1>${escape(title)}</h1><p>${escape(method)}</p>`,
    ...sections.flatMap(({ title: heading, lines, head, rows = [] }) => [
      `<h2>${escape(heading)}</h2>`,
      lines.length > 0 ? `<ul>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>` : '',
      head && rows.length > 0 ? tableOf(head, rows) : '',
    ]),
    '</body></html>\n',
  ].join('\n');
}
