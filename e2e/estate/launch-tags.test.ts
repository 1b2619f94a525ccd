import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { SynthesisedStack, type Block } from '@platform/libs/testing/synthesised-stack';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';

const root = useExampleWorkspace();

/** Tags by what AWS makes from them: instances, volumes, and the group itself. */
function launched(stack: SynthesisedStack): [string, Readonly<Record<string, string>>][] {
  const templates = stack
    .resources('aws_launch_template')
    .flatMap(({ name, tag_specifications = [] }) =>
      tag_specifications.map(({ resource_type, tags }: Block) => [`${name} ${resource_type}`, tags]),
    );
  const groups = stack
    .resources('aws_autoscaling_group')
    .map(({ name, tag = [] }): [string, Record<string, string>] => [
      name,
      Object.fromEntries(tag.map(({ key, value }: Block) => [key, value])),
    ]);
  return [...templates, ...groups];
}

test('instances, their volumes and their groups have every tag that the provider gives other resources', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'tags-'));
  try {
    const { stacks } = synthesise({ root, estate: loadEstate(root), outdir, whatIf: { level: 'inspected' } });
    const found = stacks.flatMap(({ stack }) => {
      const json = new SynthesisedStack(JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')));
      const expected: Record<string, string> = json.providers()[0]!.default_tags[0].tags;
      return launched(json).map(([name, tags]) => ({
        name: `${stack} ${name}`,
        missing: Object.entries(expected).filter(([key, value]) => tags[key] !== value),
      }));
    });
    // Two regions of an application with two colours, and of appliances: a template for instances and volumes, a group.
    expect(found).toHaveLength(2 * 3 * 3);
    expect(found.filter(({ missing }) => missing.length > 0)).toEqual([]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
