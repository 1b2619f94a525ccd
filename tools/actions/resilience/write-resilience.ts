import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resilience } from '@platform/tools/model/resilience';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { htmlOf, markdownOf, sectionsOf, sectionsWithout } from './report';
import type { Without } from './without';

/**
 * Writes `dist/resilience/<environment>`: `resilience.json`, `resilience.md` and `index.html`, and the same for a lost
 * region as `without-<region>`.
 * @returns the folder
 */
export function writeResilience(root: string, resilience: Resilience, lost?: Without): string {
  const run = openRunFolder(root);
  const published = join(root, 'dist', 'resilience', resilience.environment);
  try {
    const outdir = join(run.path, 'resilience');
    mkdirSync(outdir);
    const title = `Resilience of ${resilience.environment}, level ${resilience.level}, ${resilience.mode}`;
    const sections = sectionsOf(resilience);
    const write = (name: string, text: string) => writeFileSync(join(outdir, name), text);
    write('resilience.json', `${JSON.stringify(resilience, null, 2)}\n`);
    write('resilience.md', markdownOf(title, sections));
    write('index.html', htmlOf(title, sections));
    if (lost) {
      const name = `without-${lost.region}`;
      write(`${name}.json`, `${JSON.stringify(lost, null, 2)}\n`);
      write(`${name}.md`, markdownOf(`${resilience.environment} without ${lost.region}`, sectionsWithout(lost)));
    }
    run.publish(outdir, published);
    return published;
  } finally {
    run.remove();
  }
}
