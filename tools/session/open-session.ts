import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { exampleValues, openBalancers } from '@platform/libs/settings/example-values';
import { formatProblem, WrongUse } from '@platform/libs/settings/problem';
import { emulatorTarget } from '@platform/tools/emulator/emulator-target';
import { findEmulator } from '@platform/tools/emulator/find-emulator';
import type { Emulator } from '@platform/tools/emulator/profile';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { assertAwsEndpoints } from '@platform/tools/aws/assert-aws-endpoints';
import { checkCaller } from '@platform/tools/aws/check-caller';
import { openLiveSession, type LiveSession } from './live-session';
import type { LiveSessionOptions } from './session-options';
import { awsTarget, type LiveTarget } from '@platform/tools/aws/live-target';
import type { LiveTargetName } from '@platform/tools/aws/live-target-names';

export interface OpenSessionOptions
  extends Pick<
    LiveSessionOptions,
    'folder' | 'lockTimeoutSec' | 'callTimeoutSec' | 'workers' | 'region' | 'note' | 'signal'
  > {
  /** Workspace root. */
  readonly root: string;
  readonly target: LiveTargetName;
  /** Default: the first of the settings. */
  readonly environment?: string;
  /** IAM role that is assumed in every account instead of the settings' `deployRole`. On AWS only. */
  readonly role?: string;
  /** Default: what answers at `AWS_ENDPOINT_URL`, else the one that runs. */
  readonly emulator?: Emulator;
}

/** Where a command works and as whom, once it is known who calls. */
export interface ChosenTarget {
  readonly estate: LoadedEstate;
  readonly environment: Environment;
  readonly target: LiveTarget;
}

/**
 * The target of a command that needs neither Terraform nor states. Missing and expired credentials and a wrong account
 * end here, before anything is written or asked.
 * @throws WrongUse for wrong settings, options or an unknown environment, and for AWS, for settings that are examples and
 *   addresses that are not AWS's
 * @throws TerraformFailure when the caller cannot work in this environment
 */
export async function chooseTarget(
  options: Pick<OpenSessionOptions, 'root' | 'target' | 'environment' | 'role' | 'emulator' | 'note'>,
): Promise<ChosenTarget> {
  const { root, note } = options;
  const estate = loadEstate(root);
  const name = options.environment ?? Object.keys(estate.settings.environments)[0]!;
  const environment = selectEnvironment(estate.settings, name);
  if (environment.state.backend === 'cloud') {
    throw new WrongUse(
      `infra.config.ts: environments.${name}.state.backend: it is "cloud", and this command works with states in S3; plan and apply in the workspaces of HCP Terraform: docs/pull-requests.md`,
    );
  }
  if (options.target === 'aws') {
    await assertAwsEndpoints();
    const examples = exampleValues(environment, estate.regions);
    if (examples.length > 0) {
      const lines = [
        'these settings are examples; docs/runbooks/first-deploy.md says what to write',
        ...examples.map(formatProblem),
      ];
      throw new WrongUse(lines.join('\n  '));
    }
    for (const text of openBalancers(environment, estate.regions)) note?.(text);
  }
  const target =
    options.target === 'aws'
      ? awsTarget({ ...environment, deployRole: options.role ?? environment.deployRole })
      : emulatorTarget(options.emulator ?? (await findEmulator(root)));
  await checkCaller(target, environment, estate, note);
  return { estate, environment, target };
}

/**
 * Everything that live commands need, with Terraform.
 * @throws as {@link chooseTarget}
 */
export async function openSession(options: OpenSessionOptions): Promise<LiveSession> {
  const { root, folder, lockTimeoutSec, callTimeoutSec, workers, region, note, signal } = options;
  const { estate, environment, target } = await chooseTarget(options);
  return openLiveSession({
    root,
    estate,
    environment,
    target,
    ...(folder === undefined ? {} : { folder }),
    ...(lockTimeoutSec === undefined ? {} : { lockTimeoutSec }),
    ...(callTimeoutSec === undefined ? {} : { callTimeoutSec }),
    ...(workers === undefined ? {} : { workers }),
    ...(region === undefined ? {} : { region }),
    ...(note ? { note } : {}),
    ...(signal ? { signal } : {}),
  });
}
