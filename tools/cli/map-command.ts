import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { estateSvg } from '@platform/tools/actions/map/draw-estate';
import { mapEstate } from '@platform/tools/actions/map/map-estate';
import { renderPage } from '@platform/tools/actions/review/page/render-page';
import { findRoot } from '@platform/tools/workspace/find-root';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

export interface MapOptions extends EstateOptions {
  /** File that gets the picture too, from the present folder. */
  readonly output?: string;
}

/** Draws the estate: `dist/map/<environment>` has a page, a picture and the data of both. */
export function mapCommand(options: MapOptions): number {
  const root = findRoot();
  const map = mapEstate({ root, ...chosenEnvironment(options) });
  const svg = estateSvg(map);
  const run = openRunFolder(root);
  const published = join(root, 'dist', 'map', map.environment!);
  try {
    const outdir = join(run.path, 'map');
    mkdirSync(outdir);
    writeFileSync(join(outdir, 'map.json'), `${JSON.stringify(map, null, 2)}\n`);
    writeFileSync(join(outdir, 'estate.svg'), svg);
    writeFileSync(join(outdir, 'index.html'), renderPage(null, map));
    run.publish(outdir, published);
  } finally {
    run.remove();
  }
  if (options.output !== undefined) {
    mkdirSync(dirname(resolve(options.output)), { recursive: true });
    writeFileSync(options.output, svg);
  }
  const { stacks, nodes, links } = map;
  if (options.json) print(JSON.stringify(map, null, 2));
  talk(
    `${stacks.length} stacks, ${nodes.length} nodes, ${links.length} links; ` +
      `open ${join(relative(process.cwd(), published), 'index.html')}`,
  );
  return 0;
}
