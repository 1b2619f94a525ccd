import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { sourceOf } from './source-of';
import { synthesise } from './synth';

const root = useExampleWorkspace();

test('every stack of the estate has a file, twins and stacks of one folder each their own', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'source-'));
  const { stacks } = synthesise({ root, outdir, estate: loadEstate(root) });
  rmSync(outdir, { recursive: true });
  const sources = Object.fromEntries(stacks.map((description) => [description.stack, sourceOf(root, description)]));
  expect(Object.values(sources).filter((source) => !source.endsWith('.ts'))).toEqual([]);
  expect(sources).toMatchObject({
    'region-us-data': 'region-us/data/stack.ts',
    'region-ap-data': 'region-ap/data/stack.ts',
    'shared-tgw-us': 'shared/tgw/stack.ts',
    'shared-tgw-link-us-ap': 'shared/tgw/link-stack.ts',
  });
});

test('a class that no file declares leads to the folder', () => {
  expect(sourceOf(root, { project: 'shared/tgw', className: 'NoSuchStack' })).toBe('shared/tgw/');
});
