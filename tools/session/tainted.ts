import type { Configuration } from '@platform/tools/model/configuration';
import type { LiveSession } from './live-session';
import { commandLine } from './plan-command-for';
import { addressOf, type StateResources } from '@platform/tools/model/state';

/** A resource that an apply began to create and did not finish: it may exist in part. */
export interface TaintedResource {
  readonly address: string;
  readonly type: string;
  /** In the configuration. */
  readonly name: string;
}

/** The tainted resources of a state. A plan replaces them. */
export function taintedResources({ resources = [] }: StateResources): TaintedResource[] {
  return resources.flatMap((resource) =>
    (resource.instances ?? [])
      .filter(({ status }) => status === 'tainted')
      .map((instance) => ({ address: addressOf(resource, instance), type: resource.type, name: resource.name })),
  );
}

/** Tainted resources that `prevent_destroy` keeps a plan from replacing. */
export class TaintedAndProtected extends Error {
  override readonly name = 'TaintedAndProtected';
  readonly exitCode = 1;
}

/**
 * Called before a plan: Terraform's own error advises to remove the protection.
 * @throws TaintedAndProtected naming all resources that are tainted and have `prevent_destroy`, with what to do
 */
export function assertReplaceable(
  session: Pick<LiveSession, 'options'>,
  stack: string,
  configuration: Configuration,
  state: StateResources,
): void {
  const kept = taintedResources(state).filter(({ type, name }) => {
    const lifecycle = configuration.resource?.[type]?.[name]?.['lifecycle'];
    return (lifecycle as { readonly prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;
  });
  if (kept.length === 0) return;
  const commands = kept.map(({ address }) => `  ${commandLine(session, 'state', 'untaint', stack, address)}`);
  throw new TaintedAndProtected(
    `${stack}: ${kept.map(({ address }) => address).join(', ')}: the resource is tainted and has prevent_destroy; check that it exists, then run this, so that the next plan only changes what differs:\n${commands.join('\n')}`,
  );
}
