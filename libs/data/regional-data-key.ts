import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Region } from '@platform/libs/stack/estate-stack';
import type { EncryptionKey } from './encryption-key';

/** A region as the stack of the global stores sees it: with the key that its data are encrypted with there. */
export interface RegionalDataKey {
  readonly region: Region;
  readonly key: EncryptionKey;
  /** Provider of that region; absent in the stack's own. */
  readonly provider?: AwsProvider;
}
