import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import { commentMarker } from '@platform/tools/actions/review/markdown';
import { reviewedPlansFile } from '@platform/tools/model/reviewed-plans';
import { sha256 } from '@platform/tools/workspace/file-digests';
import type { GitHubClient } from './github-client';

/** Most characters of a comment. */
const LIMIT = 65_536;

/** What the comment of a review says of its files, so that a merge finds what was reviewed. */
export interface ReviewArtifact {
  /** Id of the workflow run. */
  readonly run: string;
  /** Name of the artifact of that run that has the files of the review. */
  readonly artifact: string;
  /** Commit of the branch. */
  readonly head: string;
  /** SHA-256 of `reviewed-plans.json`; null for a review without plans against real states. */
  readonly plans: string | null;
}

export interface ReviewCommentOptions {
  readonly environment: string;
  /** Files of the review: `dist/review/<environment>`. */
  readonly folder: string;
  readonly run: string;
  readonly artifact: string;
  readonly head: string;
  /** `https://github.com` */
  readonly server: string;
  readonly repository: string;
}

const published = ['index.html', 'review.json', 'review.sarif', reviewedPlansFile];

/**
 * The review with the digests of its files and where they are, never longer than a comment may be: lines at the end go
 * first, and blocks and destroys are at its beginning.
 * @throws WrongUse where there is no review
 */
export function reviewComment(options: ReviewCommentOptions): string {
  const { environment, folder, run, artifact, head, server, repository } = options;
  const file = join(folder, 'review.md');
  if (!existsSync(file)) throw new WrongUse(`${file}: does not exist; run npx platform review -c ${environment} first`);
  const digests = published
    .filter((name) => existsSync(join(folder, name)))
    .map((name) => [name, sha256(readFileSync(join(folder, name)))] as const);
  const plans = new Map(digests).get(reviewedPlansFile) ?? null;
  const footer = [
    '',
    '<details>',
    `<summary>Files of this review: artifact ${artifact} of commit ${head.slice(0, 10)}</summary>`,
    '',
    `[Download it](${server}/${repository}/actions/runs/${run}#artifacts), and open \`index.html\`.`,
    plans === null
      ? 'Planned offline, without real states: a merge deploys nothing by this review.'
      : `A merge deploys what \`${reviewedPlansFile}\` of this review shows, and refuses everything else.`,
    '',
    '| file | SHA-256 |',
    '|---|---|',
    ...digests.map(([name, digest]) => `| ${name} | \`${digest}\` |`),
    '',
    '</details>',
    artifactMark(environment, { run, artifact, head, plans }),
    '',
  ].join('\n');
  return `${cut(readFileSync(file, 'utf8'), LIMIT - footer.length)}${footer}`;
}

/** The first lines that have room; a fence and sections that are open then are closed. */
function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  const note = '\n\nLeft out for length: the rest. `index.html` has everything.\n';
  const kept: string[] = [];
  let used = note.length;
  let fence = '';
  let sections = 0;
  const closing = () => `${fence === '' ? '' : `\n${fence}`}${'\n</details>'.repeat(sections)}`;
  for (const line of text.split('\n')) {
    const [opened] = /^`{3,}/.exec(line) ?? [''];
    const before = { fence, sections };
    if (fence === '' && opened !== '') fence = opened;
    else if (fence !== '' && line === fence) fence = '';
    else if (fence === '' && line === '<details>') sections++;
    else if (fence === '' && line === '</details>') sections--;
    used += line.length + 1;
    if (used + closing().length > room) {
      ({ fence, sections } = before);
      break;
    }
    kept.push(line);
  }
  return `${kept.join('\n')}${closing()}${note}`;
}

const artifactMark = (environment: string, artifact: ReviewArtifact) =>
  `<!-- platform-review-artifact:${environment} ${JSON.stringify(artifact)} -->`;

/** What {@link reviewComment} wrote of the files; undefined where it is not there or damaged. */
export function artifactIn(body: string, environment: string): ReviewArtifact | undefined {
  const start = `<!-- platform-review-artifact:${environment} `;
  const line = body.split('\n').findLast((each) => each.startsWith(start) && each.trimEnd().endsWith(' -->'));
  if (line === undefined) return undefined;
  try {
    const found = JSON.parse(line.trimEnd().slice(start.length, -' -->'.length)) as ReviewArtifact;
    const isWhole =
      /^\d+$/.test(found.run) &&
      /^[\w.-]+$/.test(found.artifact) &&
      /^[0-9a-f]{40,64}$/.test(found.head) &&
      (found.plans === null || /^[0-9a-f]{64}$/.test(found.plans));
    return isWhole ? found : undefined;
  } catch {
    return undefined;
  }
}

/** A comment of a pull request, as far as it is read. */
interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly html_url?: string;
  readonly user: { readonly type: string } | null;
}

/**
 * The comments that workflows wrote on the review of an environment, oldest first. Those of people do not count: anybody
 * may write the marker.
 */
export async function reviewComments(
  client: GitHubClient,
  pullRequest: number,
  environment: string,
): Promise<Comment[]> {
  const comments = await client.list<Comment>(`/issues/${pullRequest}/comments`);
  const marker = commentMarker(environment);
  return comments.filter(({ body, user }) => user?.type === 'Bot' && body?.startsWith(marker));
}

/** Writes the comment of an environment, over the one that is there. @returns its address */
export async function writeReviewComment(
  client: GitHubClient,
  pullRequest: number,
  environment: string,
  body: string,
): Promise<string> {
  const [present] = await reviewComments(client, pullRequest, environment);
  const { html_url: address } = present
    ? await client.patch<Comment>(`/issues/comments/${present.id}`, { body })
    : await client.post<Comment>(`/issues/${pullRequest}/comments`, { body });
  return address ?? `pull request ${pullRequest}`;
}
