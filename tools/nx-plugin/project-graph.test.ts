import { findRegionKeys } from '@platform/tools/workspace/stack-folders';
import { stackNames } from './targets';
import { probeWorkspace, WorkspaceClone } from './testing/run-in-workspace';

const everyStack = [
  'infra.config.ts',
  'package-lock.json',
  'tsconfig.base.json',
  'nx.json',
  'libs/stack/estate-stack.ts',
  'tools/actions/synth/synth.ts',
  'tools/nx-plugin/targets.ts',
];
const noStack = [
  'README.md',
  'docs/architecture.md',
  'region-us/vpc/README.md',
  'shared/README.md',
  'libs/vpc/README.md',
  'tools/nx-plugin/plugin.test.ts',
  '.github/workflows/ci.yml',
];

const clone = new WorkspaceClone();
afterAll(() => clone.remove());
const facts = probeWorkspace(clone.root, [
  ...everyStack,
  ...noStack,
  'libs/vpc/a-new-file.ts',
  'shared/regions.ts',
  'region-ap/region.ts',
  'region-us/region.ts',
]);
const stacks = Object.keys(facts.sources);

describe('the project graph', () => {
  it('has the stack projects of both regions, of shared and of global', () => {
    expect(stacks).toEqual(expect.arrayContaining(['region-us-vpc', 'region-ap-vpc', 'shared-tgw', 'global-zone']));
  });

  it('has an edge for every state read: the deploy order rests on it', () => {
    for (const stack of stacks) {
      expect({ stack, reads: without(facts.stateReads[stack], facts.graphEdges[stack]) }).toEqual({ stack, reads: [] });
    }
  });

  it('has no edge between stacks without a state read (or the setting that switches the read on is missing in settings-variants.ts)', () => {
    for (const stack of stacks) {
      expect({ stack, imports: without(facts.graphEdges[stack], facts.stateReads[stack]) }).toEqual({
        stack,
        imports: [],
      });
    }
  });

  it('has no circle of stacks', () => {
    const visit = (stack: string, path: string[]): void => {
      expect(path).not.toContain(stack);
      for (const upstream of facts.graphEdges[stack] ?? []) visit(upstream, [...path, stack]);
    };
    for (const stack of stacks) visit(stack, []);
  });

  it('has a name for every stack from which its project is known: the outputs of synth are cached by it', () => {
    const regions = findRegionKeys(clone.root);
    for (const [project, names] of Object.entries(facts.stacks)) {
      expect(stackNames(project, regions)).toEqual(expect.arrayContaining(names));
    }
  });
});

describe('a change affects', () => {
  it.each(everyStack)('every stack: %s', (file) => {
    expect(facts.affected[file]).toEqual([...stacks].sort());
  });

  it.each(noStack)('no stack: %s', (file) => {
    expect(facts.affected[file]).toEqual([]);
  });

  it('the stacks of one region, and what reads them: region-ap/region.ts', () => {
    const affected = facts.affected['region-ap/region.ts']!;
    expect(affected).toEqual(expect.arrayContaining([...stacks.filter((name) => name.startsWith('region-ap-'))]));
    expect(affected).toEqual(expect.arrayContaining(stacks.filter((name) => name.startsWith('shared-'))));
    expect(affected).not.toContain('region-us-vpc');
  });

  it('every stack that stands on a lib, also when the file is new: libs/vpc', () => {
    const affected = facts.affected['libs/vpc/a-new-file.ts']!;
    expect(affected).toEqual(expect.arrayContaining(['region-us-vpc', 'region-ap-vpc', 'shared-tgw']));
    expect(affected).not.toContain('global-zone');
  });

  it('the shared stacks, and not a VPC: shared/regions.ts', () => {
    expect(facts.affected['shared/regions.ts']).toContain('shared-tgw');
    expect(facts.affected['shared/regions.ts']).not.toContain('region-us-vpc');
  });

  it('a stack that neither runs the changed file nor reads one that does: none', () => {
    const runs = (file: string) => stacks.filter((stack) => facts.sources[stack]!.includes(file));
    for (const file of [
      'region-ap/region.ts',
      'region-us/region.ts',
      'shared/regions.ts',
      'libs/regional/cache/stack.ts',
    ]) {
      const reached = new Set(runs(file));
      // A state read makes a stack depend on what the other one becomes.
      for (let before = -1; before !== reached.size; ) {
        before = reached.size;
        for (const stack of stacks) {
          if (facts.stateReads[stack]!.some((upstream) => reached.has(upstream))) reached.add(stack);
        }
      }
      expect({ file, affected: facts.affected[file] }).toEqual({ file, affected: [...reached].sort() });
    }
  });

  it('every stack that runs the changed file: each file of the estate', () => {
    for (const [stack, sources] of Object.entries(facts.sources)) {
      expect(sources.length).toBeGreaterThan(3);
      const missed = sources.filter((file) => !facts.affected[file]!.includes(stack));
      expect({ stack, missed }).toEqual({ stack, missed: [] });
    }
  });
});

function without(names: readonly string[] = [], others: readonly string[] = []): string[] {
  return names.filter((name) => !others.includes(name));
}
