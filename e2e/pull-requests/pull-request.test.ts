import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubServer } from '@platform/e2e/fixtures/github-server';
import { runCommand } from '@platform/e2e/fixtures/run-command';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { makeStateBuckets } from '@platform/e2e/fixtures/state-buckets';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { runStep, type RanStep, type RunStepOptions } from '@platform/e2e/fixtures/workflow-steps';
import type { RunningEmulator } from '@platform/tools/emulator/start-emulator';

/*
 * The whole path of a pull request, by the shell lines of the workflows, on a repository with a bare remote.
 *
 * @long
 */
jest.setTimeout(900_000);

const workspace = join(__dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'pull request-'));
const remote = join(scratch, 'remote.git');
/** Where people work. */
let root: string;
let emulator: RunningEmulator;
let github: GitHubServer;

const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
const gitIn = (cwd: string, ...args: string[]) =>
  execFileSync('git', [...author, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
const git = (...args: string[]) => gitIn(root, ...args);

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(root, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(root, file), text.replace(from, to));
}

/** In both regions: a difference between them would block. */
function editTopics(from: string, to: string): void {
  for (const region of ['us', 'ap']) edit(`region-${region}/topic/stack.ts`, from, to);
}

beforeAll(async () => {
  root = smallWorkspace(workspace);
  // Settings of an organisation: the shipped ones are examples, by which no workflow deploys.
  edit('infra.config.ts', "management: '444444444444'", "management: '444444444441'");
  const config = join(root, 'infra.config.ts');
  writeFileSync(
    config,
    readFileSync(config, 'utf8')
      .replaceAll('repo:example/', 'repo:acme/')
      .replace(/rollout: \{.*\}/, 'rollout: { waitSec: 1 }'),
  );
  // Two pull requests change two places of a file, which git can merge.
  editTopics('    this.publish(', '    // One.\n    // Two.\n    // Three.\n    this.publish(');
  // The small estate has connections on premises, and no stack that attaches them.
  const waiver = { rule: 'reachability-violated', owner: 'platform', reason: 'a fixture', until: '2999-12-31' };
  writeFileSync(join(root, 'waivers.json'), JSON.stringify([waiver]));
  writeFileSync(join(root, '.gitignore'), 'node_modules\ndist\n.cache\n.nx\n');
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote]);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'first');
  git('remote', 'add', 'origin', remote);
  git('push', '-q', 'origin', 'main');
  github = await new GitHubServer().start();
});
afterAll(() => {
  github?.stop();
  for (const folder of [root, scratch]) rmSync(folder, { recursive: true, force: true });
});

/** A branch with one change, pushed. */
function branch(name: string, change: () => void): string {
  git('checkout', '-q', '-b', name, 'origin/main');
  change();
  git('commit', '-qam', name);
  git('push', '-q', '-f', 'origin', name);
  return git('rev-parse', 'HEAD');
}

