import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Revision } from '@platform/tools/model/change';
import { commitOf, exactCommit, mergeBase, tryGit } from './git';

export interface ChooseBaseOptions {
  /** Branch, tag or commit; the base is what it has in common with HEAD. Default: what the CI event says, else the default branch. */
  readonly base?: string;
  /** Read are `GITHUB_EVENT_NAME` and `GITHUB_EVENT_PATH`. Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** The parts of GitHub's events that say what to compare with: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
interface GitHubEvent {
  readonly before?: string;
  readonly forced?: boolean;
  readonly repository?: { readonly default_branch?: string };
  readonly pull_request?: {
    readonly base: { readonly sha: string; readonly ref: string };
    readonly head: { readonly sha: string };
  };
  readonly merge_group?: { readonly base_sha: string };
}

/** The `before` of a push that makes a branch. */
const NO_COMMIT = /^0+$/;

/**
 * The commit that the checkout is compared with.
 * - `--base`: the merge base of that ref and HEAD.
 * - pull request: the first parent of GitHub's merge commit, which is what would be merged into; for a checkout of the
 *   branch itself the merge base with the target branch.
 * - merge queue: the base of the group. Push, forced or not: the commit that the branch was at.
 * - else: the merge base with the default branch of nx.json.
 * @throws WrongUse where the clone lacks a commit, with the command that fetches it
 */
export async function chooseBase(
  root: string,
  options: ChooseBaseOptions = {},
): Promise<Required<Pick<Revision, 'ref' | 'commit'>>> {
  const { base, environment = process.env } = options;
  if (base !== undefined) return { ref: base, commit: await mergeBase(root, base) };
  const event = eventOf(environment);
  if (event?.merge_group) {
    const { base_sha: ref } = event.merge_group;
    return { ref, commit: await exactCommit(root, ref) };
  }
  if (event?.pull_request) {
    const { base: target, head } = event.pull_request;
    const [first, second, ...more] = ((await tryGit(root, ['rev-parse', 'HEAD^@'])) ?? '').split('\n');
    if (second === head.sha && first && more.length === 0) return { ref: target.ref, commit: first };
    const branch = `origin/${target.ref}`;
    const ref = (await commitOf(root, branch)) ? branch : target.sha;
    return { ref, commit: await mergeBase(root, ref) };
  }
  const isPush = environment['GITHUB_EVENT_NAME'] === 'push';
  if (isPush && event?.before && !NO_COMMIT.test(event.before)) {
    return { ref: event.before, commit: await exactCommit(root, event.before) };
  }
  const branch = event?.repository?.default_branch ?? defaultBranch(root);
  const ref = (await commitOf(root, branch)) ? branch : `origin/${branch}`;
  return { ref, commit: await mergeBase(root, ref) };
}

function eventOf({ GITHUB_EVENT_PATH: path }: NodeJS.ProcessEnv): GitHubEvent | undefined {
  if (!path || !existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, 'utf8')) as GitHubEvent;
}

function defaultBranch(root: string): string {
  const path = join(root, 'nx.json');
  const { defaultBase } = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as { readonly defaultBase?: string })
    : {};
  return defaultBase ?? 'main';
}
