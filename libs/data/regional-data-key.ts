import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Alarms } from '@platform/libs/observability/alarms';
import type { Region } from '@platform/libs/stack/estate-stack';
import type { EncryptionKey } from './encryption-key';

/** A region as the stack of the global stores sees it: with the key that its data are encrypted with there. */
export interface RegionalDataKey {
  readonly region: Region;
  readonly key: EncryptionKey;
  /** Alarms of that region. */
  readonly alarms: Alarms;
  /** Provider of that region; absent in the stack's own. */
  readonly provider?: AwsProvider;
}
