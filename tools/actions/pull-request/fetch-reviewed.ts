import { unzipSync } from 'fflate';
import { readReviewedPlans, reviewedPlansFile, type ReviewedPlans } from '@platform/tools/model/reviewed-plans';
import { sha256 } from '@platform/tools/workspace/file-digests';
import { GitHubError, type GitHubClient } from './github-client';
import { artifactIn, reviewComments } from './review-comment';

/** There is no review that a merge could deploy by. */
export class NotReviewed extends Error {
  override readonly name = 'NotReviewed';
  readonly exitCode = 1;
}

interface PullRequest {
  readonly number: number;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: { readonly sha: string };
}

interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly expired: boolean;
  readonly workflow_run?: { readonly head_sha?: string } | null;
}

export interface FetchedReview {
  readonly pullRequest: number;
  readonly plans: ReviewedPlans;
  /** The file as it was in the artifact. */
  readonly text: string;
}

/**
 * What was reviewed of the pull request that a commit of the default branch merged: the file that the comment names, by
 * its digest.
 * @throws NotReviewed with the reason: no pull request, no review of its last commit, no plans, another file
 */
export async function fetchReviewed(client: GitHubClient, commit: string, environment: string): Promise<FetchedReview> {
  const pulls = await client.list<PullRequest>(`/commits/${commit}/pulls`);
  const pull = pulls.find(({ merged_at, merge_commit_sha }) => merged_at !== null && merge_commit_sha === commit);
  const refuse = (what: string, remedy = 'deploy by hand: plan, review, deploy') =>
    new NotReviewed(`${environment}: ${what}; ${remedy}`);
  if (!pull) throw refuse(`commit ${commit.slice(0, 10)} is of no merged pull request`);
  const { number, head } = pull;
  const comment = (await reviewComments(client, number, environment))[0];
  const said = comment?.body === undefined ? undefined : artifactIn(comment.body, environment);
  const of = `pull request ${number}`;
  if (!said) throw refuse(`${of} has no review`);
  if (said.head !== head.sha) {
    throw refuse(`the review of ${of} is of commit ${said.head.slice(0, 10)}, and ${head.sha.slice(0, 10)} was merged`);
  }
  if (said.plans === null) throw refuse(`${of} was reviewed offline, without plans against the real states`);
  const { artifacts } = await client.get<{ artifacts: readonly Artifact[] }>(
    `/actions/runs/${said.run}/artifacts?name=${encodeURIComponent(said.artifact)}&per_page=100`,
  );
  // A run that was repeated has one for each attempt; the comment is of the last.
  const [artifact] = artifacts
    .filter(({ name, expired }) => name === said.artifact && !expired)
    .sort((one, other) => other.id - one.id);
  if (!artifact) throw refuse(`the artifact ${said.artifact} of run ${said.run} has expired or does not exist`);
  if ((artifact.workflow_run?.head_sha ?? head.sha) !== head.sha) {
    throw refuse(`the artifact ${said.artifact} of run ${said.run} is of another commit`);
  }
  const text = fileIn(await client.bytes(`/actions/artifacts/${artifact.id}/zip`), reviewedPlansFile);
  if (text === undefined) throw refuse(`the artifact ${said.artifact} has no ${reviewedPlansFile}`);
  if (sha256(text) !== said.plans) {
    throw refuse(`${reviewedPlansFile} of the artifact is not the one whose digest the review of ${of} shows`);
  }
  const plans = readReviewedPlans(text, `${reviewedPlansFile} of ${of}`);
  if (plans.environment !== environment) throw refuse(`the review of ${of} is of the environment ${plans.environment}`);
  if (plans.verdict === 'blocked' || plans.verdict === 'failed') {
    throw refuse(`the review of ${of} is ${plans.verdict}`);
  }
  return { pullRequest: number, plans, text };
}

/** A file at any depth of an archive. @throws GitHubError where it is no archive */
function fileIn(archive: Uint8Array, name: string): string | undefined {
  try {
    const files = unzipSync(archive, { filter: (file) => file.name === name || file.name.endsWith(`/${name}`) });
    const [found] = Object.values(files);
    return found && Buffer.from(found).toString('utf8');
  } catch {
    throw new GitHubError(`GitHub: the artifact is no ZIP archive; repeat the job`, 200);
  }
}
