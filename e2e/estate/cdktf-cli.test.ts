import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stockCdktf } from '@platform/e2e/fixtures/stock-cdktf';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { findRoot } from '@platform/tools/workspace/find-root';

const root = findRoot(__dirname);
const folder = mkdtempSync(join(tmpdir(), 'cdktf cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
jest.setTimeout(300_000);

test('synth of the stock CLI writes every stack with the same bytes', () => {
  const { stacks } = synthesise({ root, outdir: join(folder, 'ours') });
  stockCdktf(root, join(folder, 'theirs'), ['synth']);
  for (const { stack } of stacks) {
    const bytes = (of: string) => readFileSync(join(folder, of, 'stacks', stack, 'cdk.tf.json'), 'utf8');
    expect(bytes('theirs')).toBe(bytes('ours'));
  }
});

test.each(['deploy', 'destroy'])('%s of a preview is refused with the command that does it', (verb) => {
  const outdir = join(folder, 'refused');
  const refused = () => stockCdktf(root, outdir, [verb, 'region-us-vpc', '--auto-approve']);
  expect(refused).toThrow(`npx platform ${verb} --target aws -c prod`);
  expect(refused).not.toThrow(/Initializing|Creating/);
});

test('diff of a preview is refused where a variable names an endpoint, and list is not', () => {
  const outdir = join(folder, 'endpoint');
  process.env['AWS_ENDPOINT_URL_EC2'] = 'http://127.0.0.1:9';
  try {
    expect(() => stockCdktf(root, outdir, ['diff', 'region-us-vpc'])).toThrow(
      'AWS_ENDPOINT_URL_EC2: a preview calls no endpoint; unset it',
    );
    expect(stockCdktf(root, outdir, ['list'])).toContain('region-us-vpc');
  } finally {
    delete process.env['AWS_ENDPOINT_URL_EC2'];
  }
});
