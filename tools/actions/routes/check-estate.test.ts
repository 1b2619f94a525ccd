import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { routeViolations } from './check-estate';

const root = useExampleWorkspace();
const settings = loadEstate(root);
const outdir = mkdtempSync(join(tmpdir(), 'check estate '));
afterAll(() => rmSync(outdir, { recursive: true }));

test('what a plan says of routes is what the synthesised files hold', () => {
  const manifest = synthesise({ root, estate: settings, outdir });
  const found = () => routeViolations({ root, settings, manifest, outdir });
  expect(found()).toEqual([]);

  const file = join(outdir, 'stacks', 'shared-tgw-us', 'cdk.tf.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as { resource: Record<string, unknown> };
  delete json.resource['aws_ec2_transit_gateway_route_table_propagation'];
  writeFileSync(file, JSON.stringify(json));
  expect(found().join('\n')).toContain('shared/tgw');

  json.resource['aws_ec2_transit_gateway'] = { Hub: { amazon_side_asn: '${nonsense(' } };
  writeFileSync(file, JSON.stringify(json));
  expect(found().length).toBeGreaterThan(0);
});
