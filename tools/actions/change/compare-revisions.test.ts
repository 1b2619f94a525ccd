import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { findRoot } from '@platform/tools/workspace/find-root';
import { compareRevisions, wavesOf } from './affected';

jest.setTimeout(300_000);

const root = exampleWorkspace();
afterAll(() => rmSync(root, { recursive: true, force: true }));

const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
const git = (...args: string[]) => execFileSync('git', [...author, ...args], { cwd: root, encoding: 'utf8' });

/** Edits a file of the workspace, and puts it back after the work. */
async function withEdit<T>(file: string, edit: (text: string) => string, work: () => Promise<T>): Promise<T> {
  const text = readFileSync(join(root, file), 'utf8');
  const edited = edit(text);
  expect(edited).not.toBe(text);
  writeFileSync(join(root, file), edited);
  try {
    return await work();
  } finally {
    writeFileSync(join(root, file), text);
  }
}

beforeAll(() => {
  // Libs of its own, so that a test may edit them; nothing of the workspace that it comes from is written.
  rmSync(join(root, 'libs'));
  cpSync(join(findRoot(__dirname), 'libs'), join(root, 'libs'), { recursive: true });
  rmSync(join(root, '.cache'), { force: true });
  mkdirSync(join(root, '.cache'));
  writeFileSync(join(root, '.gitignore'), 'node_modules\ndist\n.cache\n');
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'base');
});

const compare = () => compareRevisions({ root, base: 'main', environment: 'prod', variables: {} });
const affectedOf = ({ pairs }: Awaited<ReturnType<typeof compare>>) =>
  Object.fromEntries(pairs.filter(({ reasons }) => reasons.length > 0).map(({ stack, reasons }) => [stack, reasons]));

test('a change of code that changes no byte affects no stack', async () => {
  const comment = (text: string) => `${text}\n/** Another comment. */\nexport type Unused = string;\n`;
  const compared = await withEdit('libs/stack/estate-stack.ts', comment, compare);
  expect(compared.pairs.length).toBeGreaterThan(20);
  expect(affectedOf(compared)).toEqual({});
});

test('a changed range affects its stack and those that read it, with address and argument; base is synthesised once', async () => {
  const made = () => readdirSync(join(root, '.cache', 'bases'));
  const before = made();
  const range = (text: string) => text.replace('10.0.0.0/16', '10.1.0.0/16');
  const compared = await withEdit('region-us/region.ts', range, compare);
  const affected = affectedOf(compared);
  expect(affected['region-us-vpc']).toContainEqual(
    expect.objectContaining({ kind: 'argument', argument: 'cidr_block', address: expect.stringContaining('aws_vpc.') }),
  );
  const upstream = Object.values(affected).flatMap((reasons) => reasons.filter(({ kind }) => kind === 'upstream'));
  expect(upstream).toContainEqual(expect.objectContaining({ address: 'region-us-vpc.cidr' }));
  expect(Object.keys(affected)).not.toContain('region-ap-aurora');
  expect(made()).toEqual(before);

  const waves = wavesOf(compared.pairs).map((wave) => wave.map(({ stack }) => stack));
  expect(waves.flat().sort()).toEqual(Object.keys(affected).sort());
  const waveOf = (stack: string) => waves.findIndex((wave) => wave.includes(stack));
  for (const { stack, head } of compared.pairs.filter(({ reasons }) => reasons.length > 0)) {
    for (const read of head!.description.reads.filter((name) => affected[name])) {
      expect(waveOf(read)).toBeLessThan(waveOf(stack));
    }
  }
});

test('a removed project is there with the stacks that base has', async () => {
  rmSync(join(root, 'shared', 'privatelink'), { recursive: true });
  try {
    const { pairs } = await compare();
    const removed = pairs.filter(({ head }) => !head);
    expect(removed.map(({ stack }) => stack).sort()).toEqual(['shared-privatelink-ap', 'shared-privatelink-us']);
    expect(new Set(removed.map(({ base }) => base!.description.project))).toEqual(new Set(['shared/privatelink']));
  } finally {
    git('checkout', '-q', '--', 'shared/privatelink');
  }
});

test('every stack counts where base does not synthesise, and base says why', async () => {
  appendFileSync(join(root, 'infra.config.ts'), '\nthrow new Error("broken at this commit");\n');
  git('commit', '-qam', 'broken');
  git('checkout', '-q', 'HEAD~1', '--', 'infra.config.ts');
  const { base, pairs } = await compare();
  expect(base.errors).toEqual([expect.stringContaining('broken at this commit')]);
  expect(pairs.every(({ reasons }) => reasons[0]?.kind === 'base')).toBe(true);
});
