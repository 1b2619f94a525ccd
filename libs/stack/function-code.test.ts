import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { FunctionCode } from './function-code';
import { workspaceRoot } from './workspace-file';

const handler = 'libs/traffic-control/lambda/handler.ts';
const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'function code-'));
  folders.push(made);
  return made;
};
afterAll(() => folders.forEach((each) => rmSync(each, { recursive: true })));

test('the archive lies beside the JSON, with the digest that the plan has', () => {
  const outdir = folder();
  const app = new App({ outdir });
  const code = new FunctionCode(new TerraformStack(app, 'stack'), 'Code', { name: 'control', module: handler });
  app.synth();
  const archive = readFileSync(join(outdir, 'stacks/stack', code.fileName));
  expect(createHash('sha256').update(archive).digest('base64')).toBe(code.sha256Base64);
});

test('equal sources give equal bytes in another process, folder and time zone', () => {
  const digestIn = (TZ: string) =>
    execFileSync(
      process.execPath,
      [
        '--import',
        join(workspaceRoot(), 'node_modules/tsx/dist/loader.mjs'),
        '-e',
        `const { App, TerraformStack } = require('${workspaceRoot()}/node_modules/cdktf');
         const { FunctionCode } = require('${workspaceRoot()}/libs/stack/function-code.ts');
         const stack = new TerraformStack(new App({ outdir: '.' }), 'stack');
         console.log(new FunctionCode(stack, 'Code', { name: 'control', module: '${handler}' }).sha256Base64);`,
      ],
      {
        cwd: folder(),
        env: { ...process.env, TZ, TSX_TSCONFIG_PATH: join(workspaceRoot(), 'tsconfig.base.json') },
        encoding: 'utf8',
      },
    ).trim();
  const [first, second] = [digestIn('Asia/Tokyo'), digestIn('America/New_York')];
  expect(first).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(second).toBe(first);
});
