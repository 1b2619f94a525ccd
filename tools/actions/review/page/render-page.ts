import { buildSync } from 'esbuild';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { drawEstate, ownersOf, titleOf } from '@platform/tools/actions/map/draw-estate';
import { escapeXml } from '@platform/tools/actions/map/svg';
import { dark, light, ownerClass, pictureCss, properties } from '@platform/tools/actions/map/theme';
import type { EstateMap } from '@platform/tools/model/estate-map';
import type { Review } from '@platform/tools/model/review';
import { findRoot } from '@platform/tools/workspace/find-root';
import { mapOfReview, marksOf } from './marks';
import type { PageData } from './page-data';

/**
 * The review as one HTML file that works offline: the picture of the estate with the change laid over it, and what each
 * stack changes. Without a review it shows the estate alone.
 * @param map null for plans of another repository
 */
export function renderPage(review: null, map: EstateMap): string;
export function renderPage(review: Review, map: EstateMap | null): string;
export function renderPage(review: Review | null, map: EstateMap | null): string {
  const whole = review ? mapOfReview(review, map) : map!;
  const owners = ownersOf(whole);
  const data: PageData = {
    review: review && { ...review, stacks: review.stacks.map((stack) => ({ ...stack, inventory: [] })) },
    map: whole,
    ownerClasses: Object.fromEntries(owners.map((owner) => [owner, ownerClass(owner, owners)])),
  };
  const { width, height, body } = drawEstate(whole, review ? marksOf(review, whole) : undefined);
  const { script, style } = frontEnd();
  const title = review ? `Plan review${review.environment ? ` of ${review.environment}` : ''}` : titleOf(whole);
  // Nothing is loaded from anywhere, and only this script runs.
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#panel">Skip to the details</a>
${review ? reviewHeader(review) : mapHeader(whole)}
<form class="filters" id="filters" role="search" aria-label="Filter"></form>
<main>
<section class="map" aria-label="Estate">
<svg id="map" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="${escapeXml(titleOf(whole))}. Arrow keys move, Enter opens.">
${body}
</svg>
</section>
<aside class="panel" id="panel" tabindex="-1" aria-label="Details"><noscript>This page needs JavaScript for its details.</noscript></aside>
</main>
<section id="printed" aria-hidden="true"></section>
<script type="application/json" id="data">${jsonInScript(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function reviewHeader(review: Review): string {
  const { environment, level, mode, target, base, head, counts, findings, approvals, stacks, verdict } = review;
  const commits = base
    ? `${base.ref} ${base.commit.slice(0, 8)} → ${head?.commit?.slice(0, 8) ?? 'working tree'}${head?.dirty ? ' with uncommitted changes' : ''}`
    : '';
  const where = { preview: 'preview, offline', emulator: 'emulator', aws: 'AWS', plans: 'given plans' }[target];
  const facts = [environment, level && `level ${level}`, mode, where, commits].filter(Boolean).join(' · ');
  const changed = stacks.filter(({ status }) => status !== 'unchanged').length;
  const blocks = findings.filter(({ level: each }) => each === 'block').length;
  const warnings = findings.filter(({ level: each }) => each === 'warn').length;
  const totals: readonly (readonly [cls: string, count: number, word: string])[] = [
    ['create', counts.add, 'to add'],
    ['update', counts.change, 'to change'],
    ['delete', counts.destroy, 'to destroy'],
    ...(counts.replace > 0 ? [['replace', counts.replace, 'replaced'] as const] : []),
    ...(counts.import > 0 ? [['other', counts.import, 'to import'] as const] : []),
    ...(counts.move > 0 ? [['other', counts.move, 'moved'] as const] : []),
    ...(counts.forget > 0 ? [['other', counts.forget, 'to forget'] as const] : []),
    ...(counts.drift > 0 ? [['other', counts.drift, 'drifted'] as const] : []),
  ];
  const total = ([cls, count, word]: (typeof totals)[number]) =>
    `<li class="total ${count > 0 ? `total-${cls}` : 'total-none'}"><b>${count}</b> ${word}</li>`;
  const risks = [
    total(['delete', blocks, blocks === 1 ? 'block' : 'blocks']),
    total(['update', warnings, warnings === 1 ? 'warning' : 'warnings']),
  ];
  const owners = approvals.map(({ owner }) => owner);
  return `<header class="top">
<div class="headline"><h1>Plan review</h1><span class="verdict verdict-${verdict.replaceAll(' ', '-')}">${verdict}</span><p>${escapeXml(facts)}</p></div>
<ul class="totals" aria-label="Totals">${totals.map(total).join('')}<li class="bar"></li>${risks.join('')}<li class="bar"></li><li class="total"><b>${changed}</b> of ${stacks.length} stacks</li>${
    owners.length > 0 ? `<li class="total">approval of <b>${escapeXml(owners.join(', '))}</b></li>` : ''
  }</ul>
</header>`;
}

function mapHeader({ organisation, environment, level, mode, stacks, regions }: EstateMap): string {
  const facts = [organisation, level && `level ${level}`, mode].filter(Boolean).join(' · ');
  return `<header class="top">
<div class="headline"><h1>Estate${environment ? ` ${escapeXml(environment)}` : ''}</h1><p>${escapeXml(facts)}</p></div>
<ul class="totals" aria-label="Totals"><li class="total"><b>${stacks.length}</b> stacks</li><li class="total"><b>${regions.length}</b> regions</li></ul>
</header>`;
}

/** Inside a script element only `<` can end it or begin a comment. */
function jsonInScript(data: PageData): string {
  return JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

let built: { readonly script: string; readonly style: string } | undefined;

/** Script and style, bundled once per process. */
function frontEnd(): { readonly script: string; readonly style: string } {
  if (built) return built;
  const root = findRoot(__dirname);
  const bundle = (file: string) =>
    buildSync({
      entryPoints: [join(root, 'tools/actions/review/page/client', file)],
      absWorkingDir: root,
      tsconfig: join(root, 'tsconfig.base.json'),
      alias: { '@platform': root },
      bundle: true,
      minify: true,
      format: 'iife',
      // What browsers of the last three years run.
      target: ['chrome110', 'firefox110', 'safari16'],
      charset: 'utf8',
      legalComments: 'none',
      write: false,
    }).outputFiles[0]!.text.trim();
  const themes = [
    `:root{${properties(light)}}`,
    `@media(prefers-color-scheme:dark){:root:not([data-theme=light]){${properties(dark)}}}`,
    `[data-theme=dark]{${properties(dark)}}`,
    `@media print{:root,[data-theme=dark],:root:not([data-theme=light]){${properties(light)}}}`,
  ];
  built = { script: bundle('main.ts'), style: [...themes, pictureCss, bundle('page.css')].join('\n') };
  return built;
}
