import type { DriftedStack } from '@platform/tools/actions/drift/drift-estate';
import { describeDrift } from '@platform/tools/actions/drift/drift-estate';
import type { GitHubClient } from './github-client';

/** Most characters of the body of an issue. */
const LIMIT = 65_536;

/** Begins the body of the issue of an owner, so that the next night finds it. */
const markerOf = (environment: string, owner: string) => `<!-- platform-drift:${environment}/${owner} -->`;

interface Issue {
  readonly number: number;
  readonly body: string | null;
  readonly user: { readonly type: string } | null;
  readonly pull_request?: object;
}

export interface DriftIssuesOptions {
  readonly environment: string;
  /** All owners of the environment's stacks and the stacks as a drift check found them. */
  readonly stacks: readonly DriftedStack[];
  /** `example` of `@example/network`. */
  readonly githubOrganisation: string;
  /** Commands that put a stack right, one a line. */
  readonly remedy: (stack: DriftedStack) => readonly string[];
  /** Page of the workflow run. */
  readonly run?: string;
}

/** What was done with the issue of an owner. */
export interface DriftIssue {
  readonly owner: string;
  readonly result: 'opened' | 'updated' | 'closed' | 'none';
  readonly issue?: number;
}

/**
 * One issue for each owner with drift, a stack that could not be compared, or a deployed stack whose project is gone:
 * opened, updated in place, and closed when all of the owner's stacks are clean. A stack that could not be compared
 * closes nothing.
 */
export async function writeDriftIssues(client: GitHubClient, options: DriftIssuesOptions): Promise<DriftIssue[]> {
  const { environment, stacks } = options;
  const open = (await client.list<Issue>('/issues?state=open')).filter(
    ({ pull_request, user }) => pull_request === undefined && user?.type === 'Bot',
  );
  const prefix = `<!-- platform-drift:${environment}/`;
  const withIssue = open.flatMap(({ body }) => {
    const [, owner] = body?.startsWith(prefix) ? (/\/([^/]+) -->/.exec(body.slice(0, 300)) ?? []) : [];
    return owner === undefined ? [] : [owner];
  });
  const owners = [...new Set([...stacks.map(({ owner }) => owner), ...withIssue])].sort();
  const results: DriftIssue[] = [];
  for (const owner of owners) {
    const [present] = open.filter(({ body }) => body?.startsWith(markerOf(environment, owner)));
    const own = stacks.filter((stack) => stack.owner === owner);
    const found = own.filter(({ drift, error, removed }) => drift.length > 0 || error !== undefined || removed);
    if (found.length === 0) {
      if (!present) {
        results.push({ owner, result: 'none' });
        continue;
      }
      await client.post(`/issues/${present.number}/comments`, { body: `No drift any more.${runLine(options)}` });
      await client.patch(`/issues/${present.number}`, { state: 'closed', state_reason: 'completed' });
      results.push({ owner, result: 'closed', issue: present.number });
      continue;
    }
    const content = { title: `Drift in ${environment}: ${owner}`, body: bodyOf(owner, found, options) };
    if (present) {
      await client.patch(`/issues/${present.number}`, content);
      results.push({ owner, result: 'updated', issue: present.number });
    } else {
      const { number } = await client.post<Issue>('/issues', content);
      results.push({ owner, result: 'opened', issue: number });
    }
  }
  return results;
}

function bodyOf(owner: string, stacks: readonly DriftedStack[], options: DriftIssuesOptions): string {
  const { environment, githubOrganisation } = options;
  const head = [
    markerOf(environment, owner),
    `Real infrastructure of ${environment} differs from what was deployed last. Owner: @${githubOrganisation}/${owner}.${runLine(options)}`,
    '',
  ].join('\n');
  const sections = stacks.map((stack) => {
    const lines = [
      ...(stack.error === undefined ? [] : [`It could not be compared: ${stack.error}`]),
      ...(stack.removed ? [`It is deployed, and ${stack.project} is no longer in the tree.`] : []),
      ...stack.drift.map(describeDrift),
    ];
    const shown = lines.map((line) => line.replaceAll(/\s+/g, ' ').slice(0, 1_000));
    const fence = '`'.repeat(
      Math.max(
        2,
        ...(shown
          .join('\n')
          .match(/`+/g)
          ?.map(({ length }) => length) ?? []),
      ) + 1,
    );
    return [
      `### ${stack.stack}`,
      `${fence}text`,
      ...shown,
      fence,
      'To put it right:',
      '```sh',
      ...options.remedy(stack),
      '```',
      '',
    ].join('\n');
  });
  let body = head;
  for (const [index, section] of sections.entries()) {
    const rest = `and ${sections.length - index} more stacks; the log of the workflow run has everything\n`;
    if (body.length + section.length + rest.length > LIMIT) return `${body}${rest}`;
    body += section;
  }
  return body;
}

const runLine = ({ run }: DriftIssuesOptions) => (run === undefined ? '' : ` Found by [this run](${run}).`);
