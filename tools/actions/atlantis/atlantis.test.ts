import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { findRoot } from '@platform/tools/workspace/find-root';
import { atlantisFile } from './atlantis-config';
import { atlantisOfEstate } from './atlantis-estate';

interface Project {
  readonly name: string;
  readonly dir: string;
  readonly workspace: string;
  readonly execution_order_group: number;
  readonly depends_on: readonly string[];
  readonly autoplan: { readonly when_modified: readonly string[] };
}

const example = useExampleWorkspace();
let all: readonly Project[];
beforeAll(() => void ({ projects: all } = parse(atlantisOfEstate(example)) as { projects: Project[] }));

test('each stack of each environment is a project in a later group than what it reads, the standby before the primary', () => {
  const groupOf = new Map(all.map((each) => [each.name, each.execution_order_group]));
  expect(new Set(all.map(({ workspace }) => workspace))).toEqual(new Set(['prod', 'staging']));
  expect(groupOf.size).toBe(all.length);
  const early = all.flatMap(({ name, depends_on: reads }) =>
    reads.filter((read) => !(groupOf.get(read)! < groupOf.get(name)!)),
  );
  expect(early).toEqual([]);
  expect(groupOf.get('prod-region-ap-vpc')).toBeLessThan(groupOf.get('prod-region-us-vpc')!);
});

test('a project is planned when its folder, its region, what it reads or the libs change', () => {
  const aurora = all.find(({ name }) => name === 'prod-region-us-aurora')!;
  expect(aurora.dir).toBe('region-us/aurora');
  expect(aurora.autoplan.when_modified).toEqual(
    expect.arrayContaining(['**', '../region.ts', '../vpc/contract.ts', '../../infra.config.ts', '../../libs/**/*.ts']),
  );
});

// Who does not use Atlantis has no such file.
test('atlantis.yaml of this repository, if there is one, is what "npx platform atlantis" writes', () => {
  const root = findRoot(__dirname);
  const file = join(root, atlantisFile);
  if (existsSync(file)) expect(readFileSync(file, 'utf8')).toBe(atlantisOfEstate(root));
});
