/** The resources of a Terraform state (format 4). */
export interface StateResources {
  readonly resources?: readonly {
    readonly module?: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances?: readonly {
      readonly index_key?: string | number;
      readonly attributes?: unknown;
      /** `tainted`: its creation began and did not end. */
      readonly status?: string;
      /** Key of an object that a replacement left behind and that is still to be destroyed. */
      readonly deposed?: string;
    }[];
  }[];
}

/** A resource of a state with its instances. */
export type StateResource = NonNullable<StateResources['resources']>[number];

/** Terraform's address of an instance in a state. */
export function addressOf(
  { module, type, name }: Pick<StateResource, 'module' | 'type' | 'name'>,
  { index_key: index }: { readonly index_key?: string | number },
): string {
  return `${module ? `${module}.` : ''}${type}.${name}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`;
}

/** A Terraform state file (format 4), as far as it is looked at. */
export interface TerraformState extends StateResources {
  readonly lineage: string;
  readonly serial: number;
  readonly outputs?: Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
}

/** Which state a plan was made from: Terraform counts the serial up with every write. */
export interface StateVersion {
  readonly lineage: string;
  readonly serial: number;
}

/** A state file with all that is in it; nothing where the text is none. */
export function parseState(text: string): (TerraformState & Record<string, unknown>) | undefined {
  try {
    const state = JSON.parse(text) as (TerraformState & Record<string, unknown>) | null;
    return state?.['version'] === 4 && typeof state.lineage === 'string' && typeof state.serial === 'number'
      ? state
      : undefined;
  } catch {
    return undefined;
  }
}

/** The values of a state's outputs by name. */
export function outputValues({ outputs = {} }: TerraformState): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/** Nothing for a stack that was never deployed, and for one of which a destroy has left an empty state. */
export function isDeployed(state: TerraformState | undefined): state is TerraformState {
  return state !== undefined && ((state.resources ?? []).length > 0 || Object.keys(state.outputs ?? {}).length > 0);
}

export function versionOf(state: TerraformState | undefined): StateVersion | null {
  return state ? { lineage: state.lineage, serial: state.serial } : null;
}
