import { devNull } from 'node:os';

/**
 * The variables that a preview's Terraform and provider see: the caller's, without those that could make a preview
 * depend on the caller's AWS account or Terraform habits.
 */
export function previewEnvironment(variables: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(AWS_|TF_(?!CLI_CONFIG_FILE$))/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
