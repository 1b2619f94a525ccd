import type { Configuration } from '@platform/tools/model/configuration';
import type { LiveSession } from './live-session';
import { commandLine } from './plan-command-for';
import { addressOf, type StateResources } from '@platform/tools/model/state';

/** Something of a state that is there and of which nobody has seen the making end: Terraform calls it tainted. */
export interface HalfMade {
  readonly address: string;
  readonly type: string;
  /** In the configuration. */
  readonly name: string;
}

/** What an apply that was stopped or killed was making. A plan destroys it, to make it anew. */
export function halfMade({ resources = [] }: StateResources): HalfMade[] {
  return resources.flatMap((resource) =>
    (resource.instances ?? [])
      .filter(({ status }) => status === 'tainted')
      .map((instance) => ({ address: addressOf(resource, instance), type: resource.type, name: resource.name })),
  );
}

/** What a plan has to destroy and may not: neither a plan nor a deploy gets past it. */
export class HalfMadeAndProtected extends Error {
  override readonly name = 'HalfMadeAndProtected';
  readonly exitCode = 1;
}

/**
 * Before a plan: Terraform's own words for this are those for a removed resource, and their advice is to lift the
 * protection.
 * @throws HalfMadeAndProtected naming all that is half made and has `prevent_destroy`, with what to do
 */
export function assertReplaceable(
  session: Pick<LiveSession, 'options'>,
  stack: string,
  configuration: Configuration,
  state: StateResources,
): void {
  const kept = halfMade(state).filter(({ type, name }) => {
    const lifecycle = configuration.resource?.[type]?.[name]?.['lifecycle'];
    return (lifecycle as { readonly prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;
  });
  if (kept.length === 0) return;
  const commands = kept.map(({ address }) => `  ${commandLine(session, 'state', 'untaint', stack, address)}`);
  throw new HalfMadeAndProtected(
    `${stack}: ${kept.map(({ address }) => address).join(', ')}: an apply that was stopped has not made it to its end, and it must not be destroyed to be made anew; see that it exists, and take it as it is, so that the next plan does what is left:\n${commands.join('\n')}`,
  );
}
