import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findUnmanaged } from './adopt';

/** A key by its id; `denied`: its policy lets nobody see it. */
let keys: Readonly<
  Record<string, { readonly Description: string; readonly CreationDate: number } | 'denied' | 'broken'>
>;
let server: Server;

/** As much of KMS as is asked. */
beforeAll(async () => {
  server = createServer((incoming, answer) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      const say = (status: number, content: object) => answer.writeHead(status).end(JSON.stringify(content));
      if (incoming.headers['x-amz-target'] === 'TrentService.ListKeys') {
        return void say(200, { Keys: Object.keys(keys).map((KeyId) => ({ KeyId })) });
      }
      const { KeyId } = JSON.parse(body) as { KeyId: string };
      const key = keys[KeyId]!;
      if (key === 'denied') return void say(400, { __type: 'AccessDeniedException' });
      if (key === 'broken') return void say(400, { __type: 'KMSInvalidStateException' });
      say(200, { KeyMetadata: { KeyId, KeyManager: 'CUSTOMER', KeyState: 'Enabled', ...key } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const find = () =>
  findUnmanaged(
    {
      provider: { aws: [{ region: 'us-east-1' }] },
      resource: { aws_kms_key: { Key: { description: 'states' } } },
    },
    undefined,
    async (region) => ({
      region,
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    }),
  );

test('a key that nobody may see is none of this attempt, and stops nothing; the oldest of those it made is taken over', async () => {
  keys = {
    other: 'denied',
    late: { Description: 'states', CreationDate: 2 },
    early: { Description: 'states', CreationDate: 1 },
    another: { Description: 'images', CreationDate: 0 },
  };
  expect(await find()).toEqual([{ to: 'aws_kms_key.Key', id: 'early' }]);
});

test('any other refusal stops it: a second key must not be made', async () => {
  keys = { own: 'broken' };
  await expect(find()).rejects.toThrow();
});
