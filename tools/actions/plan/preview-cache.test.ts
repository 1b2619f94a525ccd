import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContentCache } from '@platform/tools/workspace/content-cache';
import { findRoot } from '@platform/tools/workspace/find-root';
import { PreviewSession } from './preview-session';
import { writePreviewFiles } from './preview-stack';

jest.setTimeout(300_000);

const root = findRoot(__dirname);
const provider = { aws: [{ region: 'us-east-1' }] };
const terraform = { required_providers: { aws: { source: 'hashicorp/aws', version: '5.100.0' } } };
const bucket = (name: string) => ({ resource: { aws_s3_bucket: { Logs: { bucket: name } } } });
const reading = {
  data: { terraform_remote_state: { zone: { backend: 's3', config: {} } } },
  output: { name: { value: '${data.terraform_remote_state.zone.outputs.name}' } },
};

describe('a cache of previews', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'preview cache-'));
  const entries = join(scratch, 'entries');
  let session: PreviewSession;
  let count = 0;

  beforeAll(async () => {
    session = await PreviewSession.open({
      root,
      folder: scratch,
      configuration: { terraform, provider },
      action: 'plan',
      sharedProvider: true,
      cache: new ContentCache({ folder: entries }),
    });
  });
  afterAll(async () => {
    await session.close();
    rmSync(scratch, { recursive: true });
  });

  /** Each plan in a folder of its own. */
  async function plan(blocks: object, { asset = '', upstream = '', state = '' } = {}) {
    const folder = join(scratch, `stack "${count++}"`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ terraform, provider, ...blocks }));
    if (asset) writeFileSync(join(folder, 'asset.txt'), asset);
    if (state) writeFileSync(join(folder, 'preview.tfstate'), state);
    const values = upstream ? { name: { value: upstream, source: 'planned' as const } } : {};
    const configuration = writePreviewFiles(folder, new Map([['zone', values]]));
    return { ...(await session.run('stack', folder, configuration, 0)), folder };
  }

  test('has the plan of equal content from any folder, and writes it beside the configuration', async () => {
    const first = await plan(bucket('one'));
    const second = await plan(bucket('one'));
    expect([first.cached, second.cached]).toEqual([undefined, true]);
    expect(first.errors).toEqual([]);
    const written = readFileSync(join(second.folder, 'plan.json'), 'utf8');
    expect(JSON.parse(written)).toEqual(second.plan);
    const moved = JSON.parse(JSON.stringify(first.plan).replaceAll(inJson(first.folder), inJson(second.folder)));
    expect(second.plan).toEqual(moved);
    expect(written).not.toContain(inJson(first.folder));
  });

  test('does not have one of another argument, asset, upstream value or state', async () => {
    const state = { version: 4, terraform_version: '1.11.0', serial: 1, lineage: 'x', outputs: {}, resources: [] };
    const variants: Parameters<typeof plan>[] = [
      [bucket('one')],
      [bucket('two')],
      [bucket('two'), { asset: 'a' }],
      [bucket('two'), { asset: 'b' }],
      [bucket('two'), { state: JSON.stringify(state) }],
      [reading, { upstream: 'a' }],
      [reading, { upstream: 'b' }],
    ];
    const cached: boolean[] = [];
    for (const variant of variants) cached.push((await plan(...variant)).cached ?? false);
    expect(cached).toEqual([true, false, false, false, false, false, false]);
    for (const variant of variants) expect((await plan(...variant)).cached).toBe(true);
    const [, before] = Object.entries((await plan(reading, { upstream: 'a' })).plan!.output_changes!)[0]!;
    expect(before.after).toBe('a');
  });

  test.each([
    ['the clock', { output: { now: { value: '${plantimestamp()}' } } }],
    ['the place of the folder', { output: { here: { value: '${abspath("asset.txt")}' } } }],
    ['a file elsewhere', { output: { there: { value: '${file("/etc/hostname")}' } } }],
  ])('keeps no plan that depends on %s', async (_, blocks) => {
    const made = [await plan(blocks), await plan(blocks)];
    expect(made.map(({ cached, errors }) => [cached, errors])).toEqual([
      [undefined, []],
      [undefined, []],
    ]);
  });

  test('keeps no failure', async () => {
    const wrong = { resource: { aws_vpc: { Network: { cidr_block: 'nonsense' } } } };
    const made = [await plan(wrong), await plan(wrong)];
    expect(made.map(({ cached, errors }) => [cached, errors.length])).toEqual([
      [undefined, 1],
      [undefined, 1],
    ]);
  });

  test('makes a plan anew whose entry is damaged', async () => {
    await plan(bucket('one'));
    for (const name of readdirSync(entries)) writeFileSync(join(entries, name), 'damaged');
    expect((await plan(bucket('one'))).cached).toBeUndefined();
    expect((await plan(bucket('one'))).cached).toBe(true);
  });
});

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
