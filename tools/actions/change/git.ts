import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WrongUse } from '@platform/libs/settings/problem';

const run = promisify(execFile);

/** What git prints, without the last line feed. @throws the error of the process, with its `stderr` */
export async function git(root: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env) {
  const { stdout } = await run('git', ['-c', 'core.quotepath=false', ...args], {
    cwd: root,
    env: environment,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.replace(/\n$/, '');
}

/** The same, or nothing where git fails. */
export async function tryGit(root: string, args: readonly string[]): Promise<string | undefined> {
  return git(root, args).catch(() => undefined);
}

/** Full id of the commit that a branch, tag or id names; nothing where this checkout has none. */
export function commitOf(root: string, ref: string): Promise<string | undefined> {
  return tryGit(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}

/**
 * The newest commit that a branch and the checkout have in common.
 * @throws WrongUse with the command that fetches what is missing
 */
export async function mergeBase(root: string, ref: string): Promise<string> {
  const commit = await commitOf(root, ref);
  if (commit === undefined) throw await missing(root, ref);
  const common = await tryGit(root, ['merge-base', commit, 'HEAD']);
  if (common) return common;
  if (await isShallow(root)) {
    throw new WrongUse(
      `base ${ref}: this clone is shallow and lacks the commit that both have in common; ${UNSHALLOW}`,
    );
  }
  throw new WrongUse(`base ${ref}: it has no commit in common with HEAD; name a branch that HEAD comes from`);
}

/** @throws WrongUse where the checkout lacks the commit */
export async function exactCommit(root: string, ref: string): Promise<string> {
  const commit = await commitOf(root, ref);
  if (commit === undefined) throw await missing(root, ref);
  return commit;
}

const UNSHALLOW = 'run: git fetch --unshallow origin (in GitHub Actions: fetch-depth: 0)';

const isShallow = async (root: string) => (await tryGit(root, ['rev-parse', '--is-shallow-repository'])) === 'true';

async function missing(root: string, ref: string): Promise<WrongUse> {
  if ((await tryGit(root, ['rev-parse', '--git-dir'])) === undefined) {
    return new WrongUse(`base ${ref}: ${root} is no git checkout; run this in a clone of the repository`);
  }
  const isCommit = /^[0-9a-f]{7,40}$/.test(ref);
  const fetched = isCommit ? ref : ref.replace(/^origin\//, '');
  const remedy = (await isShallow(root))
    ? `this clone is shallow; ${UNSHALLOW}`
    : `run: git fetch origin ${fetched}${isCommit || fetched === ref ? '' : `:refs/remotes/origin/${fetched}`}`;
  return new WrongUse(`base ${ref}: this clone has no such commit; ${remedy}`);
}
