import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { otherChoices, settingsVariants } from '@platform/e2e/fixtures/settings-variants';
import { SynthesisedStack, type StackJson } from '@platform/libs/testing/synthesised-stack';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';

const root = useExampleWorkspace();
const estate = loadEstate(root);
const [asIs, everything] = settingsVariants(estate.settings);

/** `us-east-1a`, a name, and `use1-az1`, an id. */
const zoneName = /"[a-z]{2}-[a-z]+-\d[a-f]"/g;
const zoneId = /"[a-z]{2,5}\d-az\d"/g;

test.each([
  ['the settings', asIs!],
  ['everything that settings may leave out', everything!],
  ['the other choices', otherChoices(estate.settings)],
])('with %s, zones are ids, in subnets of the account that owns them only', (_, settings) => {
  const outdir = mkdtempSync(join(tmpdir(), 'zones-'));
  try {
    const { stacks } = synthesise({ root, estate: { ...estate, settings }, outdir, whatIf: { level: 'inspected' } });
    let subnets = 0;
    for (const { stack, account } of stacks) {
      const json = JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as StackJson;
      const { aws_subnet: _subnets, ...others } = json.resource ?? {};
      const text = JSON.stringify({ ...json, resource: others });
      expect([stack, text.match(zoneName), text.match(zoneId)]).toEqual([stack, null, null]);
      for (const { availability_zone, availability_zone_id } of new SynthesisedStack(json).resources('aws_subnet')) {
        expect([stack, account, availability_zone]).toEqual([stack, 'network', undefined]);
        expect(availability_zone_id).toMatch(/^[a-z]{2,5}\d-az\d$/);
        subnets++;
      }
    }
    expect(subnets).toBeGreaterThan(0);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
