import type { Configuration } from './configuration';
import type { PlanJson } from './plan';

/**
 * Whether others of a stack read back what a plan changes: a group its rules, a cluster its members, a role its policies. Who
 * is concerned is named by what is made or changed; what goes is no longer there to name anybody.
 */
export function showsInOthers({ resource_changes = [] }: PlanJson, { resource = {} }: Configuration): boolean {
  if (Object.keys(resource).length === 0) return false;
  return resource_changes.some(({ mode, address, type, change: { actions } }) => {
    if (mode !== 'managed' || actions.join() === 'no-op') return false;
    if (actions.includes('delete')) return true;
    const name = address.slice(type.length + 1).split('[')[0]!;
    const references = JSON.stringify(resource[type]?.[name] ?? {}).matchAll(/(\bdata\.)?\b([a-z]\w*)\.([\w-]+)\.\w/g);
    return [...references].some(([, data, of, other]) => !data && resource[of!]?.[other!] !== undefined);
  });
}
