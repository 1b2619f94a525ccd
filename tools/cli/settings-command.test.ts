import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { findRoot } from '@platform/tools/workspace/find-root';

/* Every command is a process of its own, as people start it. */
jest.setTimeout(60_000);

let root: string;
beforeAll(() => {
  const repository = findRoot(__dirname);
  root = mkdtempSync(join(tmpdir(), 'settings-'));
  for (const name of ['node_modules', 'libs', 'tools', 'package.json', 'tsconfig.base.json']) {
    symlinkSync(join(repository, name), join(root, name));
  }
  for (const region of exampleRegions) {
    write(`region-${region.key}/region.ts`, `export const region = ${JSON.stringify({ ...region, vpcs: {} })};`);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function writeSettings(prod: object) {
  const { environments, ...organisation } = exampleOrganisation;
  const { accounts, domain, segment, level, mode, applications } = environments.prod;
  const written = {
    ...organisation,
    owners: {
      'region-us': 'platform',
      'region-ap': 'platform',
      shared: 'network',
      libs: 'platform',
      tools: 'platform',
    },
    environments: {
      prod: {
        ...{ accounts, domain, segment, level, mode },
        dataStores: { database: { objective: { rpoSec: 60, rtoSec: 900 } } },
        applications: { app: { releases: applications.app.releases } },
        ...prod,
      },
    },
  };
  write(
    'infra.config.ts',
    `import { defineOrganisation } from '@platform/libs/settings/organisation';\nexport default defineOrganisation(${JSON.stringify(written)});\n`,
  );
}

const run = (...args: string[]) => startCli(root, ['settings', ...args]).ended;

test('prints every value with its origin, as a table or as JSON', async () => {
  writeSettings({ edge: { zone: { ttlSec: 60 } } });
  const { code, stdout } = await run('-c', 'prod');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^edge\.zone\.ttlSec +environment +60$/m);
  expect(stdout).toMatch(/^edge\.zone\.signing +default +unsigned$/m);
  const { environment, settings } = JSON.parse((await run('--json')).stdout) as {
    environment: string;
    settings: object[];
  };
  expect(environment).toBe('prod');
  expect(settings).toContainEqual({ setting: 'natGateways', value: 'per-zone', origin: 'profile production' });
});

test('refuses settings with problems: all of them in one message, without a stack trace', async () => {
  writeSettings({ natGateway: 'single', applications: { app: { ...{ releases: {} }, diskGib: 4 } } });
  const { code, stdout, stderr } = await run();
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.split('\n')).toEqual([
    '4 problems in the settings',
    expect.stringContaining('environments.prod.applications.app.diskGib: 4 is out of bounds; use 8–16384 GiB'),
    expect.stringContaining('environments.prod.applications.app.releases.blue: is missing'),
    expect.stringContaining('environments.prod.applications.app.releases.green: is missing'),
    expect.stringContaining('environments.prod.natGateway: there is no such setting; did you mean natGateways?'),
    '',
  ]);
});

test('refuses an environment that there is not', async () => {
  writeSettings({});
  expect(await run('-c', 'live')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('use one of prod') as string,
  });
});
