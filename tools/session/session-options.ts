import type { Environment } from '@platform/libs/settings/environment';
import type { LiveTarget } from '@platform/tools/aws/live-target';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';

/** What a run of a live command is given. */
export interface LiveSessionOptions {
  /** Workspace root. */
  readonly root: string;
  readonly estate: LoadedEstate;
  readonly environment: Environment;
  readonly target: LiveTarget;
  /** Where Terraform works, a folder per stack. Default: `dist/live/<target>/<environment>` of the workspace. */
  readonly folder?: string;
  /** Time that a command waits for somebody else's lock, in seconds. Default 60. */
  readonly lockTimeoutSec?: number;
  /** Time that a call to AWS may take with its repetitions, in seconds. Default 300. */
  readonly callTimeoutSec?: number;
  /** Stacks that are worked on at once. Default: one per processor, four at most. */
  readonly workers?: number;
  /** Key of the region to whose stacks a command is limited. Default: all regions. */
  readonly region?: string;
  readonly note?: (text: string) => void;
  readonly signal?: AbortSignal;
}
