import { existsSync, readFileSync } from 'node:fs';
import { WrongUse } from '@platform/libs/settings/problem';

/** What the event of a workflow run says of its pull request. */
export interface PullRequestEvent {
  readonly number: number;
  /** Commit of the branch, not GitHub's merge commit. */
  readonly head: string;
  /** From a fork: the token of its runs writes nothing, and the runs have no secrets. */
  readonly isFork: boolean;
}

/** Part of https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request */
interface GitHubEvent {
  readonly pull_request?: {
    readonly number: number;
    readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null };
    readonly base: { readonly repo: { readonly full_name: string } };
  };
}

/** @throws WrongUse where the run is not of a pull request */
export function pullRequestEvent(variables: NodeJS.ProcessEnv = process.env): PullRequestEvent {
  const path = variables['GITHUB_EVENT_PATH'];
  const event = path && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as GitHubEvent) : undefined;
  if (!event?.pull_request) {
    throw new WrongUse(
      `GITHUB_EVENT_PATH: "${path ?? ''}" has no pull request; run this in a workflow "on: pull_request"`,
    );
  }
  const { number, head, base } = event.pull_request;
  return { number, head: head.sha, isFork: head.repo?.full_name !== base.repo.full_name };
}
