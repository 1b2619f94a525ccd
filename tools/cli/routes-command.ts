import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { ask, formatAnswer, isAsPolicySays } from '@platform/tools/actions/routes/ask';
import { checkRoutes } from '@platform/tools/actions/routes/check-routes';
import { readEstateJson } from '@platform/tools/actions/routes/estate-json';
import { drawMatrix } from '@platform/tools/actions/routes/matrix';
import { formatReport, reportOf } from '@platform/tools/actions/routes/report';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { findRoot } from '@platform/tools/workspace/find-root';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

export interface RoutesOptions extends EstateOptions {
  /** Name of a network or an address in it. */
  readonly from?: string;
  /** Likewise, `internet`, or an address there. */
  readonly to?: string;
}

/**
 * Checks the reachability policy in the synthesised JSON, and writes `dist/routes/<environment>`; with `from` and `to` it
 * answers one question instead. 1 if the reachability policy is violated.
 */
export async function routesCommand(options: RoutesOptions): Promise<number> {
  const { from, to } = options;
  if ((from === undefined) !== (to === undefined)) {
    throw new WrongUse('--from, --to: only one of them is given; a question needs both');
  }
  const root = findRoot();
  const estate = loadEstate(root);
  const { environment: chosen, whatIf } = chosenEnvironment(options);
  const run = openRunFolder(root);
  try {
    const synthesised = join(run.path, 'synth');
    const manifest = synthesise({
      root,
      estate,
      whatIf,
      outdir: synthesised,
      ...(chosen ? { environment: chosen } : {}),
    });
    const environment = selectEnvironment(estate.settings, manifest.environment, whatIf);
    const answers = checkRoutes(readEstateJson(root, synthesised, manifest), environment, estate.regions);

    if (from !== undefined && to !== undefined) {
      const answer = ask(answers.network, answers.ends, environment, { from, to });
      print(options.json ? JSON.stringify(answer, null, 2) : formatAnswer(answer));
      return isAsPolicySays(answer) ? 0 : 1;
    }
    const report = reportOf(answers, manifest);
    const outdir = join(run.path, 'routes');
    mkdirSync(outdir);
    writeFileSync(join(outdir, 'routes.json'), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(outdir, 'reach.svg'), drawMatrix(report.matrix, `Who reaches whom in ${manifest.environment}`));
    const published = join(root, 'dist', 'routes', manifest.environment);
    run.publish(outdir, published);
    print(options.json ? JSON.stringify(report, null, 2) : formatReport(report));
    const { level, mode } = manifest;
    talk(
      `${report.violations.length === 0 ? 'no violation' : `${report.violations.length} violations`} of the reachability policy; ` +
        `environment ${manifest.environment}, level ${level}, ${mode}; details in ${relative(process.cwd(), published)}`,
    );
    return report.violations.length === 0 ? 0 : 1;
  } finally {
    run.remove();
  }
}
