import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from '@platform/tools/model/configuration';
import { regionOf } from '@platform/tools/actions/bootstrap/adopt';
import { homeEdits, writeEdits } from '@platform/tools/actions/state/switch-home';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';

const copy = exampleWorkspace();
const outdir = mkdtempSync(join(tmpdir(), 'moved home-'));
afterAll(() => [copy, outdir].forEach((folder) => rmSync(folder, { recursive: true, force: true })));
jest.setTimeout(180_000);

/**
 * Types that belong to no region: a provider of any region finds them. A Direct Connect gateway is seen from every region
 * (Direct Connect user guide, "Direct Connect gateways"), and so is a dashboard
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-dashboard.html).
 */
const ofNoRegion =
  /^(aws_(cloudfront|globalaccelerator|iam|route53)_|aws_dx_gateway$|aws_cloudwatch_dashboard$|terraform_data$)/;

const whatIf = { level: 'inspected', mode: 'active-active' } as const;

/** The AWS region of everything that is bound to one, by stack and address. */
function regionsByAddress(name: string): Map<string, string> {
  const { stacks } = synthesise({ root: copy, outdir: join(outdir, name), environment: 'prod', whatIf });
  return new Map(
    stacks.flatMap(({ stack }) => {
      const file = join(outdir, name, 'stacks', stack, 'cdk.tf.json');
      const configuration = JSON.parse(readFileSync(file, 'utf8')) as Configuration;
      return Object.entries(configuration.resource ?? {})
        .filter(([type]) => !ofNoRegion.test(type))
        .flatMap(([type, blocks]) =>
          Object.entries(blocks).map(
            ([id, block]) => [`${stack}: ${type}.${id}`, regionOf(configuration, block)] as const,
          ),
        );
    }),
  );
}

test('where one of the two places cannot be written neither is: they have to agree', () => {
  const before = readFileSync(join(copy, 'infra.config.ts'), 'utf8');
  const [config] = homeEdits(copy, 'us', 'ap');
  expect(() => writeEdits(copy, [config!, { file: 'nowhere/home.ts', text: '' }])).toThrow('ENOENT');
  expect(readFileSync(join(copy, 'infra.config.ts'), 'utf8')).toBe(before);
  expect(readdirSync(copy)).not.toContain('infra.config.ts.new');
});

test('no address is in another region after a move of home: Terraform would ask the wrong region for what is there', () => {
  const before = regionsByAddress('before');
  writeEdits(copy, homeEdits(copy, 'us', 'ap'));
  const after = regionsByAddress('after');
  const moved = [...after].filter(([address, region]) => (before.get(address) ?? region) !== region);
  expect(moved).toEqual([]);
  // What the move is about: the copies' direction is turned around, and nothing else comes or goes.
  const gone = [...before.keys()].filter((address) => !after.has(address));
  const come = [...after.keys()].filter((address) => !before.has(address));
  expect([gone, come]).toEqual([
    [expect.stringMatching(/^global-state: aws_s3_bucket_replication_configuration\.\w+_Replication-us_/)],
    [expect.stringMatching(/^global-state: aws_s3_bucket_replication_configuration\.\w+_Replication-ap_/)],
  ]);
});
