import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseState } from '@platform/tools/actions/change/base-state';
import { PreviewSession } from '@platform/tools/actions/plan/preview-session';
import { writePreviewFiles } from '@platform/tools/actions/plan/preview-stack';
import type { Configuration } from '@platform/tools/model/configuration';
import type { PlanJson } from '@platform/tools/model/plan';
import { judgePlan, riskRules } from '@platform/tools/model/risk/judge';
import { estateRules } from '@platform/tools/model/risk/process-rules';
import { resilienceRules } from '@platform/tools/model/risk/resilience-rules';
import { previewStateFile } from '@platform/tools/terraform/preview-override';
import { findRoot } from '@platform/tools/workspace/find-root';
import { ruleCases, type RuleCase } from './testing/rule-cases';

jest.setTimeout(300_000);

const terraform = { required_providers: { aws: { source: 'hashicorp/aws', version: '5.100.0' } } };
const provider = { aws: [{ region: 'us-east-1' }] };

type Side = 'before' | 'after';

/** All cases in one configuration, so that two plans are enough. */
function configurationOf(side: Side): Configuration {
  const resource: Record<string, Record<string, object>> = {};
  for (const [index, each] of ruleCases.entries()) {
    for (const kind of ['Trigger', 'Near'] as const) {
      const before = kind === 'Near' && each.nearIsNew ? undefined : each.before;
      const block = side === 'before' ? before : kind === 'Trigger' ? each.trigger : each.near;
      if (block) (resource[each.type] ??= {})[nameOf(index, kind)] = block;
    }
    if (side === 'after') Object.assign(resource, each.beside);
  }
  return { terraform, provider, resource } as Configuration;
}

const nameOf = (index: number, kind: 'Trigger' | 'Near') => `${kind}${index}`;

let plan: PlanJson;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'risk rules-'));
  const before = configurationOf('before');
  const session = await PreviewSession.open({
    root: findRoot(__dirname),
    folder,
    configuration: before,
    action: 'plan',
    sharedProvider: true,
  });
  try {
    const folderOf = (configuration: Configuration) => {
      const stack = mkdtempSync(join(folder, 'stack-'));
      writeFileSync(join(stack, 'cdk.tf.json'), JSON.stringify(configuration));
      writePreviewFiles(stack, new Map());
      return stack;
    };
    const made = { stack: 'rules', folder: folderOf(before), configuration: before, worker: 0 };
    const { state } = await baseState(session, made);
    const after = configurationOf('after');
    const changed = folderOf(after);
    writeFileSync(join(changed, previewStateFile), JSON.stringify(state));
    const result = await session.run('rules', changed, after, 0);
    expect(result.errors).toEqual([]);
    plan = result.plan!;
  } finally {
    await session.close();
    rmSync(folder, { recursive: true });
  }
});

const rulesOf = (name: string, type: string) =>
  judgePlan(plan, { stack: 'rules', project: null, region: null, owner: null })
    .filter(({ where }) => where.address === `${type}.${name}`)
    .map(({ rule }) => rule);

test.each(ruleCases.map((each, index) => [each.rule, each, index] as const))(
  '%s finds a change that Terraform plans, and not one beside it',
  (rule, { type }: RuleCase, index) => {
    expect(rulesOf(nameOf(index, 'Trigger'), type)).toContain(rule);
    expect(rulesOf(nameOf(index, 'Near'), type)).not.toContain(rule);
  },
);

test('every rule on resources has a case', () => {
  const ofEstate = [...resilienceRules, ...estateRules].map(({ id }) => id);
  const needed = riskRules.map(({ id }) => id).filter((id) => !ofEstate.includes(id));
  expect([...new Set(ruleCases.map(({ rule }) => rule))].sort()).toEqual([...needed].sort());
});
