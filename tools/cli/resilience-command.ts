import { join, relative } from 'node:path';
import { oneOf } from '@platform/libs/settings/problem';
import { assessJson, readAssessedEstate, withoutRegion } from '@platform/tools/actions/resilience/assess-estate';
import { method, sectionsOf, sectionsWithout, type ReportSection } from '@platform/tools/actions/resilience/report';
import { writeResilience } from '@platform/tools/actions/resilience/write-resilience';
import { verdictsOf } from '@platform/tools/model/resilience';
import { table } from '@platform/tools/session/table';
import { findRoot } from '@platform/tools/workspace/find-root';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

export interface ResilienceOptions extends EstateOptions {
  /** Key of a region that is lost. */
  readonly without?: string;
}

/** Prints how an environment survives losses. 3: an objective is broken, or a recovery needs what is lost. */
export function resilienceCommand({ without, ...options }: ResilienceOptions): number {
  const root = findRoot();
  const assessed = readAssessedEstate({ root, ...chosenEnvironment(options) });
  if (without !== undefined) {
    oneOf(
      '--without',
      assessed.regions.map(({ key }) => key),
      without,
    );
  }
  const resilience = assessJson(assessed);
  const lost = without === undefined ? undefined : withoutRegion(assessed, without);
  const folder = writeResilience(root, resilience, lost);
  if (options.json) {
    print(JSON.stringify(lost ?? resilience, null, 2));
  } else {
    const sections = lost ? sectionsWithout(lost) : sectionsOf(resilience).filter(({ title }) => isShort(title));
    print(sections.map(textOf).join('\n\n'));
    if (!lost) talk(method);
  }
  const broken = verdictsOf(resilience).filter(({ status }) => status === 'broken');
  for (const { path, objective } of broken) talk(`broken: ${path}, ${objective}`);
  const open = resilience.findings.filter(({ declared }) => declared === null);
  for (const { where, what, remedy } of open) talk(`${where}: ${what}; ${remedy}`);
  const { environment, level, mode } = resilience;
  talk(
    `environment ${environment}, level ${level}, ${mode}; open ${join(relative(process.cwd(), folder), lost ? `without-${lost.region}.md` : 'index.html')}`,
  );
  return broken.length > 0 || open.length > 0 ? 3 : 0;
}

/** The terminal shows the figures; the page has all parts and sources. */
function isShort(title: string): boolean {
  return ['Objectives', 'Rehearsals', 'What would gain most', 'Recovery that needs what is lost'].includes(title);
}

function textOf({ title, lines, head, rows = [] }: ReportSection): string {
  return [title, ...lines.map((line) => `  ${line}`), ...(head && rows.length > 0 ? [table({ head, rows })] : [])].join(
    '\n',
  );
}
