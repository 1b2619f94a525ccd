import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { LiveTarget } from './live-target';

/** What every client of the SDK takes: where it works, as whom, and how long it waits for an answer. */
export type ClientOptions = Pick<
  S3ClientConfig,
  'region' | 'endpoint' | 'credentials' | 'requestHandler' | 'maxAttempts' | 'retryMode'
> & {
  readonly region: string;
};

/** Options by which a client of another service works as the clients for states do: same account, same address, same patience. */
export async function clientOptions(target: Pick<LiveTarget, 's3'>, region: string): Promise<ClientOptions> {
  const { config } = await target.s3(region);
  return {
    region,
    credentials: config.credentials,
    requestHandler: config.requestHandler,
    ...(config.endpoint ? { endpoint: await config.endpoint() } : {}),
  };
}
