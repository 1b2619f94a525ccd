import { masked, SENSITIVE } from '@platform/tools/model/value-changes';
import { withFolder } from '@platform/tools/session/folder-lock';
import { initialise } from '@platform/tools/session/initialise';
import type { LiveSession } from '@platform/tools/session/live-session';
import { prepareFolder } from '@platform/tools/session/plan-stack';
import type { TerraformState } from '@platform/tools/model/state';

/** One resource of a state, its sensitive values replaced. */
export interface ShownResource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The part of `terraform show -json` that is looked at (https://developer.hashicorp.com/terraform/internals/json-format). */
interface ShownModule {
  readonly resources?: readonly {
    readonly address: string;
    readonly type: string;
    readonly mode: string;
    readonly values?: object;
    readonly sensitive_values?: object;
  }[];
  readonly child_modules?: readonly ShownModule[];
}

/** The managed resources of a stack's state, by address. Terraform itself says which values are sensitive. */
export async function showState(session: LiveSession, stack: string): Promise<ShownResource[]> {
  const folder = session.folders.of(stack, 'show');
  return withFolder(folder, session.folders.wait, async () => {
    prepareFolder(session, session.stacks.get(stack), folder);
    await initialise(session, stack, folder);
    const { stdout } = await session.terraform.run(folder, stack, ['show', '-json'], { reads: true, log: false });
    return shownResources(JSON.parse(stdout) as { readonly values?: { readonly root_module?: ShownModule } });
  });
}

export function shownResources({
  values,
}: {
  readonly values?: { readonly root_module?: ShownModule };
}): ShownResource[] {
  const of = ({ resources = [], child_modules = [] }: ShownModule): ShownResource[] => [
    ...resources
      .filter(({ mode }) => mode === 'managed')
      .map(({ address, type, values: own = {}, sensitive_values }) => ({
        address,
        type,
        values: masked({ value: own, sensitive: sensitive_values }) as Record<string, unknown>,
      })),
    ...child_modules.flatMap(of),
  ];
  return of(values?.root_module ?? {}).sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** The outputs of a state, sensitive ones replaced. */
export function shownOutputs({ outputs = {} }: Pick<TerraformState, 'outputs'>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { value, sensitive }]) => [name, sensitive ? SENSITIVE : value]),
  );
}
