import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanJson } from '@platform/tools/model/plan';
import { reviewSchema, type Review } from '@platform/tools/model/review';
import { riskRules } from '@platform/tools/model/risk/judge';
import { samplePlan, sampleSecrets } from '@platform/tools/model/testing/sample-plan';
import { findRoot } from '@platform/tools/workspace/find-root';
import { assembleReview, failedStack, reviewStack, type ReviewedStack, type StackFacts } from './assemble-review';
import { markdownOf } from './markdown';
import { reviewReference } from './reference';
import { sarifOf } from './sarif';
import { terminalText } from './terminal';

const facts = (stack: string, region = 'us'): StackFacts => ({
  stack,
  project: `region-${region}/app`,
  region,
  awsRegion: null,
  owner: 'application',
  account: 'workload',
  reads: [],
  status: 'changed',
  reasons: [],
  source: null,
  assumed: [],
});

function reviewOf(stacks: readonly ReviewedStack[]): Review {
  return assembleReview(stacks, {
    environment: 'prod',
    level: 'standby',
    mode: 'active-passive',
    target: 'preview',
    base: { ref: 'main', commit: '0123456789abcdef' },
    head: { commit: 'fedcba9876543210', dirty: true },
    affected: null,
    assumptions: [],
    reachability: { gained: [{ from: 'us/vpc', to: 'ap/vpc' }], lost: [] },
    parity: [],
    configurations: new Map(),
    standbys: [],
    violations: [],
    broken: [],
    dependencies: [],
    unrehearsed: [],
    resilience: null,
    undeclared: [],
    githubOrganisation: 'example',
    waivers: [],
    today: '2026-11-30',
  });
}

const sample = () =>
  reviewOf([
    reviewStack(facts('region-us-app'), samplePlan(), null),
    reviewStack(facts('region-ap-app', 'ap'), samplePlan(), null),
    failedStack({ ...facts('global-data'), project: 'global/data' }, ['Error: it does not work\n  in main.tf line 1']),
  ]);

/** Many plans that destroy and replace much, with long values. */
function many(stacks: number): Review {
  const changes = (stack: number) =>
    Array.from({ length: 40 }, (_, index) => ({
      address: `aws_dynamodb_table.TableWithALongName${stack}_${index}`,
      type: 'aws_dynamodb_table',
      mode: 'managed',
      change: {
        actions: index % 2 === 0 ? ['delete'] : ['update'],
        before: { name: 'x'.repeat(400), read_capacity: 5 },
        after: index % 2 === 0 ? null : { name: `${'x'.repeat(400)}${index}`, read_capacity: 1 },
      },
    }));
  return reviewOf(
    Array.from({ length: stacks }, (_, stack) =>
      reviewStack(
        { ...facts(`stack-${stack}`), project: null, region: null },
        { resource_changes: changes(stack) } as unknown as PlanJson,
        null,
      ),
    ),
  );
}

test('review.json follows its schema', () => {
  expect(reviewSchema.safeParse(JSON.parse(JSON.stringify(sample()))).error).toBeUndefined();
});

test('the published schema and the page of rules are those of the code', () => {
  for (const [file, text] of Object.entries(reviewReference())) {
    expect(readFileSync(join(findRoot(__dirname), file), 'utf8')).toBe(text);
  }
});

test('no form of the review has a sensitive value', () => {
  const review = sample();
  for (const text of [
    markdownOf(review),
    terminalText(review),
    JSON.stringify(sarifOf(review)),
    JSON.stringify(review),
  ]) {
    for (const secret of sampleSecrets) expect(text).not.toContain(secret);
  }
});

test('counterparts that change alike are one entry', () => {
  const { groups } = sample();
  expect(groups.map(({ name, stacks }) => [name, stacks])).toEqual([
    ['app', ['region-us-app', 'region-ap-app']],
    ['global-data', ['global-data']],
  ]);
  expect(groups[0]!.entries).toHaveLength(samplePlan().resource_changes!.length);
  expect(groups[0]!.entries.every(({ stacks, differs }) => stacks.length === 2 && differs.length === 0)).toBe(true);
});

test('the same risk in both regions blocks', () => {
  const block = sample().findings.filter(({ rule }) => rule === 'both-regions-at-risk');
  expect(block.map(({ what }) => what)).toContain(
    'stateful-destroy of aws_s3_bucket.Gone is found in region-us-app and region-ap-app',
  );
});

