import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import { compareRevisions } from '@platform/tools/actions/change/affected';
import type { StackPair } from '@platform/tools/actions/change/compare-estates';
import type { DriftedStack } from '@platform/tools/actions/drift/drift-estate';
import { previewCache } from '@platform/tools/actions/plan/preview-estate';
import { writeDriftIssues } from '@platform/tools/actions/pull-request/drift-issues';
import { fetchReviewed, NotReviewed } from '@platform/tools/actions/pull-request/fetch-reviewed';
import { GitHubClient } from '@platform/tools/actions/pull-request/github-client';
import { fillPreviews, previewParts } from '@platform/tools/actions/pull-request/preview-parts';
import { pullRequestEvent } from '@platform/tools/actions/pull-request/pull-request-event';
import { reviewComment, writeReviewComment } from '@platform/tools/actions/pull-request/review-comment';
import { uploadSarif } from '@platform/tools/actions/pull-request/upload-sarif';
import { workflowRole, type RoleUse } from '@platform/tools/actions/pull-request/workflow-role';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { stopOnSignal } from '@platform/tools/terraform/stop-on-signal';
import { findRoot } from '@platform/tools/workspace/find-root';
import { loadCheckedSettings } from '@platform/tools/workspace/load-estate';
import { chosenEnvironment } from './estate-options';
import { print, talk } from './output';

export interface CiOptions {
  readonly configuration?: string;
}

/** Waves of `.github/workflows/pull-request.yml`. */
const WAVES = 3;

/**
 * Prints what the jobs of a pull request are made from, as outputs of a step: `environments` and, for many stacks,
 * `wave-1` to `wave-3`.
 */
export async function matrixCommand({ perRunner }: { readonly perRunner?: string }): Promise<number> {
  const root = findRoot();
  if (perRunner !== undefined && !/^[1-9]\d{0,3}$/.test(perRunner)) {
    throw new WrongUse(`--per-runner: "${perRunner}" is not a number of stacks; use a whole number, such as 20`);
  }
  const names = Object.keys(loadCheckedSettings(root).settings.environments);
  const pairs = new Map<string, readonly StackPair[]>();
  for (const environment of names) {
    const compared = await stopOnSignal((signal) => compareRevisions({ root, environment, note: talk, signal }));
    pairs.set(environment, compared.pairs);
  }
  print(`environments=${JSON.stringify(names)}`);
  const waves = previewParts(pairs, { waves: WAVES, ...(perRunner ? { perRunner: Number(perRunner) } : {}) });
  for (const [index, parts] of waves.entries()) print(`wave-${index + 1}=${JSON.stringify(parts)}`);
  return 0;
}

/** Previews stacks into `.cache/previews`. What cannot be planned is told by the review. */
export async function previewsCommand(stacks: readonly string[], options: CiOptions): Promise<number> {
  const root = findRoot();
  await stopOnSignal((signal) =>
    fillPreviews({
      root,
      ...chosenEnvironment(options),
      stacks,
      cache: previewCache(root),
      signal,
      progress: { finished: ({ stack, outcome }) => talk(`${stack} ${outcome.status}`) },
    }),
  );
  return 0;
}

/** Prints the role that a workflow may assume, as outputs of a step: `name`, `arn`; none where there is no role. */
export function roleCommand(use: RoleUse, options: CiOptions): number {
  const root = findRoot();
  const { name, estate } = environmentOf(root, options);
  const role = workflowRole(estate, name, use);
  if (typeof role === 'string') talk(`${name}: no role to ${use}: ${role}; docs/pull-requests.md says how to add one`);
  else print(`name=${role.name}\narn=${role.arn}`);
  return 0;
}

export interface CommentOptions extends CiOptions {
  /** Folder of the review. Default: `dist/review/<environment>`. */
  readonly review?: string;
  /** Default: `review-<environment>`. */
  readonly artifact?: string;
}

/**
 * Writes the review as the comment of the pull request, over the one that is there. Runs of forks may not: there the
 * summary of the job has the review.
 */
export async function commentCommand(options: CommentOptions): Promise<number> {
  const root = findRoot();
  const { name: environment } = environmentOf(root, options);
  const { number, head, isFork } = pullRequestEvent();
  const variables = process.env;
  const body = reviewComment({
    environment,
    folder: options.review ?? join(root, 'dist', 'review', environment),
    run: variables['GITHUB_RUN_ID'] ?? '0',
    artifact: options.artifact ?? `review-${environment}`,
    head,
    server: variables['GITHUB_SERVER_URL'] ?? 'https://github.com',
    repository: variables['GITHUB_REPOSITORY'] ?? '',
  });
  if (variables['GITHUB_STEP_SUMMARY']) appendFileSync(variables['GITHUB_STEP_SUMMARY'], body);
  if (isFork) {
    talk(`pull request ${number} is from a fork, whose runs may not comment: the review is in the summary of the job`);
    return 0;
  }
  return withClient(async (client) => {
    talk(`review written to ${await writeReviewComment(client, number, environment, body)}`);
    return 0;
  });
}

export interface SarifOptions extends CiOptions {
  /** File. Default: `dist/review/<environment>/review.sarif`. */
  readonly file?: string;
}

