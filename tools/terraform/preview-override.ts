import { stateReads, type Configuration } from '@platform/tools/model/configuration';

/** File beside `cdk.tf.json` that turns the configuration of a stack into its preview. */
export const previewOverrideFile = 'preview_override.tf.json';

/** The stack's own state in its folder. Without it everything is to be made. */
export const previewStateFile = 'preview.tfstate';

/** Path, from the stack's folder, of the generated state that stands in for an upstream stack. */
export function upstreamStatePath(stack: string): string {
  return `upstream/${stack}.tfstate`;
}

/**
 * Override for the target `preview`: a local backend, credentials that are none with every call of the provider's
 * start switched off, and generated files for the states of other stacks. Nothing leaves the machine.
 */
export function previewOverride(configuration: Configuration): object {
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
