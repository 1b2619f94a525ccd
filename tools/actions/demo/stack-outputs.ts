import type { TerraformState } from '@platform/tools/model/state';

const LENGTH = 100;

/** The outputs of a stack, a line each, cut to what fits on one; a secret is not shown. */
export function stackOutputs(stack: string, state: TerraformState | undefined): string[] {
  return Object.entries(state?.outputs ?? {}).map(([name, { value, sensitive }]) => {
    const text = sensitive ? '(secret)' : JSON.stringify(value);
    return `${stack}.${name} = ${text.length > LENGTH ? `${text.slice(0, LENGTH - 1)}…` : text}`;
  });
}
