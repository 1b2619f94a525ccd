import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { databaseUserOf } from '@platform/libs/app/data-access';
import { databaseMemberName, databaseName } from '@platform/libs/data/names';
import { mainApplication } from '@platform/libs/settings/physical-names';
import { primaryOf } from '@platform/libs/settings/region';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { findRoot } from '@platform/tools/workspace/find-root';

const root = findRoot(__dirname);
const page = readFileSync(join(root, 'docs/runbooks/database-user.md'), 'utf8');
const { settings, regions } = loadSettings(useExampleWorkspace());
const primary = primaryOf(regions);
const databaseUser = databaseUserOf(mainApplication);
const { database } = settings.environments['prod']!.dataStores;

test('the runbook makes the user that instances sign in as, and names what the settings make', () => {
  expect(page).toContain(`CREATE USER ${databaseUser};\n   GRANT rds_iam TO ${databaseUser};`);
  for (const name of [
    `--global-cluster-identifier ${databaseName({ name: 'prod' })} `,
    `--db-cluster-identifier ${databaseMemberName({ name: 'prod' }, primary.key)} `,
    `dbname=${database.databaseName} user=${database.masterUsername} `,
    `dbname=${database.databaseName} user=${databaseUser} `,
    `GRANT CONNECT, TEMPORARY ON DATABASE ${database.databaseName} TO ${databaseUser};`,
    '--secret-id prod/database ',
    'Values=prod-app-blue ',
  ]) {
    expect(page).toContain(name);
  }
  for (const [, region] of page.matchAll(/--region (\S+)/g)) expect(region).toBe(primary.awsRegion);
});
