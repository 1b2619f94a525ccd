import { UnreadableState, type StateStore } from '@platform/tools/aws/state-store';
import { stateLocation, type StateLocation } from '@platform/tools/model/configuration';
import type { TerraformState } from '@platform/tools/model/state';
import type { AwsCalls } from './aws-calls';
import { commandLine, type CommandPlace } from './plan-command-for';
import type { SynthesisedStacks } from './synthesised-stacks';

/** The states of stacks as they are now. */
export class LiveStates {
  constructor(
    private readonly place: CommandPlace,
    private readonly stacks: Pick<SynthesisedStacks, 'has' | 'configuration'>,
    private readonly calls: AwsCalls,
    private readonly store: Pick<StateStore, 'read'>,
  ) {}

  /**
   * The state of a stack of the estate; nothing where it has never been deployed.
   * @throws UnreadableState with what to do
   */
  async of(stack: string): Promise<TerraformState | undefined> {
    return this.at(stateLocation(this.stacks.configuration(stack)), stack);
  }

  /** As {@link of}, wherever the state is. */
  async at(location: StateLocation, stack: string): Promise<TerraformState | undefined> {
    try {
      return await this.calls.make(stack, () => this.store.read(location), location.bucket);
    } catch (error) {
      if (!(error instanceof UnreadableState)) throw error;
      const remedy = this.stacks.has(stack)
        ? `see which versions of it there are, and restore one as docs/runbooks/lost-state.md says: ${commandLine(this.place, 'state', 'list', stack)}`
        : 'its project was removed; add it again to restore a version';
      throw new UnreadableState(location, error.etag, stack, remedy);
    }
  }
}
