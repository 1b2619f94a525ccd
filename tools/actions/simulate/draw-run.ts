import { escapeXml, round, text } from '@platform/tools/actions/map/svg';
import type { Scenario } from './scenarios';
import { durationMin, regionKeys, type Run } from './simulate';

const left = 48;
const width = 720;
const right = 16;
const laneHeight = 118;
const top = 48;
const lineHeight = 15;

const x = (minute: number) => round(left + (minute / durationMin) * width);

/** One run as SVG: the dial of each region over time, when it is bad and when its telemetry is missing, and why it moved. */
export function drawRun(scenario: Scenario, run: Run): string {
  const shown = run.moves.slice(0, 6);
  const notes = [
    ...shown.map(
      ({ minute, region, decision: { fromPercent, toPercent, reason } }) =>
        `minute ${minute}: ${region} ${fromPercent} → ${toPercent} %, ${reason}`,
    ),
    ...(run.moves.length > shown.length ? [`and ${run.moves.length - shown.length} more moves`] : []),
    ...(run.moves.length === 0 ? ['no move'] : []),
  ];
  const lanes = regionKeys.map((key, index) => lane(run, key, top + index * laneHeight));
  const notesTop = top + regionKeys.length * laneHeight + 24;
  const height = notesTop + notes.length * lineHeight + 8;
  const title = `${scenario.name}: ${scenario.is}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + right} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>${style}</style>`,
    `<rect class="page" width="100%" height="100%"/>`,
    text(left, 20, 'title', title),
    text(
      left,
      37,
      'note',
      `seed ${run.seed}; red: bad, grey: telemetry missing, blue: an override holds; minutes below`,
    ),
    ...lanes.flat(),
    ...notes.map((note, index) => text(left, notesTop + index * lineHeight, 'note', note)),
    '</svg>',
    '',
  ].join('\n');
}

function lane(run: Run, key: (typeof regionKeys)[number], y: number): string[] {
  const plotTop = y + 10;
  const plotHeight = laneHeight - 40;
  const level = (percent: number) => round(plotTop + plotHeight * (1 - percent / 100));
  const spans = (isIn: (minute: Run['minutes'][number]) => boolean, cls: string, from: number, size: number) =>
    spansOf(run.minutes.map(isIn)).map(
      ([start, end]) =>
        `<rect class="${cls}" x="${x(start)}" y="${round(from)}" width="${round(x(end) - x(start))}" height="${size}"/>`,
    );
  const points = run.minutes.flatMap(({ minute, dials }) => [
    `${x(minute)},${level(dials[key])}`,
    `${x(minute + 1)},${level(dials[key])}`,
  ]);
  return [
    ...spans(({ conditions }) => conditions[key].is !== 'fine', 'bad', plotTop, plotHeight),
    ...spans(({ held }) => held, 'held', plotTop, plotHeight),
    ...spans(
      ({ conditions }) => Boolean(conditions[key].checkersLost || conditions[key].balancerLost),
      'lost',
      plotTop + plotHeight,
      5,
    ),
    ...[0, 50, 100].flatMap((percent) => [
      `<path class="grid" d="M${left} ${level(percent)}h${width}"/>`,
      text(left - 6, level(percent) + 4, 'note', `${percent} %`, 'end'),
    ]),
    `<polyline class="dial" points="${points.join(' ')}"/>`,
    text(left, y + 4, 'lane', `dial of ${key}`),
    ...[0, 60, 120, 180, 240].map((minute) =>
      text(x(minute), plotTop + plotHeight + 18, 'note', String(minute), 'middle'),
    ),
  ];
}

/** Runs of true, as start and end. */
function spansOf(values: readonly boolean[]): [number, number][] {
  const spans: [number, number][] = [];
  values.forEach((value, index) => {
    if (!value) return;
    const last = spans.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else spans.push([index, index + 1]);
  });
  return spans;
}

const style = `text{font:11px system-ui,sans-serif;fill:#1f2937}.title{font-size:15px;font-weight:600}.lane{font-weight:600}.note{fill:#57606a}.page{fill:#fff}.grid{stroke:#d0d7de;fill:none}.bad{fill:#ffd7d5}.lost{fill:#8c959f}.held{fill:#b6d7ff;opacity:.6}.dial{fill:none;stroke:#0969da;stroke-width:2}@media (prefers-color-scheme:dark){text{fill:#e6edf3}.note{fill:#9198a1}.page{fill:#0d1117}.grid{stroke:#30363d}.bad{fill:#67211e}.lost{fill:#656c76}.held{fill:#1f4b82}.dial{stroke:#58a6ff}}`;
