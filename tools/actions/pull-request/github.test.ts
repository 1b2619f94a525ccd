import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GitHubServer } from '@platform/e2e/fixtures/github-server';
import type { DriftedStack } from '@platform/tools/actions/drift/drift-estate';
import { commentMarker } from '@platform/tools/actions/review/markdown';
import { sha256 } from '@platform/tools/workspace/file-digests';
import { writeDriftIssues } from './drift-issues';
import { fetchReviewed } from './fetch-reviewed';
import { GitHubClient } from './github-client';
import { artifactIn, reviewComment, writeReviewComment } from './review-comment';
import { uploadSarif } from './upload-sarif';

let server: GitHubServer;
const folder = mkdtempSync(join(tmpdir(), 'review comment-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => void (server = await new GitHubServer().start()));
afterEach(() => server.stop());

const client = (variables: NodeJS.ProcessEnv = {}, patienceSec = 5) =>
  new GitHubClient({ variables: { ...server.variables, ...variables }, patienceSec });
const head = 'a'.repeat(40);
const merged = 'b'.repeat(40);
const bodyOf = (environment = 'prod') =>
  reviewComment({
    environment,
    folder,
    run: '7',
    artifact: `review-${environment}`,
    head,
    server: 'https://github.com',
    repository: 'example/platform',
  });

describe('the client', () => {
  it('names every variable that is missing before it calls', () => {
    expect(() => client({ GITHUB_TOKEN: '', GITHUB_REPOSITORY: 'platform' })).toThrow(
      /GITHUB_TOKEN: .*\nGITHUB_REPOSITORY: "platform"/,
    );
  });

  it('says what to do where the token may not write', async () => {
    server.canned.push({ status: 403, body: { message: 'Resource not accessible by integration' } });
    await expect(client().post('/issues/1/comments', { body: '' })).rejects.toThrow(
      /^GitHub: POST \/issues\/1\/comments: 403 Resource not accessible by integration; .*permission/,
    );
    expect(server.calls).toHaveLength(1);
  });

  it.each([
    ['retry-after', { status: 403, headers: { 'retry-after': '0.05' } }],
    ['429', { status: 429, headers: { 'retry-after': '0.05' } }],
    [
      'x-ratelimit-reset',
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${Math.floor(Date.now() / 1000)}` },
      },
    ],
  ])('waits as long as a rate limit says (%s), and repeats', async (_, canned) => {
    server.canned.push(canned);
    await client().post('/issues', { title: 'one', body: '' });
    expect(server.calls).toEqual(['POST /issues', 'POST /issues']);
    expect(server.issues).toHaveLength(1);
  });

  it('gives up on a rate limit that is longer than its patience, and says how long it is', async () => {
    server.canned.push({ status: 403, headers: { 'retry-after': '3000' } });
    await expect(client().get('/issues')).rejects.toThrow(/rate limit for another 3000 s/);
  });

  it('repeats a read after an outage, and never a write, which may have worked', async () => {
    server.canned.push({ status: 502 });
    await expect(client().list('/issues?state=open')).resolves.toEqual([]);
    server.canned.push({ status: 502 });
    await expect(client().post('/issues', { title: 'one', body: '' })).rejects.toThrow(/502.*repeat the job/);
    expect(server.issues).toHaveLength(0);
  });
});

describe('the comment of a review', () => {
  beforeEach(() => {
    writeFileSync(join(folder, 'review.md'), `${commentMarker('prod')}\n## Plan review of prod\n`);
    writeFileSync(join(folder, 'reviewed-plans.json'), '{}');
    writeFileSync(join(folder, 'index.html'), '<html>');
  });

  it('is updated in place, on the second page of comments too, and other comments stay', async () => {
    const marker = commentMarker('prod');
    for (let id = 1000; id < 1150; id++) {
      server.comments.push({
        id,
        user: { login: 'reviewer', type: 'User' },
        body: id === 1000 ? `${marker}\nquoted` : 'hm',
      });
    }
    await writeReviewComment(client(), 1, 'prod', bodyOf());
    await writeReviewComment(client(), 1, 'staging', `${commentMarker('staging')}\nstaging`);
    await writeReviewComment(client(), 1, 'prod', `${marker}\nsecond`);
    expect(server.comments).toHaveLength(152);
    expect(server.comments.slice(150).map(({ body }) => body)).toEqual([
      `${marker}\nsecond`,
      `${commentMarker('staging')}\nstaging`,
    ]);
    expect(server.comments[0]!.body).toBe(`${marker}\nquoted`);
  });

  it('has the digest of each file, which a merge reads', () => {
    expect(bodyOf()).toContain(`| index.html | \`${sha256('<html>')}\` |`);
    expect(artifactIn(bodyOf(), 'prod')).toEqual({ run: '7', artifact: 'review-prod', head, plans: sha256('{}') });
    expect(artifactIn(bodyOf(), 'staging')).toBeUndefined();
  });

  it('stays below the limit, with fences and sections closed, and keeps its beginning and its digests', () => {
    const section = [
      '<details>',
      '<summary>s</summary>',
      '',
      '````diff',
      'x'.repeat(40_000),
      '``',
      '````',
      '',
      '</details>',
    ];
    writeFileSync(join(folder, 'review.md'), [commentMarker('prod'), 'BLOCK', ...section, ...section].join('\n'));
    const body = bodyOf();
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.startsWith(`${commentMarker('prod')}\nBLOCK`)).toBe(true);
    expect(body.match(/^<details>$/gm)).toHaveLength(body.match(/^<\/details>$/gm)!.length);
    expect(body.match(/^````/gm)!.length % 2).toBe(0);
    expect(artifactIn(body, 'prod')?.run).toBe('7');
  });
});

describe('what was reviewed of a merged pull request', () => {
  const plans = JSON.stringify({
    format: 2,
    environment: 'prod',
    target: 'aws',
    commit: head,
    stacks: { a: { b: 'c' } },
    verdict: 'changes',
    accepted: {},
  });
  beforeEach(async () => {
    writeFileSync(join(folder, 'review.md'), commentMarker('prod'));
    writeFileSync(join(folder, 'reviewed-plans.json'), plans);
    server.pulls.set(merged, [{ number: 1, merged_at: '2026-11-30', merge_commit_sha: merged, head: { sha: head } }]);
    server.artifacts.set('7', { 'review-prod': { 'index.html': '', 'reviewed-plans.json': plans } });
    await writeReviewComment(client(), 1, 'prod', bodyOf());
  });
  const fetched = (environment = 'prod') => fetchReviewed(client(), merged, environment);

  it('is the file of the artifact whose digest the comment shows', async () => {
    await expect(fetched()).resolves.toMatchObject({
      pullRequest: 1,
      text: plans,
      plans: { stacks: { a: { b: 'c' } } },
    });
  });

  it.each<[string, RegExp, () => void]>([
    [
      'another file',
      /not the one whose digest/,
      () => server.artifacts.set('7', { 'review-prod': { 'reviewed-plans.json': '{}' } }),
    ],
    [
      'an artifact without the file',
      /has no reviewed-plans/,
      () => server.artifacts.set('7', { 'review-prod': { a: '' } }),
    ],
    ['an artifact that has expired', /expired or does not exist/, () => server.artifacts.clear()],
    ['a commit without a pull request', /no merged pull request/, () => server.pulls.clear()],
    [
      'a commit that was pushed after the review',
      /is of commit aaaaaaaaaa, and cccccccccc was merged/,
      () =>
        server.pulls.set(merged, [
          { number: 1, merged_at: '2026-11-30', merge_commit_sha: merged, head: { sha: 'c'.repeat(40) } },
        ]),
    ],
    ['no comment', /has no review/, () => server.comments.splice(0)],
    [
      'the comment of a person',
      /has no review/,
      () => server.comments.splice(0, 1, { id: 1, user: { login: 'x', type: 'User' }, body: bodyOf() }),
    ],
  ])('is refused for %s', async (_, reason, change) => {
    change();
    await expect(fetched()).rejects.toThrow(reason);
  });

  it.each(['blocked', 'failed'])('is refused for a review that is %s', async (verdict) => {
    const text = JSON.stringify({ ...JSON.parse(plans), verdict });
    writeFileSync(join(folder, 'reviewed-plans.json'), text);
    server.artifacts.set('7', { 'review-prod': { 'reviewed-plans.json': text } });
    await writeReviewComment(client(), 1, 'prod', bodyOf());
    await expect(fetched()).rejects.toThrow(`the review of pull request 1 is ${verdict}`);
  });

  it('is refused for an offline review', async () => {
    rmSync(join(folder, 'reviewed-plans.json'));
    await writeReviewComment(client(), 1, 'prod', bodyOf());
    await expect(fetched()).rejects.toThrow(/reviewed offline/);
  });
});

describe('issues of a drift check', () => {
  const stack = (name: string, owner: string, more: Partial<DriftedStack> = {}): DriftedStack => ({
    stack: name,
    project: name,
    owner,
    deployed: true,
    drift: [],
    operational: [],
    ...more,
  });
  const gone = { address: 'aws_vpc.Network', type: 'aws_vpc', action: 'delete' as const, arguments: [], changes: [] };
  const write = (stacks: readonly DriftedStack[]) =>
    writeDriftIssues(client(), {
      environment: 'prod',
      stacks,
      githubOrganisation: 'example',
      remedy: ({ project }) => [`plan ${project}`],
    });

  it('are one for each owner with drift, updated in place, and closed once it is clean', async () => {
    server.issues.push({ number: 900, user: { type: 'User' }, title: 'Drift', body: '', state: 'open' });
    const drifted = [
      stack('a', 'network', { drift: [gone] }),
      stack('b', 'edge'),
      stack('c', 'platform', { error: 'no answer' }),
    ];
    await write(drifted);
    const results = await write(drifted);
    expect(results.map(({ owner, result }) => `${owner} ${result}`)).toEqual([
      'edge none',
      'network updated',
      'platform updated',
    ]);
    expect(server.issues.map(({ title, state }) => `${title} ${state}`)).toEqual([
      'Drift open',
      'Drift in prod: network open',
      'Drift in prod: platform open',
    ]);
    expect(server.issues[1]!.body).toContain('aws_vpc.Network does not exist');
    await write([stack('a', 'network'), stack('c', 'platform', { error: 'no answer' })]);
    expect(server.issues.map(({ state }) => state)).toEqual(['open', 'closed', 'open']);
  });

  it('are closed for an owner who has no stack any more', async () => {
    await write([stack('a', 'network', { drift: [gone] })]);
    await write([stack('b', 'edge')]);
    expect(server.issues.map(({ state }) => state)).toEqual(['closed']);
  });

  it('stay below the limit of GitHub', async () => {
    const many = Array.from({ length: 400 }, (_, index) => stack(`s${index}`, 'network', { error: 'x'.repeat(600) }));
    await write(many);
    expect(server.issues[0]!.body.length).toBeLessThanOrEqual(65_536);
    expect(server.issues[0]!.body).toMatch(/and \d+ more stacks/);
  });
});

describe('findings', () => {
  it('are given to code scanning, packed', async () => {
    await expect(uploadSarif(client(), { sarif: '{"runs":[]}', commit: head, ref: 'refs/pull/1/merge' })).resolves.toBe(
      true,
    );
    const [given] = server.sarifs;
    expect(gunzipSync(Buffer.from(given!.sarif, 'base64')).toString()).toBe('{"runs":[]}');
  });

  it('are left in the artifact where the repository has no code scanning; other refusals are errors', async () => {
    const give = () => uploadSarif(client(), { sarif: '', commit: head, ref: 'refs/pull/1/merge' });
    server.canned.push({ status: 403, body: { message: 'Code scanning is not enabled for this repository.' } });
    await expect(give()).resolves.toBe(false);
    server.canned.push({ status: 403, body: { message: 'Resource not accessible by integration' } });
    await expect(give()).rejects.toThrow(/permission/);
  });
});
