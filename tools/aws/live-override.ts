import { devNull } from 'node:os';
import type { Environment } from '@platform/libs/settings/environment';
import { WrongUse } from '@platform/libs/settings/problem';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration, ProviderBlock } from '@platform/tools/model/configuration';
import { emulatorArguments } from './emulator-arguments';

/** File beside `cdk.tf.json` that says where the configuration of a stack runs. */
export const liveOverrideFile = 'live_override.tf.json';

export interface LiveOverrideOptions {
  readonly configuration: Configuration;
  readonly environment: Pick<Environment, 'accounts' | 'deployRole'>;
  readonly description: Pick<StackDescription, 'stack'>;
}

/** Where an emulator of AWS answers. */
export interface EmulatorEndpoint {
  /** `http://127.0.0.1:4566` */
  readonly endpoint: string;
}

/**
 * Override for the targets that change something. `aws`: providers assume the deploy role in the account that each is
 * guarded for, backend and state reads assume it in the management account, and none of them works in another account.
 * `emulator`: credentials that are none, and the emulator's address for every state; providers take the address from
 * {@link emulatorEnvironment}.
 * @throws WrongUse when the emulator's endpoint is no URL
 */
export function liveOverride(
  options: LiveOverrideOptions &
    ({ readonly target: 'aws' } | { readonly target: 'emulator'; readonly emulator: EmulatorEndpoint }),
): object {
  const { configuration } = options;
  const given = (configuration.terraform?.backend?.['s3'] ?? {}) as Arguments;
  const { provider, state, resource } =
    options.target === 'aws' ? inAws(options) : onEmulator(configuration, endpointOf(options.emulator));
  const reads = Object.entries(configuration.data?.['terraform_remote_state'] ?? {});
  return {
    // A backend block in an override replaces the whole block.
    terraform: { backend: { s3: { ...given, ...state(given) } } },
    provider: {
      aws: (configuration.provider?.['aws'] ?? []).map((block) => ({
        ...(block.alias ? { alias: block.alias } : {}),
        ...provider(block),
      })),
    },
    ...(reads.length > 0
      ? {
          data: {
            terraform_remote_state: Object.fromEntries(
              reads.map(([stack, read]) => {
                const config = read['config'] as Arguments;
                return [stack, { backend: 's3', config: { ...config, ...state(config) } }];
              }),
            ),
          },
        }
      : {}),
    ...(Object.keys(resource).length > 0 ? { resource } : {}),
  };
}

/**
 * The variables that Terraform and the provider see on an emulator: the caller's without their AWS account and
 * Terraform habits, and the emulator's address for every service. Real credentials never reach it.
 */
export function emulatorEnvironment(variables: NodeJS.ProcessEnv, emulator: EmulatorEndpoint): Record<string, string> {
  const kept = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(AWS_|TF_(?!CLI_CONFIG_FILE$))/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpointOf(emulator),
    AWS_ACCESS_KEY_ID: noCredentials.access_key,
    AWS_SECRET_ACCESS_KEY: noCredentials.secret_key,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** `arn:aws:iam::<account>:role/<role>` of the role that deploys into an account. */
export function deployRoleArn(environment: Pick<Environment, 'deployRole'>, account: string): string {
  return `arn:aws:iam::${account}:role/${environment.deployRole}`;
}

type Arguments = Readonly<Record<string, unknown>>;

interface Place {
  provider(block: ProviderBlock): Arguments;
  state(given: Arguments): Arguments;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
}

/** Longest name of a session that STS takes. */
const SESSION_NAME_LENGTH = 64;

function inAws({ environment, description }: LiveOverrideOptions): Place {
  const role = (account: string) => ({
    role_arn: deployRoleArn(environment, account),
    session_name: `terraform-${description.stack}`.slice(0, SESSION_NAME_LENGTH),
  });
  const { management } = environment.accounts;
  return {
    provider: (block) => {
      const [account] = (block['allowed_account_ids'] ?? []) as string[];
      if (!account) {
        throw new Error(
          `${description.stack}: its provider ${block.alias ?? 'aws'} names no account; give it allowed_account_ids`,
        );
      }
      return { assume_role: [role(account)] };
    },
    state: () => ({ assume_role: role(management), allowed_account_ids: [management] }),
    resource: {},
  };
}

/** Emulators take any; these show at a glance that they are none. */
const noCredentials = { access_key: 'emulator', secret_key: 'emulator' };

function onEmulator(configuration: Configuration, endpoint: string): Place {
  const calls = {
    ...noCredentials,
    // With the default of 25 an error of the emulator looks like a hang.
    max_retries: 2,
    skip_credentials_validation: true,
    skip_region_validation: true,
  };
  return {
    provider: () => ({
      ...calls,
      allowed_account_ids: [],
      skip_metadata_api_check: 'true',
      s3_use_path_style: true,
      // Some resources show a difference for ever in tags that they did not set themselves.
      default_tags: [{}],
    }),
    state: (given) => ({
      ...calls,
      skip_metadata_api_check: true,
      skip_requesting_account_id: true,
      skip_s3_checksum: true,
      use_path_style: true,
      endpoints: {
        s3: endpoint,
        iam: endpoint,
        sts: endpoint,
        ...(given['dynamodb_table'] ? { dynamodb: endpoint } : {}),
      },
    }),
    resource: Object.fromEntries(
      Object.entries(emulatorArguments)
        .filter(([type]) => configuration.resource?.[type])
        .map(([type, given]) => [
          type,
          Object.fromEntries(Object.keys(configuration.resource![type]!).map((name) => [name, given])),
        ]),
    ),
  };
}

function endpointOf({ endpoint }: EmulatorEndpoint): string {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new WrongUse(`the emulator's endpoint: "${endpoint}" is no URL; give one like http://127.0.0.1:4566`);
  }
  return endpoint.replace(/\/+$/, '');
}
