import type { Environment } from '@platform/libs/settings/environment';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration, ProviderBlock } from '@platform/tools/model/configuration';

/** File beside `cdk.tf.json` that says where the configuration of a stack runs. */
export const liveOverrideFile = 'live_override.tf.json';

type Arguments = Readonly<Record<string, unknown>>;

/** Arguments that a target adds to a configuration. */
export interface TargetArguments {
  /** For one provider block. */
  provider(block: ProviderBlock): Arguments;
  /** For the backend, and for each state that is read: `given` are the arguments of the configuration. */
  state(given: Arguments): Arguments;
  /** By type and name of a resource. Default: none. */
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
}

/** The override file of a target that changes something: real backend, real states of other stacks. */
export function liveOverride(
  configuration: Configuration,
  { provider, state, resource = {} }: TargetArguments,
): object {
  const given = (configuration.terraform?.backend?.['s3'] ?? {}) as Arguments;
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

export interface AwsOverrideOptions {
  readonly configuration: Configuration;
  readonly environment: Pick<Environment, 'accounts' | 'deployRole'>;
  readonly description: Pick<StackDescription, 'stack'>;
}

/** Longest session name that STS accepts, in characters. */
const SESSION_NAME_LENGTH = 64;

/**
 * Override for AWS: each provider assumes the deploy role in the account that it is guarded for. Backend and state reads
 * assume it in the management account. None of them works in another account.
 */
export function awsOverride({ configuration, environment, description }: AwsOverrideOptions): object {
  const role = (account: string) => ({
    role_arn: deployRoleArn(environment, account),
    session_name: `terraform-${description.stack}`.slice(0, SESSION_NAME_LENGTH),
  });
  const { management } = environment.accounts;
  return liveOverride(configuration, {
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
  });
}

/** `arn:aws:iam::<account>:role/<role>` of the role that deploys into an account. */
export function deployRoleArn(environment: Pick<Environment, 'deployRole'>, account: string): string {
  return `arn:aws:iam::${account}:role/${environment.deployRole}`;
}
