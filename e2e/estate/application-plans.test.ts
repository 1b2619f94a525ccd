import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceWithApplications } from '@platform/e2e/fixtures/applications-workspace';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import { previewEstate } from '@platform/tools/actions/plan/preview-estate';
import { ContentCache } from '@platform/tools/workspace/content-cache';

/*
 * Plans some fifty stacks, four of them with a web ACL each time.
 *
 * @long
 */
jest.setTimeout(1_200_000);
const dist = mkdtempSync(join(tmpdir(), 'application plans '));
const cache = new ContentCache({ folder: join(dist, 'cache') });
let workspace: Awaited<ReturnType<typeof workspaceWithApplications>>;
beforeAll(async () => {
  workspace = await workspaceWithApplications();
});
afterAll(() => {
  for (const folder of [dist, workspace.root]) rmSync(folder, { recursive: true });
});

const projects = [
  ...['region-us/shop', 'region-ap/shop', 'region-us/legacy', 'region-us/cloudfront'],
  ...['global/data', 'global/ga', 'global/route53'],
];
const environments = ['prod', 'staging'];
const combinations = environments.flatMap((environment) =>
  adoptionLevels.flatMap((level) => modes.map((mode) => ({ environment, level, mode }))),
);

test.each(combinations)(
  'the real Terraform and provider plan them in $environment at $level, $mode',
  async ({ environment, ...whatIf }) => {
    const { stacks } = await previewEstate({ ...workspace, environment, whatIf, projects, dist, cache });
    expect(
      stacks.flatMap(({ stack, errors, warnings }) => [...errors, ...warnings].map((text) => [stack, text])),
    ).toEqual([]);
    expect(stacks.map(({ project }) => project).sort()).toEqual([...projects].sort());
    for (const stack of stacks) expect(stack).toMatchObject({ update: 0, delete: 0, replace: 0 });
  },
);
