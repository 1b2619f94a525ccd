import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { EstateStack } from './estate-stack';

/**
 * Tags for `tag_specifications` of a launch template and for `tag` blocks of an Auto Scaling group: those that the
 * provider gives every other resource of the stack, and `own` ones, which win. The provider's default tags do not reach
 * what AWS creates from a template or for a group (provider issue 19387:
 * https://github.com/hashicorp/terraform-provider-aws/issues/19387).
 */
export function launchTags(scope: IConstruct, own: Readonly<Record<string, string>>): Record<string, string> {
  const stack = TerraformStack.of(scope);
  return { ...(stack instanceof EstateStack ? stack.defaultTags : {}), ...own };
}
