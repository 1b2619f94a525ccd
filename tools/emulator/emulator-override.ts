import { devNull } from 'node:os';
import { WrongUse } from '@platform/libs/settings/problem';
import type { Configuration } from '@platform/tools/model/configuration';
import { liveOverride } from '@platform/tools/aws/live-override';
import type { Emulator } from './profile';

type Endpoint = Pick<Emulator, 'endpoint'>;

/** Emulators accept any credentials; these cannot be mistaken for real ones. */
const noCredentials = { access_key: 'emulator', secret_key: 'emulator' };

/**
 * Arguments by resource type that a configuration gets on an emulator only, because the provider would wait without end.
 * Keep it short: what differs here is not tested on emulators.
 */
const resourceArguments: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // A distribution stays "InProgress" there.
  aws_cloudfront_distribution: { wait_for_deployment: false },
};

/**
 * Override for an emulator: placeholder credentials, and the emulator's address for every state. Providers take the
 * address from {@link emulatorEnvironment}.
 * @throws WrongUse when the emulator's endpoint is no URL
 */
export function emulatorOverride(configuration: Configuration, emulator: Endpoint): object {
  const endpoint = endpointOf(emulator);
  const calls = {
    ...noCredentials,
    // With the default of 25 an error of the emulator looks like a hang.
    max_retries: 2,
    skip_credentials_validation: true,
    skip_region_validation: true,
  };
  return liveOverride(configuration, {
    provider: () => ({
      ...calls,
      allowed_account_ids: [],
      skip_metadata_api_check: 'true',
      s3_use_path_style: true,
      // Some resources always show a difference in tags that they did not set themselves.
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
      Object.entries(resourceArguments)
        .filter(([type]) => configuration.resource?.[type])
        .map(([type, given]) => [
          type,
          Object.fromEntries(Object.keys(configuration.resource![type]!).map((name) => [name, given])),
        ]),
    ),
  });
}

/**
 * The variables that Terraform and the provider see on an emulator: the caller's without their AWS account and
 * Terraform habits, and the emulator's address for every service. Real credentials never reach it.
 */
export function emulatorEnvironment(variables: NodeJS.ProcessEnv, emulator: Endpoint): Record<string, string> {
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

function endpointOf({ endpoint }: Endpoint): string {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new WrongUse(`the emulator's endpoint: "${endpoint}" is not a URL; use one such as http://127.0.0.1:4566`);
  }
  return endpoint.replace(/\/+$/, '');
}
