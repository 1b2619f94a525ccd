import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import type { Review } from '@platform/tools/model/review';

jest.setTimeout(280_000);

const root = exampleWorkspace();
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: root });
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a change that breaks an objective ends the review with 3, with the terms before and after it', async () => {
  writeFileSync(join(root, '.gitignore'), 'node_modules\ndist\n.cache\n.nx\n');
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'first');
  const file = join(root, 'infra.config.ts');
  const checks = 'edge: { healthCheck: { intervalSec: 30, failureThreshold: 10 } },\n';
  writeFileSync(file, readFileSync(file, 'utf8').replace("level: '", `${checks}level: '`));

  const { code, stdout, stderr } = await startCli(root, ['review', '-c', 'prod', '--base', 'HEAD', '--json']).ended;
  expect([code, stderr]).toEqual([3, expect.any(String)]);
  const review = JSON.parse(stdout) as Review;
  expect(review.verdict).toBe('blocked');
  const broken = review.findings.filter(({ rule, level }) => rule === 'objective-broken' && level === 'block');
  expect(broken.map(({ what }) => what).sort()).toEqual([
    expect.stringMatching(/^apiReads: RTO for the loss of a region is .* and the objective is 10 min$/),
    expect.stringMatching(/^hybrid: RTO for the loss of a region is .* and the objective is 10 min$/),
  ]);
  for (const { why } of broken) {
    expect(why).toMatch(
      /Before: .* fails 3 times, every 10 s .* After: .* fails 10 times, every 30 s .*edge\.healthCheck\.failureThreshold/,
    );
  }
  expect(review.resilience!.objectives).toContainEqual(
    expect.objectContaining({
      path: 'apiReads',
      status: 'broken',
      before: expect.stringMatching(/ to 10 min/) as string,
    }),
  );
  expect(readFileSync(join(root, 'dist', 'review', 'prod', 'review.md'), 'utf8')).toContain(
    'apiReads: RTO for the loss of a region',
  );
});
