import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { actionsByType } from '@platform/libs/access/actions-by-type';
import { placedResources } from '@platform/tools/model/placed-resources';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import type { Configuration } from '@platform/tools/model/configuration';
import { findRoot } from '@platform/tools/workspace/find-root';

jest.setTimeout(60_000);

const root = findRoot(__dirname);

/** Resource types that the code of stacks and libs imports. */
function importedTypes(): string[] {
  const files = ['global', 'shared', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(root, folder, name)),
  );
  const found = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/@cdktf\/provider-aws\/lib\/([\w-]+)'/g)].map(([, name]) => name!),
  );
  return [...new Set(found)]
    .filter((name) => name !== 'provider' && !name.startsWith('data-aws-'))
    .map((name) => `aws_${name.replaceAll('-', '_')}`)
    .sort();
}

test('the table of actions has a line for each resource type of the code, and no other', () => {
  expect(Object.keys(actionsByType).sort()).toEqual(importedTypes());
});

/** Whether a policy's action, which may end with `*`, is or contains another. */
const covers = (pattern: string, action: string) =>
  pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action;

describe('of the example estate', () => {
  const workspace = useExampleWorkspace();
  const outdir = mkdtempSync(join(tmpdir(), 'access-'));
  afterAll(() => rmSync(outdir, { recursive: true }));

  test.each(['standby', 'inspected'] as const)(
    'every type stands in the accounts that the table names, at %s',
    (level) => {
      const estate = loadEstate(workspace);
      const [name] = Object.keys(estate.settings.environments);
      const { accounts } = selectEnvironment(estate.settings, name!);
      const { stacks } = synthesise({ root: workspace, estate, environment: name!, whatIf: { level }, outdir });
      const wrong = stacks
        .flatMap((stack) => {
          const text = readFileSync(join(outdir, 'stacks', stack.stack, 'cdk.tf.json'), 'utf8');
          return placedResources({ stack, configuration: JSON.parse(text) as Configuration, accounts });
        })
        .filter(({ type, role }) => type.startsWith('aws_') && !actionsByType[type]?.accounts.includes(role))
        .map(({ type, role }) => `${type}: add '${role}' to its accounts`);
      expect([...new Set(wrong)]).toEqual([]);
    },
  );

  test('the role of the bootstrap may do what its two stacks take', () => {
    const policy = readFileSync(join(root, 'docs/runbooks/bootstrap-policy.json'), 'utf8');
    const { Statement } = JSON.parse(policy) as { Statement: { Action: string[] }[] };
    const allowed = Statement.flatMap(({ Action }) => Action);
    synthesise({ root: workspace, outdir });
    const types = ['global-state', 'global-access'].flatMap((stack) => {
      const text = readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
      return Object.keys((JSON.parse(text) as Configuration).resource ?? {});
    });
    expect(types).toContain('aws_iam_openid_connect_provider');
    const needed = types.flatMap((type) => [...actionsByType[type]!.read, ...actionsByType[type]!.write]);
    expect(needed.filter((action) => !allowed.some((pattern) => covers(pattern, action)))).toEqual([]);
  });
});
