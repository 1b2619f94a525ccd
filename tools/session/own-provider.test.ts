import { build } from 'esbuild';
import { join } from 'node:path';

test('live plans and applies use no code of the provider that previews share', async () => {
  const root = join(__dirname, '..', '..');
  const { metafile } = await build({
    entryPoints: [
      join(root, 'tools/session/open-session.ts'),
      join(root, 'tools/actions/plan/plan-estate.ts'),
      join(root, 'tools/actions/deploy/deploy-estate.ts'),
    ],
    absWorkingDir: root,
    alias: { '@platform': root },
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
