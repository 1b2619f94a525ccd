import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exampleEstate } from '@platform/e2e/fixtures/example-workspace';
import { growWorkspace } from '@platform/e2e/fixtures/grown-workspace';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { synthesise } from './synth';

const root = resolve(__dirname, '../../..');
const made: string[] = [];
afterAll(() => made.forEach((workspace) => rmSync(workspace, { recursive: true })));
const kept = (workspace: string) => {
  made.push(workspace);
  return workspace;
};
const edit = (workspace: string, file: string, from: string, to: string) => {
  const path = join(workspace, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
};
const refusal = (workspace: string): string => {
  try {
    synthesise({ root: workspace });
  } catch (error) {
    expect(error).toMatchObject({ exitCode: 2 });
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

test('what all projects refuse comes in one message: every list that lacks a new region', async () => {
  const grown = kept(await growWorkspace({ vpcs: 0 }));
  const lists = [
    'shared/tgw/attachments.ts',
    'shared/resolver/upstream.ts',
    'shared/privatelink/upstream.ts',
    'global/ga/upstream.ts',
    'global/internal/upstream.ts',
    'global/observability/upstream.ts',
    'global/route53/upstream.ts',
  ];
  const complete = new Map(lists.map((list) => [list, readFileSync(join(grown, list), 'utf8')]));
  for (const list of lists) cpSync(join(exampleEstate, list), join(grown, list));
  const missing = 'has no line for region eu, only for us, ap; add one (docs/adding-a-region.md)';
  expect(refusal(grown).split('\n').sort()).toEqual([
    `global/ga/upstream.ts: balancers: ${missing}`,
    `global/internal/upstream.ts: balancers: ${missing}`,
    `global/internal/upstream.ts: caches: ${missing}`,
    `global/internal/upstream.ts: databases: ${missing}`,
    `global/internal/upstream.ts: vpcs: ${missing}`,
    `global/observability/upstream.ts: balancers: ${missing}`,
    `global/observability/upstream.ts: distributions: ${missing}`,
    `global/route53/upstream.ts: balancers: ${missing}`,
    `global/route53/upstream.ts: distributions: ${missing}`,
    `shared/privatelink/upstream.ts: applications: ${missing}`,
    `shared/privatelink/upstream.ts: vpcs: ${missing}`,
    `shared/resolver/upstream.ts: vpcs: ${missing}`,
    'shared/tgw/attachments.ts: the VPC "vpc" of region-eu/region.ts is not in the list; add its contract',
  ]);

  // A VPC whose folder is there before its settings.
  cpSync(join(grown, 'region-us/vpc'), join(grown, 'region-us/spoke'), { recursive: true });
  edit(grown, 'region-us/spoke/contract.ts', "'vpc'", "'spoke'");
  expect(refusal(grown)).toBe(
    'region-us/region.ts: vpcs has no "spoke", which region-us/spoke makes; give it its cidrs there',
  );

  // Its settings before its entries in the lists of those that make something for every VPC.
  edit(
    grown,
    'region-us/region.ts',
    'vpcs: {',
    "vpcs: { spoke: { cidrs: { prod: '10.1.0.0/20', staging: '10.65.0.0/20' } },",
  );
  for (const [list, text] of complete) writeFileSync(join(grown, list), text);
  const refused = refusal(grown).split('\n');
  expect(refused).toContainEqual(
    'shared/tgw/attachments.ts: the VPC "spoke" of region-us/region.ts is not in the list; add its contract',
  );
  expect(refused).toContainEqual(
    expect.stringContaining(
      'shared/resolver/upstream.ts: vpcs.us: the VPC "spoke" of region-us/region.ts is not in the list',
    ),
  );
});

test('a copied folder that still has the names of the other is the one that is named, whichever comes first', () => {
  const small = kept(smallWorkspace(root));
  for (const copy of ['a-copy', 'z-copy']) {
    cpSync(join(small, 'region-us/topic'), join(small, 'region-us', copy), { recursive: true });
  }
  writeFileSync(join(small, 'region-us/z-copy/main.ts'), '');
  const taken = (copy: string) =>
    `region-us/${copy}/contract.ts: its stack "region-us-topic" is that of region-us/topic; name stack and project after region-us/${copy}`;
  expect(refusal(small)).toBe(
    [taken('a-copy'), 'region-us/z-copy/main.ts: it makes no stack; let it call runStacks'].join('\n'),
  );
  cpSync(join(small, 'region-us/topic/main.ts'), join(small, 'region-us/z-copy/main.ts'));
  rmSync(join(small, 'region-us/a-copy'), { recursive: true });
  expect(refusal(small)).toBe(taken('z-copy'));
});
