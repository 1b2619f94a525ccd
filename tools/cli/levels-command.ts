import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compareLevels } from '@platform/tools/actions/levels/compare-levels';
import { sectionsOfLevels } from '@platform/tools/actions/levels/report';
import { htmlOf, markdownOf } from '@platform/tools/actions/resilience/report';
import { table } from '@platform/tools/session/table';
import { findRoot } from '@platform/tools/workspace/find-root';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

/** Prints what each adoption level costs and gains, and writes `dist/levels/<environment>`. */
export function levelsCommand(options: EstateOptions): number {
  const root = findRoot();
  const levels = compareLevels({ root, ...chosenEnvironment(options) });
  const sections = sectionsOfLevels(levels);
  const title = `Adoption levels of ${levels.environment}, ${levels.mode}`;
  const published = join(root, 'dist', 'levels', levels.environment);
  const run = openRunFolder(root);
  try {
    const outdir = join(run.path, 'levels');
    mkdirSync(outdir);
    writeFileSync(join(outdir, 'levels.json'), `${JSON.stringify(levels, null, 2)}\n`);
    writeFileSync(join(outdir, 'levels.md'), markdownOf(title, sections));
    writeFileSync(join(outdir, 'index.html'), htmlOf(title, sections));
    run.publish(outdir, published);
  } finally {
    run.remove();
  }
  if (options.json) {
    print(JSON.stringify(levels, null, 2));
  } else {
    const short = sections.filter(({ head }) => head !== undefined);
    print(
      short
        .map(({ title: heading, lines, head, rows = [] }) =>
          [heading, ...lines, table({ head: head!, rows })].join('\n'),
        )
        .join('\n\n'),
    );
  }
  for (const text of levels.assumptions) talk(text);
  talk(
    `environment ${levels.environment}, ${levels.mode}; open ${join(relative(process.cwd(), published), 'index.html')}`,
  );
  return 0;
}
