import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { isEstateFolder } from '@platform/tools/workspace/stack-folders';
import { findRoot } from '@platform/tools/workspace/find-root';
import { synthesise, synthFolderOf } from '@platform/tools/actions/synth/synth';

/*
 * Habits of a machine change no byte of what is synthesised: else deploys from two machines would undo each other's changes.
 */

jest.setTimeout(120_000);
const root = findRoot(__dirname);
const folder = mkdtempSync(join(tmpdir(), 'other-machines-'));
afterAll(() => rmSync(folder, { recursive: true }));

const whatIf = { level: 'inspected' } as const;
const { environment, stacks } = synthesise({ root, outdir: join(folder, 'own'), whatIf });
const bytesIn = (outdir: string) =>
  stacks.map(({ stack }) => [stack, readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')]);
const expected = bytesIn(join(folder, 'own'));

/** A copy of the code that is synthesised, at a path below the test's folder. Tools and packages are the original ones. */
function copyTo(path: string): string {
  const copy = join(folder, path);
  mkdirSync(copy, { recursive: true });
  for (const name of ['node_modules', 'tools', 'package.json', 'tsconfig.base.json']) {
    symlinkSync(join(root, name), join(copy, name));
  }
  const isCode = (name: string) => name === 'libs' || name === 'infra.config.ts' || isEstateFolder(name);
  for (const name of readdirSync(root).filter(isCode)) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  return copy;
}

test('a checkout with carriage returns and byte order marks, as Git and editors on Windows make it', () => {
  const copy = copyTo('windows');
  const files = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    writeFileSync(path, `\uFEFF${readFileSync(path, 'utf8').replaceAll('\n', '\r\n')}`);
  }
  const outdir = join(folder, 'windows-synth');
  synthesise({ root: copy, outdir, whatIf });
  expect(bytesIn(outdir)).toEqual(expected);
});

test.each([
  [
    'a path with spaces and characters that shells, globs and URLs give a meaning',
    'my work #1 100%25 [é] (x) {a,b} $c \'d\' "e"',
    {},
  ],
  [
    'another language, time zone and a home that cannot be used',
    'plain',
    { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati', HOME: '/dev/null' },
  ],
])('%s, behind a symbolic link', async (_, path, variables) => {
  const link = join(folder, `link to ${path}`);
  symlinkSync(copyTo(path), link);
  const { ended } = startCli(link, ['synth', '-c', environment, '--level', whatIf.level], variables);
  expect(await ended).toMatchObject({ code: 0 });
  expect(bytesIn(synthFolderOf(link, environment, whatIf))).toEqual(expected);
});
