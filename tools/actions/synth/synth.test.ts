import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isEstateFolder } from '@platform/tools/workspace/stack-folders';
import { synthesise } from './synth';

const root = resolve(__dirname, '../../..');
let scratch: string;
let here: Record<string, string>;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'synth-'));
  here = synth('here');
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Text of every file below a folder, by its path there. */
function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

const synth = (folder: string, from = root) => {
  synthesise({ root: from, outdir: join(scratch, folder) });
  return filesOf(join(scratch, folder));
};

describe('synth', () => {
  test('gives the same bytes from a clone in another folder', () => {
    const clone = join(scratch, 'clone');
    const sources = readdirSync(root).filter(
      (name) =>
        isEstateFolder(name) || ['libs', 'infra.config.ts', 'package.json', 'tsconfig.base.json'].includes(name),
    );
    for (const name of sources) cpSync(join(root, name), join(clone, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    expect(synth('elsewhere', clone)).toEqual(here);
  });

  test('writes no path of this machine and no time', () => {
    for (const [file, content] of Object.entries(here)) {
      const found = [root, scratch, process.cwd()].filter((path) => content.includes(path));
      expect([file, found]).toEqual([file, []]);
      expect([file, content.match(/\d{4}-\d\d-\d\dT\d\d:\d\d/g)]).toEqual([file, null]);
    }
  });

  test('removes what earlier stacks left behind', () => {
    const names = Object.keys(synth('twice'));
    cpSync(join(scratch, 'twice/stacks/region-us-vpc'), join(scratch, 'twice/stacks/region-us-gone'), {
      recursive: true,
    });
    expect(Object.keys(synth('twice'))).toEqual(names);
  });

  test('needs no Terraform: the plan after it downloads one', () => {
    const outdir = join(scratch, 'without-terraform');
    // In a process of its own: Jest's environment is not what children of this one get.
    const script = `require('./tools/actions/synth/synth').synthesise({ root: process.cwd(), outdir: ${JSON.stringify(outdir)} })`;
    execFileSync(process.execPath, ['--import', 'tsx', '--eval', script], {
      cwd: root,
      env: { ...process.env, PATH: join(scratch, 'nothing-here') },
      stdio: 'pipe',
    });
    expect(filesOf(outdir)).toEqual(here);
  });

  test.each(['region-us/vpc', 'shared/tgw'])('of %s alone gives the bytes of the estate', (project) => {
    const outdir = join(scratch, `alone-${project.replace('/', '-')}`);
    execFileSync(process.execPath, ['--import', 'tsx', `${project}/main.ts`], {
      cwd: root,
      env: { ...process.env, CDKTF_OUTDIR: outdir },
    });
    const alone = Object.entries(filesOf(join(outdir, 'stacks')));
    expect(alone.length).toBeGreaterThan(0);
    for (const [file, content] of alone) expect([file, here[`stacks/${file}`]]).toEqual([file, content]);
  });
});
