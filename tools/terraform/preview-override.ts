import { join } from 'node:path';
import { stateReads, type Configuration } from '@platform/tools/model/configuration';

/** File beside `cdk.tf.json` that turns the configuration of a stack into its preview. */
export const previewOverrideFile = 'preview_override.tf.json';

/** The stack's own state in its folder. Without it everything is to be made. */
export const previewStateFile = 'preview.tfstate';

/** The AWS configuration file of a preview's provider, beside the stack. */
export const previewConfigFile = 'preview.aws-config';

/**
 * Where a preview's provider sends every call that a resource makes while it is planned: nothing listens there. The port
 * is that of TCPMUX, which no current system serves (IANA, "Service Name and Transport Protocol Port Number Registry").
 */
export const closedEndpoint = 'http://127.0.0.1:1';

/** Text of {@link previewConfigFile}: each service of AWS is at the closed endpoint (SDKs and tools guide, "Service-specific endpoints"). */
export const previewConfig = `[default]\nendpoint_url = ${closedEndpoint}\n`;

/** Path, from the stack's folder, of the generated state that stands in for an upstream stack. */
export function upstreamStatePath(stack: string): string {
  return `upstream/${stack}.tfstate`;
}

/**
 * Override for the target `preview`: a local backend, credentials that are none with every call of the provider's
 * start switched off, and generated files for the states of other stacks. Nothing leaves the machine.
 */
export function previewOverride(configuration: Configuration, folder: string): object {
  const reads = stateReads(configuration);
  return {
    terraform: { backend: { local: { path: previewStateFile } } },
    provider: {
      aws: (configuration.provider?.['aws'] ?? []).map(({ alias }) => ({
        ...(alias ? { alias } : {}),
        access_key: 'preview',
        secret_key: 'preview',
        allowed_account_ids: [],
        skip_credentials_validation: true,
        skip_metadata_api_check: 'true',
        skip_region_validation: true,
        skip_requesting_account_id: true,
        shared_config_files: [join(folder, previewConfigFile)],
        max_retries: 1,
      })),
    },
    ...(reads.length > 0
      ? {
          data: {
            terraform_remote_state: Object.fromEntries(
              reads.map((stack) => [stack, { backend: 'local', config: { path: upstreamStatePath(stack) } }]),
            ),
          },
        }
      : {}),
  };
}
