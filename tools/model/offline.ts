import type { Configuration, ImportBlock } from './configuration';
import type { PlanJson } from './plan';

/**
 * Whether a data source may reach the network by another way than the endpoints of AWS: those of other providers, and the
 * one that gets a public file. What else reads from AWS calls a closed endpoint in a preview, unless it waits for a value that
 * is known after apply.
 */
function bypassesEndpoints(type: string): boolean {
  return type === 'aws_ip_ranges' || !(type.startsWith('aws_') || type === 'terraform_remote_state');
}

/** What in a configuration reads from outside the machine while Terraform plans it, whatever endpoints it is given; one message each. */
export function readsWhilePlanned({ data = {}, check = {}, provider = {} }: Configuration): string[] {
  const checks = Object.values(check).flatMap((blocks) => [blocks].flat());
  const dataSources = [data, ...checks.map((block) => block.data ?? {})].flatMap((types) =>
    Object.entries(types)
      .filter(([type]) => bypassesEndpoints(type))
      .flatMap(([type, blocks]) => Object.keys(blocks).map((name) => `data.${type}.${name}`)),
  );
  const endpoints = Object.entries(provider).flatMap(([name, blocks]) =>
    [blocks].flat().some((block) => 'endpoints' in block) ? [name] : [],
  );
  return [
    ...dataSources.map(
      (address) =>
        `${address}: is read while Terraform plans, and a preview reads nothing outside this machine; take the value from the settings or from a contract`,
    ),
    ...endpoints.map(
      (name) => `provider.${name}: names endpoints, and a preview calls none; let the target choose them`,
    ),
  ];
}

/** The `import` blocks of a configuration. */
export function importsOf({ import: blocks = [] }: Configuration): readonly ImportBlock[] {
  return [blocks].flat();
}

/**
 * The plan of a configuration that was planned without its imports, with the imports in it: what was to be created is
 * imported. Whether the import changes the object is known to a plan of a real target only.
 */
export function withImports(plan: PlanJson, imports: readonly ImportBlock[]): PlanJson {
  if (imports.length === 0) return plan;
  const ids = new Map(imports.map(({ to, id }) => [plainAddress(to), id]));
  const changes = plan.resource_changes?.map((resource) => {
    const id = ids.get(resource.address);
    const { change } = resource;
    if (id === undefined || change.actions.join() !== 'create') return resource;
    return { ...resource, change: { ...change, actions: ['no-op'], importing: { id } } };
  });
  return { ...plan, ...(changes ? { resource_changes: changes } : {}) };
}

/** `aws_vpc.Main`, also where it is written as an expression. */
function plainAddress(to: string): string {
  return to.replace(/^\$\{\s*(.*?)\s*\}$/, '$1');
}
