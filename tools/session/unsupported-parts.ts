import type { LiveTarget, Unsupported } from '@platform/tools/aws/live-target';
import { resourceAddresses } from '@platform/tools/model/configuration';
import type { SynthesisedStacks } from './synthesised-stacks';

/** What of the estate's stacks a target cannot make. */
export class UnsupportedParts {
  private readonly known = new Map<string, Unsupported>();

  constructor(
    private readonly target: Pick<LiveTarget, 'unsupported'>,
    private readonly stacks: Pick<SynthesisedStacks, 'get' | 'configuration'>,
  ) {}

  /** What of a stack the target cannot make. */
  of(stack: string): Unsupported {
    const known = this.known.get(stack);
    if (known) return known;
    const upstream = this.stacks.get(stack).reads.map((read) => [read, this.of(read).outputs] as const);
    const parts = this.target.unsupported?.(this.stacks.configuration(stack), new Map(upstream));
    const found = parts ?? { resources: [], outputs: [] };
    this.known.set(stack, found);
    return found;
  }

  /** Whether the target can make nothing of a stack. */
  isWhole(stack: string): boolean {
    return this.of(stack).resources.length > 0 && this.supportedResources(stack).length === 0;
  }

  /** `-target=<address>` for each resource that the target can make; none where it can make all of the stack. */
  targetArguments(stack: string): string[] {
    if (this.of(stack).resources.length === 0) return [];
    return this.supportedResources(stack).map((address) => `-target=${address}`);
  }

  private supportedResources(stack: string): string[] {
    const unsupported = new Set(this.of(stack).resources.map(({ address }) => address));
    return resourceAddresses(this.stacks.configuration(stack)).filter((address) => !unsupported.has(address));
  }
}
