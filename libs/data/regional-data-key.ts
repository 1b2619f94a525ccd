import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Alarms } from '@platform/libs/observability/alarms';
import type { Region } from '@platform/libs/stack/estate-stack';
import type { EncryptionKey } from './encryption-key';

/** A region for the stack of the global stores, with the key that encrypts its data there. */
export interface RegionalDataKey {
  readonly region: Region;
  readonly key: EncryptionKey;
  /** Alarms of that region. */
  readonly alarms: Alarms;
  /** Provider of that region; absent for the stack's own region. */
  readonly provider?: AwsProvider;
}
