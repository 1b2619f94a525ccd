import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { findRoot } from '@platform/tools/workspace/find-root';

const root = findRoot(__dirname);
const workflow = readFileSync(join(root, '.github', 'workflows', 'ci.yml'), 'utf8');

test('pull requests check the routes of every environment', () => {
  const environments = Object.keys(loadSettings(root).settings.environments);
  expect(workflow).toContain('npm run routes -- -c ${{ matrix.environment }}');
  expect(/environment: \[(.*)\]/.exec(workflow)?.[1]?.split(', ')).toEqual(environments);
});

test("the life of the estate's own stacks is tried on a schedule", () => {
  expect(workflow).toMatch(/^ {4}- cron: /m);
  expect(workflow).toMatch(/if: github.event_name == 'schedule'.*\n(?: .*\n)* +- run: npm test -- --lifecycles /m);
});
