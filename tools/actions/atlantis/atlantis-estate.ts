import { join } from 'node:path';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { atlantisConfig } from './atlantis-config';

/** The text of `atlantis.yaml` for the estate of a workspace, in all its environments. */
export function atlantisOfEstate(root: string): string {
  const estate = loadEstate(root);
  const run = openRunFolder(root);
  try {
    const environments = Object.keys(estate.settings.environments).map((name) => ({
      name,
      stacks: synthesise({ root, estate, environment: name, outdir: join(run.path, name) }).stacks,
    }));
    return atlantisConfig({ environments, primary: estate.regions.find(({ role }) => role === 'primary')!.key });
  } finally {
    run.remove();
  }
}
