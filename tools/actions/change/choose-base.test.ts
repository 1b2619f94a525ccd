import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseBase } from './choose-base';

const scratch = mkdtempSync(join(tmpdir(), 'choose base-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
const git = (folder: string, ...args: string[]) =>
  execFileSync('git', [...author, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
const commit = (folder: string, message: string) => {
  git(folder, 'commit', '--allow-empty', '-qm', message);
  return git(folder, 'rev-parse', 'HEAD');
};

/** `main` with two commits after the one where `topic` begins, which has one of its own and is checked out. */
const origin = join(scratch, 'origin');
execFileSync('git', ['init', '-q', '-b', 'main', origin]);
const first = commit(origin, 'first');
git(origin, 'checkout', '-qb', 'topic');
const topic = commit(origin, 'on topic');
git(origin, 'checkout', '-q', 'main');
const second = commit(origin, 'second');
const third = commit(origin, 'third');
git(origin, 'checkout', '-q', 'topic');

let count = 0;
/** Variables of a GitHub event. */
function event(name: string, payload: object): NodeJS.ProcessEnv {
  const path = join(scratch, `event-${count++}.json`);
  writeFileSync(path, JSON.stringify(payload));
  return { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path };
}
const chosen = async (folder: string, environment: NodeJS.ProcessEnv, base?: string) =>
  (await chooseBase(folder, { environment, ...(base ? { base } : {}) })).commit;

test('is what the named ref has in common with HEAD, by default the default branch', async () => {
  expect(await chosen(origin, {}, 'main')).toBe(first);
  expect(await chosen(origin, {}, third)).toBe(first);
  expect(await chosen(origin, {})).toBe(first);
});

test('of a pull request is what the merge commit merges into, else what both branches have in common', async () => {
  const payload = { pull_request: { base: { sha: second, ref: 'main' }, head: { sha: topic } } };
  expect(await chosen(origin, event('pull_request', payload))).toBe(first);
  const merged = join(scratch, 'merged');
  execFileSync('git', ['clone', '-q', origin, merged]);
  git(merged, 'checkout', '-q', '--detach', third);
  git(merged, 'merge', '-q', '--no-ff', '-m', 'merge', topic);
  expect(await chosen(merged, event('pull_request', payload))).toBe(third);
});

test('of a merge queue is the base of its group', async () => {
  expect(await chosen(origin, event('merge_group', { merge_group: { base_sha: second } }))).toBe(second);
});

test('of a push, forced or not, is where the branch was; of a new branch what it has in common with the default branch', async () => {
  expect(await chosen(origin, event('push', { before: first, forced: false }))).toBe(first);
  expect(await chosen(origin, event('push', { before: third, forced: true }))).toBe(third);
  const made = { before: '0'.repeat(40), repository: { default_branch: 'main' } };
  expect(await chosen(origin, event('push', made))).toBe(first);
});

test('refuses a clone that lacks the base, with the command that fetches it', async () => {
  const shallow = join(scratch, 'shallow');
  execFileSync('git', ['clone', '-q', '--depth', '1', '--no-single-branch', `file://${origin}`, shallow]);
  await expect(chosen(shallow, {}, 'origin/main')).rejects.toThrow(/shallow.*git fetch --unshallow origin/);
  await expect(chosen(shallow, {}, first)).rejects.toThrow(/shallow.*git fetch --unshallow origin/);
  await expect(chosen(origin, event('push', { before: 'f'.repeat(40) }))).rejects.toThrow(
    /run: git fetch origin f{40}$/,
  );
  await expect(chosen(origin, {}, 'origin/elsewhere')).rejects.toThrow(/run: git fetch origin elsewhere:refs/);
  const none = mkdtempSync(join(scratch, 'none-'));
  await expect(chosen(none, {}, 'main')).rejects.toThrow(/is no git checkout/);
});
