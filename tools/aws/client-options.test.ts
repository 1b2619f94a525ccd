import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { createServer, type AddressInfo } from 'node:net';
import type { LiveTarget } from './live-target';
import { clientOptions } from './client-options';

test('another service that takes a call and never answers is waited for no longer than S3', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const s3 = new S3Client({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true },
  });
  try {
    const options = await clientOptions({ s3: async () => s3 } as unknown as LiveTarget, 'us-east-1');
    const tables = new DynamoDBClient({ ...options, maxAttempts: 1 });
    await expect(tables.send(new DescribeTableCommand({ TableName: 't' }))).rejects.toThrow(
      'exceeded the configured 100 ms',
    );
  } finally {
    silent.close();
  }
});