/** Gives the findings of a review to code scanning. Says so where the repository has none. */
export async function sarifCommand(options: SarifOptions): Promise<number> {
  const root = findRoot();
  const { name } = environmentOf(root, options);
  const file = options.file ?? join(root, 'dist', 'review', name, 'review.sarif');
  const sarif = readGiven(file, `npx platform review -c ${name}`);
  const { GITHUB_SHA: commit = '', GITHUB_REF: ref = '' } = process.env;
  if (process.env['GITHUB_EVENT_NAME'] === 'pull_request' && pullRequestEvent().isFork) {
    talk('the pull request is from a fork, whose runs may not write findings: the artifact has the SARIF file');
    return 0;
  }
  return withClient(async (client) => {
    const done = await uploadSarif(client, { sarif, commit, ref });
    talk(
      done ? 'findings given to code scanning' : 'the repository has no code scanning: the artifact has the SARIF file',
    );
    return 0;
  });
}

export interface ReviewedOptions {
  /** Commit of the default branch. Default: `GITHUB_SHA`. */
  readonly commit?: string;
  /** Folder that is written. */
  readonly output: string;
}

/**
 * Finds what was reviewed of the pull request that a commit merged, for each environment that a workflow may deploy:
 * `<environment>.json` for `--reviewed`, and `<environment>.stacks`, a stack a line. Prints the environments with
 * changes as an output of a step.
 * @returns 1 where an environment has no review that can be deployed
 */
export async function reviewedCommand({
  commit = process.env['GITHUB_SHA'],
  output,
}: ReviewedOptions): Promise<number> {
  if (!commit || !/^[0-9a-f]{7,64}$/.test(commit)) {
    throw new WrongUse(`--commit: "${commit ?? ''}" is not the id of a commit; name the merged commit`);
  }
  const estate = loadCheckedSettings(findRoot());
  return withClient(async (client) => {
    mkdirSync(output, { recursive: true });
    const changed: string[] = [];
    let refused = 0;
    for (const environment of Object.keys(estate.settings.environments)) {
      const role = workflowRole(estate, environment, 'deploy');
      if (typeof role === 'string') {
        talk(`${environment}: not deployed by workflows: ${role}`);
        continue;
      }
      try {
        const { pullRequest, plans, text } = await fetchReviewed(client, commit, environment);
        const stacks = Object.keys(plans.stacks);
        talk(`${environment}: the review of pull request ${pullRequest} changes ${stacks.length} stacks`);
        writeFileSync(join(output, `${environment}.json`), text);
        writeFileSync(join(output, `${environment}.stacks`), stacks.map((stack) => `${stack}\n`).join(''));
        if (stacks.length > 0) changed.push(environment);
      } catch (error) {
        if (!(error instanceof NotReviewed)) throw error;
        talk(error.message);
        refused++;
      }
    }
    print(`environments=${JSON.stringify(changed)}`);
    return refused > 0 ? 1 : 0;
  });
}

export interface IssuesOptions extends CiOptions {
  /** Output of `drift --json`. */
  readonly drift: string;
}

/** Writes an issue per owner of what a drift check found. */
export async function issuesCommand(options: IssuesOptions): Promise<number> {
  const { name: environment, estate } = environmentOf(findRoot(), options);
  const { organisation, githubOrganisation = organisation } = estate.settings;
  const command = `npx platform drift -c ${environment} --target aws --json`;
  const stacks = driftIn(readGiven(options.drift, command), options.drift, command);
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const place = { options: { target: { name: 'aws' as const }, environment: { name: environment } } };
  return withClient(async (client) => {
    const issues = await writeDriftIssues(client, {
      environment,
      stacks,
      githubOrganisation,
      remedy: ({ project, stack, removed }) =>
        removed
          ? [commandLine(place, 'destroy', '--removed', stack)]
          : [commandLine(place, 'plan', project), commandLine(place, 'deploy', project)],
      ...(server && repository && run ? { run: `${server}/${repository}/actions/runs/${run}` } : {}),
    });
    for (const { owner, result, issue } of issues) talk(`${owner}: ${issue ? `issue ${issue} ${result}` : 'no drift'}`);
    return 0;
  });
}

/** @throws WrongUse where the text is no list of stacks */
function driftIn(text: string, file: string, command: string): DriftedStack[] {
  const refusal = new WrongUse(`${file}: is not the output of "${command}"; look at the log of that step`);
  try {
    const stacks = JSON.parse(text) as Partial<DriftedStack>[];
    const isOne = ({ stack, owner, drift }: Partial<DriftedStack>) =>
      typeof stack === 'string' && typeof owner === 'string' && Array.isArray(drift);
    if (!Array.isArray(stacks) || !stacks.every(isOne)) throw refusal;
    return stacks as DriftedStack[];
  } catch (error) {
    throw error === refusal ? error : refusal;
  }
}

function environmentOf(root: string, options: CiOptions) {
  const estate = loadCheckedSettings(root);
  const { environment = Object.keys(estate.settings.environments)[0]! } = chosenEnvironment(options);
  return { name: environment, estate };
}

function readGiven(file: string, command: string): string {
  if (!existsSync(file)) throw new WrongUse(`${file}: does not exist; run ${command} first`);
  return readFileSync(file, 'utf8');
}

function withClient(work: (client: GitHubClient) => Promise<number>): Promise<number> {
  return stopOnSignal((signal) => work(new GitHubClient({ note: talk, signal })));
}
