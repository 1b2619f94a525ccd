import { S3Client } from '@aws-sdk/client-s3';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { LiveTarget } from './live-target';
import { StateStore } from './state-store';

const location = { bucket: 'states', key: 'stack/terraform.tfstate', region: 'us-east-1' };
let server: Server;
let answer: RequestListener;
beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function store(): StateStore {
  const s3 = async (region: string) =>
    new S3Client({
      region,
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      forcePathStyle: true,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    });
  return new StateStore({ s3 } as unknown as LiveTarget);
}

test('the age of a state is by the clock of S3, whatever this machine takes for the time', async () => {
  // An hour before and 90 seconds before a time that is years away from now.
  answer = (_, response) =>
    response
      .writeHead(200, {
        date: 'Wed, 01 Jan 2020 00:01:30 GMT',
        'last-modified': 'Wed, 01 Jan 2020 00:00:00 GMT',
        'content-length': 0,
      })
      .end();
  await expect(store().secondsSinceWrite(location)).resolves.toBe(90);
});

test('a stack without a state has no age', async () => {
  answer = (_, response) => response.writeHead(404).end();
  await expect(store().secondsSinceWrite(location)).resolves.toBeUndefined();
});

test.each(['../x', 'a/../../x', '/etc/x', 'a//x', '..\\x', 'a\0b', ''])(
  'a kept configuration that names %j is refused',
  async (path) => {
    const kept = { description: {}, state: {}, files: { 'cdk.tf.json': '', [path]: '' } };
    answer = (_, response) => response.end(gzipSync(JSON.stringify(kept)));
    await expect(store().readApplied(location)).rejects.toThrow(
      /^s3:\/\/states\/stack\/configuration\.json\.gz: it names the file ".*", which is outside/,
    );
  },
);

test('a kept configuration with files and folders of the stack is read', async () => {
  const files = { 'cdk.tf.json': '', 'assets/0/..data/x.json': '' };
  answer = (_, response) => response.end(gzipSync(JSON.stringify({ description: {}, state: {}, files })));
  await expect(store().readApplied(location)).resolves.toMatchObject({ files });
});

test('a bucket has the stacks of which it keeps a state or a begun apply', async () => {
  const keys = [
    'global-zone/terraform.tfstate',
    'global-zone/begun-configuration.json.gz',
    'region-us-vpc/begun-configuration.json.gz',
    'region-us-old/configuration.json.gz',
    'a/region-us-deep/terraform.tfstate',
    'terraform.tfstate',
  ];
  const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
  answer = (_, response) => response.end(`<ListBucketResult>${contents}</ListBucketResult>`);
  await expect(store().stacksIn(location)).resolves.toEqual(['global-zone', 'region-us-vpc']);
});
