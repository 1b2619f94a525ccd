import { build } from 'esbuild';
import { join } from 'node:path';

test('live plans and applies use no code of the provider that previews share', async () => {
  const root = join(__dirname, '..', '..');
  const { metafile } = await build({
    entryPoints: [
      './tools/session/open-session.ts',
      './tools/actions/plan/plan-estate.ts',
      './tools/actions/deploy/deploy-estate.ts',
    ],
    absWorkingDir: root,
    tsconfig: join(root, 'tsconfig.base.json'),
    packages: 'external',
    platform: 'node',
    bundle: true,
    metafile: true,
    write: false,
    outdir: 'out',
  });
  const used = Object.keys(metafile.inputs);
  expect(used).toContain('tools/terraform/run-terraform.ts');
  expect(used.filter((file) => /shared-provider|provider-relay|provider-process|preview-session/.test(file))).toEqual(
    [],
  );
});
