import type { Configuration } from '@platform/tools/model/configuration';
import type { LiveSession } from './live-session';
import { commandLine } from './plan-command-for';
import { addressOf, type StateResources } from '@platform/tools/model/state';

/** An object that was created in part, as far as its state says: Terraform calls it tainted. */
export interface TaintedInstance {
  readonly address: string;
  readonly type: string;
  /** In the configuration. */
  readonly name: string;
}

/** The objects that an apply was creating when it was stopped or killed. A plan destroys and creates them again. */
export function taintedInstances({ resources = [] }: StateResources): TaintedInstance[] {
  return resources.flatMap((resource) =>
    (resource.instances ?? [])
      .filter(({ status }) => status === 'tainted')
      .map((instance) => ({ address: addressOf(resource, instance), type: resource.type, name: resource.name })),
  );
}

/** What a plan has to destroy and may not: neither a plan nor a deploy gets past it. */
export class TaintedAndProtected extends Error {
  override readonly name = 'TaintedAndProtected';
  readonly exitCode = 1;
}

/**
 * Before a plan: Terraform's own words for this are those for a removed resource, and their advice is to lift the
 * protection.
 * @throws TaintedAndProtected naming every tainted object that has `prevent_destroy`, with what to do
 */
export function assertReplaceable(
  session: Pick<LiveSession, 'options'>,
  stack: string,
  configuration: Configuration,
  state: StateResources,
): void {
  const kept = taintedInstances(state).filter(({ type, name }) => {
    const lifecycle = configuration.resource?.[type]?.[name]?.['lifecycle'];
    return (lifecycle as { readonly prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;
  });
  if (kept.length === 0) return;
  const commands = kept.map(({ address }) => `  ${commandLine(session, 'state', 'untaint', stack, address)}`);
  throw new TaintedAndProtected(
    `${stack}: ${kept.map(({ address }) => address).join(', ')}: tainted, and \`prevent_destroy\` forbids to recreate it: an apply was stopped while it created it. Check that it exists in AWS, then remove the taint:\n${commands.join('\n')}`,
  );
}
