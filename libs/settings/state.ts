import type { Problem } from './problem';
import { byDefault, oneOf, section, text, whole, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

/** Where states are kept: in a bucket of each region, or in workspaces of HCP Terraform. */
export const stateBackends = ['s3', 'cloud'] as const;

/**
 * How states are locked. `s3` uses a file beside the state. `s3-and-dynamodb` also locks in a DynamoDB table, for
 * Terraform older than 1.10, which knows only that. To change it, deploy `global/state` first, which creates or deletes
 * the tables and uses the file only; then plan the rest.
 */
export const stateLockings = ['s3', 's3-and-dynamodb'] as const;

export const stateSchema = section(
  { is: 'How Terraform states are kept.', applies: 'next deploy of `global/state`' },
  {
    backend: byDefault(
      oneOf(stateBackends, {
        is: '`s3`: a bucket in each region. `cloud`: workspaces of HCP Terraform or Terraform Enterprise, which then run the plans and applies; commands with `--target` are refused.',
        applies: 'move the states first: [pull requests](pull-requests.md#hcp-terraform)',
      }),
      's3',
      'A region can be deployed while another one, or HashiCorp, does not answer.',
    ),
    cloud: section('Workspaces of `backend: "cloud"`.', {
      organization: text({ is: 'Organization of the workspaces. Each is named `<environment>-<stack>`.' }),
      hostname: byDefault(
        text({ is: 'Host of HCP Terraform, or of an installation of Terraform Enterprise, without `https://`.' }),
        'app.terraform.io',
      ),
      project: text({ is: 'Project of new workspaces.' }).exactOptional(),
    }).exactOptional(),
    oldVersionDays: byDefault(
      whole({
        is: 'How long a version of a state is kept after a newer one has replaced it.',
        unit: 'days',
        from: 1,
        to: 36_500,
      }),
      90,
      'A quarter of a year leaves time to notice a damaged state.',
    ),
    oldVersionsKept: byDefault(
      whole({
        is: 'Old versions of each state that are kept however old they are: a state that rarely changes stays restorable.',
        unit: 'versions',
        // S3 user guide, lifecycle configuration: NewerNoncurrentVersions is 1 to 100.
        from: 1,
        to: 100,
      }),
      20,
    ),
    locking: byDefault(
      oneOf(stateLockings, {
        is: '`s3`: a lock file beside the state. `s3-and-dynamodb`: also a lock in a DynamoDB table, for Terraform older than 1.10.',
        applies: 'deploy `global/state` first, then plan the other stacks',
      }),
      's3',
      'Terraform 1.10 and newer need no table.',
    ),
  },
);

/** A backend and arguments that do not fit it. */
export function checkState(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { state }]) => {
    const at = (field: string) => inSettings(input, `environments.${name}.state.${field}`);
    const { backend, cloud, locking } = state;
    const problems: Problem[] = [];
    const add = (field: string, what: string, remedy: string) => problems.push({ where: at(field), what, remedy });
    if (backend === 'cloud' && !cloud) {
      add('backend', '"cloud" has no organization', 'add cloud: { organization: "…" } beside it');
    }
    if (backend === 's3' && cloud) {
      add('cloud', `is given, and backend is "s3"`, 'write backend: "cloud", or remove cloud');
    }
    if (backend === 'cloud' && locking === 's3-and-dynamodb') {
      add('locking', '"s3-and-dynamodb" locks states in S3, and backend is "cloud"', 'remove locking');
    }
    if (!cloud) return problems;
    if (!/^[\w-]{1,40}$/.test(cloud.organization)) {
      add('cloud.organization', `"${cloud.organization}" is not a name`, 'use 1 to 40 letters, digits, - and _');
    }
    if (!/^[a-z0-9.-]+(:\d+)?$/.test(cloud.hostname)) {
      add('cloud.hostname', `"${cloud.hostname}" is not a host`, 'write it without https://, such as app.terraform.io');
    }
    return problems;
  });
}

/** How the Terraform states of an environment are kept. */
export type StateSettings = Settings<typeof stateSchema>;
