import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { modes, type Mode } from '@platform/libs/settings/adoption';
import type { TrafficControlSettings } from '@platform/libs/settings/traffic-control';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { loadEstate } from '@platform/tools/workspace/load-estate';

jest.setTimeout(120_000);

const root = useExampleWorkspace();
const estate = loadEstate(root);
const outdirs: string[] = [];
afterAll(() => outdirs.forEach((outdir) => rmSync(outdir, { recursive: true })));

/** The files of all stacks but traffic control's own, and who reads whom. */
function synthWith(control: TrafficControlSettings['mode'], mode: Mode) {
  const outdir = mkdtempSync(join(tmpdir(), 'control-'));
  outdirs.push(outdir);
  const environments = Object.fromEntries(
    Object.entries(estate.settings.environments).map(([name, each]) => [
      name,
      { ...each, trafficControl: { ...each.trafficControl, mode: control } },
    ]),
  );
  const { stacks } = synthesise({
    root,
    outdir,
    estate: { ...estate, settings: { ...estate.settings, environments } },
    whatIf: { level: 'accelerated', mode },
  });
  const files = readdirSync(join(outdir, 'stacks'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json') && !path.includes('traffic-control'))
    .map((path): [string, string] => [path, readFileSync(join(outdir, 'stacks', path), 'utf8')]);
  return { stacks, files: new Map(files) };
}

test.each(modes)('in %s, failover is the same with traffic control off', (mode) => {
  const off = synthWith('off', mode);
  const enforced = synthWith('enforce', mode);
  expect(enforced.files).toEqual(off.files);
  expect(off.stacks.flatMap(({ reads }) => reads).filter((stack) => stack.includes('traffic-control'))).toEqual([]);
  // What moves the traffic is there.
  const records = off.files.get('global-route53/cdk.tf.json')!;
  const accelerator = off.files.get('global-ga/cdk.tf.json')!;
  expect(records).toContain('"aws_route53_health_check"');
  expect(records).toContain('"health_check_id"');
  expect(accelerator).toContain('"aws_globalaccelerator_endpoint_group"');
  expect(accelerator).not.toContain('"weight": 0');
});