test('a stack that failed decides the verdict, else a block, else the changes', () => {
  const of = (plan: object) => reviewOf([reviewStack(facts('a'), plan as PlanJson, null)]).verdict;
  const change = (actions: string[], type = 'aws_sns_topic') => ({
    resource_changes: [{ address: `${type}.A`, type, mode: 'managed', change: { actions } }],
  });
  expect(sample().verdict).toBe('failed');
  expect(of(change(['delete'], 'aws_dynamodb_table'))).toBe('blocked');
  expect(of(change(['create']))).toBe('changes');
  expect(of(change(['no-op']))).toBe('no changes');
});

test('approval is asked of the owners of what the plans touch', () => {
  expect(sample().approvals).toEqual([
    expect.objectContaining({
      team: '@example/application',
      stacks: ['region-us-app', 'region-ap-app', 'global-data'],
    }),
  ]);
});

test('terminal lines are at most 100 columns wide', () => {
  for (const review of [sample(), many(3)]) {
    const wide = terminalText(review)
      .split('\n')
      .filter((line) => line.length > 100);
    expect(wide).toEqual([]);
  }
});

test.each([1, 30, 500])('the comment on %i plans has room on GitHub, and names what is destroyed', (count) => {
  const review = many(count);
  const text = markdownOf(review);
  expect(text.length).toBeLessThan(65_536);
  expect(Buffer.byteLength(text)).toBeLessThan(65_536);
  expect(text).toContain(`${count * 20} destroyed, 0 replaced`);
  // By address, as long as that is possible; then by stack; then by type.
  if (count === 1) expect(text.match(/- DESTROY/g)).toHaveLength(20);
  if (count === 30) expect(text).toContain('TableWithALongName29_38');
  expect(text).toMatch(/aws_dynamodb_table/);
});

test('500 plans are reviewed, and each output has all of their counts', () => {
  const review = many(500);
  const { add, destroy } = review.counts;
  expect(review.stacks).toHaveLength(500);
  for (const text of [markdownOf(review), terminalText(review)]) {
    expect(text).toContain(`${add} to add`);
    expect(text).toContain(`${destroy} to destroy`);
  }
  const { runs } = sarifOf(review) as { runs: { results: unknown[] }[] };
  expect(runs[0]!.results.length).toBeGreaterThanOrEqual(review.findings.length);
});

test('text of a plan becomes neither Markdown nor HTML', () => {
  const address = 'aws_sns_topic.A["</summary><img src=x> ``` @octocat"]';
  const plan = {
    resource_changes: [
      {
        address,
        type: 'aws_sns_topic',
        mode: 'managed',
        change: { actions: ['update'], before: { a: '```' }, after: { a: '</details>' } },
      },
    ],
  };
  const text = markdownOf(reviewOf([reviewStack(facts('a'), plan as unknown as PlanJson, null)]));
  const outside = text.replaceAll(/(`{3,})diff\n[^]*?\n\1/g, '');
  expect(outside).not.toMatch(/<img|@octocat|<\/summary><img/);
  expect(text.match(/<\/details>\n?$/gm)!.length).toBe(text.match(/^<details>/gm)!.length);
});

test('SARIF has a rule and a place for every result, and suppresses what is waived', () => {
  const review = sample();
  const waived = {
    ...review,
    findings: review.findings.map((finding, index) =>
      index === 0 ? { ...finding, waiver: { owner: 'a', reason: 'b', until: '2027-01-01', expired: false } } : finding,
    ),
  };
  const { runs, version } = sarifOf(waived) as {
    version: string;
    runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, never>[] }[];
  };
  expect(version).toBe('2.1.0');
  const [run] = runs;
  expect(run!.tool.driver.rules.map(({ id }) => id)).toEqual(riskRules.map(({ id }) => id));
  expect(run!.results).toHaveLength(review.findings.length);
  for (const result of run!.results as unknown as {
    ruleId: string;
    ruleIndex: number;
    level: string;
    message: { text: string };
    locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
  }[]) {
    expect(run!.tool.driver.rules[result.ruleIndex]!.id).toBe(result.ruleId);
    expect(['error', 'warning', 'note']).toContain(result.level);
    expect(result.message.text).not.toBe('');
    expect(result.locations[0]!.physicalLocation.artifactLocation.uri).toMatch(/^[^/].*\.ts$/);
  }
  expect(
    (run!.results as { suppressions?: unknown[] }[]).map(({ suppressions }) => suppressions !== undefined),
  ).toEqual(review.findings.map((_, index) => index === 0));
});