let runs = 0;
/** A checkout of a runner, as actions/checkout makes it. */
function checkout(): string {
  const folder = join(scratch, `runner-${++runs}`);
  execFileSync('git', ['clone', '-q', remote, folder]);
  symlinkSync(join(workspace, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

const step = (runner: string, place: RunStepOptions['step'], variables: NodeJS.ProcessEnv): Promise<RanStep> =>
  runStep({
    root: runner,
    step: place,
    variables: {
      AWS_ENDPOINT_URL: emulator.endpoint,
      ENVIRONMENT: 'prod',
      ...github.variables,
      GITHUB_RUN_ID: String(runs),
      ...variables,
      // In the place of AWS, as the workflow says it.
      PLATFORM_TARGET: 'emulator',
    },
  });

/** The workflow "pull-request" on the last commit of a branch, which GitHub has merged with main for it. */
async function reviewPullRequest(
  name: string,
  verdict: '0' | '3' = '0',
): Promise<{ readonly comment: string; readonly head: string }> {
  const runner = checkout();
  const head = gitIn(runner, 'rev-parse', `origin/${name}`);
  gitIn(runner, 'checkout', '-q', '--detach', 'origin/main');
  gitIn(runner, 'merge', '-q', '--no-ff', '-m', `Merge ${name}`, head);
  const event = join(scratch, `event-${runs}.json`);
  const repo = { full_name: 'acme/platform' };
  const base = { sha: gitIn(runner, 'rev-parse', 'origin/main'), ref: 'main', repo };
  writeFileSync(event, JSON.stringify({ pull_request: { number: 1, base, head: { sha: head, repo } } }));
  const variables = {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: event,
    GITHUB_SHA: gitIn(runner, 'rev-parse', 'HEAD'),
    GITHUB_REF: 'refs/pull/1/merge',
  };
  const matrix = await step(runner, ['pull-request.yml', 'affected', 'matrix'], variables);
  expect(matrix).toMatchObject({ code: 0, outputs: { environments: '["prod","staging"]', 'wave-1': '[]' } });
  const reviewed = await step(runner, ['pull-request.yml', 'review', 'review'], {
    ...variables,
    ROLE: '',
    PLATFORM_REVIEW_CHECKER: '',
  });
  expect({ code: reviewed.code, log: reviewed.log, verdict: reviewed.outputs }).toEqual({
    code: 0,
    log: reviewed.log,
    verdict: { code: verdict },
  });
  const files = join(runner, 'dist', 'review', 'prod');
  github.artifacts.set(String(runs), {
    'review-prod': Object.fromEntries(
      readdirSync(files).map((file) => [file, readFileSync(join(files, file), 'utf8')]),
    ),
  });
  mkdirSync(join(runner, 'dist', 'reviews'));
  cpSync(files, join(runner, 'dist', 'reviews', 'review-prod'), { recursive: true });
  const published = await step(runner, ['pull-request.yml', 'publish', 'publish'], variables);
  expect({ code: published.code, log: published.log }).toEqual({ code: 0, log: published.log });
  return { comment: github.comments.at(-1)!.body, head };
}

/** Merges a branch, and gives the runner of the workflow "merge" with what it found reviewed. */
async function merge(name: string, more?: () => void): Promise<{ readonly runner: string; readonly found: RanStep }> {
  git('checkout', '-q', 'main');
  git('merge', '-q', '--no-ff', '-m', `Merge ${name}`, name);
  if (more) {
    more();
    git('commit', '-qa', '--amend', '--no-edit');
  }
  git('push', '-q', 'origin', 'main');
  const merged = git('rev-parse', 'HEAD');
  github.pulls.set(merged, [
    { number: 1, merged_at: '2026-11-30', merge_commit_sha: merged, head: { sha: git('rev-parse', name) } },
  ]);
  const runner = checkout();
  const found = await step(runner, ['merge.yml', 'reviewed', 'reviewed'], { GITHUB_SHA: merged });
  return { runner, found };
}

const deploy = (runner: string) => step(runner, ['merge.yml', 'deploy', 'deploy'], {});

withEmulator('moto', (running) => {
  beforeAll(async () => {
    emulator = running();
    await makeStateBuckets(emulator);
    for (const args of [['plan'], ['deploy']]) {
      const { code, output } = await runCommand(args, { root, emulator });
      expect({ code, output }).toEqual({ code: 0, output });
    }
  });

  test('a pull request is reviewed, commented, merged and deployed as reviewed; the next one is rebased on it', async () => {
    branch('one', () => editTopics("'first'", "'second'"));
    branch('two', () =>
      editTopics('    this.publish(', "    topic.addOverride('tags.two', 'yes');\n    this.publish("),
    );
    const one = await reviewPullRequest('one');
    expect(one.comment).toContain('display_name');
    expect(one.comment).toContain('0 to add, 2 to change, 0 to destroy');
    expect(github.sarifs).toHaveLength(1);

    const first = await merge('one');
    expect(first.found).toMatchObject({ code: 0, outputs: { environments: '["prod"]' } });
    const deployed = await deploy(first.runner);
    expect(deployed.log).toMatch(/^region-us-topic +us +applied +0 +1 +0 /m);
    expect(deployed.code).toBe(0);

    // The branch has moved since it was reviewed, and the comment is that of another commit.
    git('checkout', '-q', 'two');
    git('fetch', '-q');
    git('rebase', '-q', 'origin/main');
    git('push', '-q', '-f', 'origin', 'two');
    const two = await reviewPullRequest('two');
    expect(github.comments).toHaveLength(1);
    expect(two.comment).toContain(two.head.slice(0, 10));
    expect(two.comment).toContain('tags');
    expect(two.comment).not.toContain('display_name');
    const second = await merge('two');
    expect((await deploy(second.runner)).log).toMatch(/^region-us-topic +us +applied +0 +1 +0 /m);
  });

  test('a replacement under a reader blocks, until a waiver names it; then the merge applies it', async () => {
    branch('replacing', () => editTopics("name: 'topic'", "name: 'other'"));
    const blocked = await reviewPullRequest('replacing', '3');
    expect(blocked.comment).toContain('read-resource-replaced');
    const waiver = { owner: 'platform', reason: 'the reader follows at once', until: '2999-12-31' };
    const named = {
      ...waiver,
      rule: 'read-resource-replaced',
      stack: 'region-us-topic',
      address: 'aws_sns_topic.Topic',
    };
    const waivers = JSON.parse(readFileSync(join(root, 'waivers.json'), 'utf8')) as object[];
    writeFileSync(join(root, 'waivers.json'), JSON.stringify([...waivers, named]));
    git('commit', '-qam', 'waive');
    git('push', '-q', 'origin', 'replacing');
    await reviewPullRequest('replacing');
    const { runner, found } = await merge('replacing');
    expect(found).toMatchObject({ code: 0, outputs: { environments: '["prod"]' } });
    const { code, log } = await deploy(runner);
    expect({ code, log }).toEqual({ code: 0, log });
    expect(log).toContain(
      'region-us-topic: the review accepts by name that aws_sns_topic.Topic is destroyed or replaced',
    );
    // One that is replaced counts as changed and as destroyed.
    expect(log).toMatch(/^region-us-topic +us +applied +0 +1 +1 /m);
  });

  test('a merge that does something else than the review shows is refused, and applies nothing', async () => {
    branch('three', () => editTopics("'second'", "'third'"));
    await reviewPullRequest('three');
    const { runner, found } = await merge('three', () => editTopics("'third'", "'fourth'"));
    expect(found.outputs).toEqual({ environments: '["prod"]' });
    const refused = await deploy(runner);
    expect(refused.log).toContain('region-us-topic: aws_sns_topic.Topic: the plan does not do what the review showed');
    expect(refused.code).toBe(1);
    expect(existsSync(join(runner, 'dist/live/emulator/prod/region-us-topic/applied.json'))).toBe(false);
  });

  test('a commit that was pushed after the review is deployed by no workflow', async () => {
    const { found } = await merge(branchAfterReview());
    expect(found.log).toMatch(/prod: the review of pull request 1 is of commit \w{10}, and \w{10} was merged/);
    expect(found).toMatchObject({ code: 1, outputs: { environments: '[]' } });
  });
});

function branchAfterReview(): string {
  branch('four', () => editTopics("'fourth'", "'fifth'"));
  return 'four';
}
