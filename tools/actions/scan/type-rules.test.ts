import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import { judgeTypes, type ScannedStack } from './judge-types';
import { scannedStacks } from './testing/estates';
import { mutations, unwantedPolicies, type Mutation } from './testing/mutations';
import { typeTable } from './type-rules';

jest.setTimeout(300_000);
const root = useExampleWorkspace();
const findings = (stacks: readonly ScannedStack[]) => stacks.flatMap((stack) => judgeTypes(stack, typeTable));

describe('whatever holds or carries data does so safely', () => {
  const matrix = adoptionLevels.flatMap((level, index) =>
    ['prod', 'staging'].map((environment, other) => [level, environment, modes[(index + other) % 2]!] as const),
  );

  test.each(matrix)('at level %s in %s, %s', (level, environment, mode) => {
    const stacks = scannedStacks(root, environment, { level, mode });
    expect(stacks.length).toBeGreaterThan(10);
    expect(findings(stacks)).toEqual([]);
  });

  test('with the other choices of the settings', () => {
    expect(findings(scannedStacks(root, 'prod', { level: 'inspected' }, 'other'))).toEqual([]);
  });
});

describe('found is', () => {
  const estates = (['as it is', 'other'] as const).flatMap((variant) =>
    scannedStacks(root, 'prod', { level: 'inspected' }, variant),
  );

  function after(type: string, { breaks, of = () => true }: Mutation): readonly string[] {
    for (const stack of estates) {
      const [id] = Object.entries(stack.json.resource?.[type] ?? {}).find(([, block]) => of(block)) ?? [];
      if (id === undefined) continue;
      const json = structuredClone(stack.json);
      const resource = json.resource!;
      breaks(resource[type]![id]!, { resource });
      return judgeTypes({ ...stack, json }, typeTable).filter((found) => found.includes(` ${type}.`));
    }
    throw new Error(`no stack has such an ${type}`);
  }

  const each = Object.entries(mutations).flatMap(([type, ofType]) =>
    Object.entries(ofType).map(([rule, mutation]) => [type, rule, mutation] as const),
  );

  test.each(each)('%s that does not %s', (type, rule, mutation) => {
    expect(after(type, mutation)).toContainEqual(expect.stringContaining(`: must ${rule}`));
  });

  test.each(unwantedPolicies)('a policy for %s, on %s', (_, type, rule, mutation) => {
    expect(after(type, mutation)).toContainEqual(expect.stringContaining(`: must ${rule}`));
  });

  test('every rule broken once', () => {
    const rules = Object.entries(typeTable.rules).map(([type, ofType]) => [type, Object.keys(ofType).sort()]);
    const broken = Object.entries(mutations).map(([type, ofType]) => [type, Object.keys(ofType).sort()]);
    expect(broken.sort()).toEqual(rules.sort());
    expect(new Set(unwantedPolicies.map(([, , rule]) => rule))).toEqual(new Set(Object.keys(typeTable.everywhere)));
  });

  test('a type that the table does not know', () => {
    const json = { resource: { aws_efs_file_system: { Files: {} } } };
    expect(judgeTypes({ stack: 'global-data', json, waivers: [] }, typeTable)).toEqual([
      'global-data aws_efs_file_system.Files: is of a type without rules; say what must hold of it, or that it carries nothing',
    ]);
  });

  test('no type both ruled and without rules', () => {
    expect(Object.keys(typeTable.rules).filter((type) => typeTable.withoutRules.has(type))).toEqual([]);
  });
});
