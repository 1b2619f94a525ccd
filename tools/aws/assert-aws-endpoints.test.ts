import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertAwsEndpoints } from './assert-aws-endpoints';

const folder = mkdtempSync(join(tmpdir(), 'endpoints-'));
afterAll(() => rmSync(folder, { recursive: true }));

const noFiles = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull };

test.each([
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_STS',
  'AWS_S3_ENDPOINT',
  'TF_AWS_STS_ENDPOINT',
])('%s of an emulator is refused, by its name', async (name) => {
  await expect(assertAwsEndpoints({ ...noFiles, [name]: 'http://127.0.0.1:5000' })).rejects.toThrow(
    `${name}: "http://127.0.0.1:5000" is not an address of AWS, and the target is aws; remove the variable`,
  );
});

test.each([
  'http://sts.us-east-1.amazonaws.com',
  'https://amazonaws.com.example.com',
  'https://notamazonaws.com',
  'localhost:4566',
])('%s is not an address of AWS', async (address) => {
  await expect(assertAwsEndpoints({ ...noFiles, AWS_ENDPOINT_URL: address })).rejects.toThrow(address);
});

test.each([
  ['AWS_ENDPOINT_URL_S3', 'https://bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com'],
  ['AWS_ENDPOINT_URL_STS', 'https://sts-fips.us-east-1.amazonaws.com'],
  ['AWS_ENDPOINT_URL_STS', 'https://sts.cn-north-1.amazonaws.com.cn'],
  ['AWS_ENDPOINT_URL', ''],
  ['AWS_EC2_METADATA_SERVICE_ENDPOINT', 'http://169.254.169.254'],
])('%s=%s is accepted', async (name, value) => {
  await expect(assertAwsEndpoints({ ...noFiles, [name]: value })).resolves.toBeUndefined();
});

test('the profile in use counts, with its services; other profiles do not', async () => {
  const file = join(folder, 'config');
  writeFileSync(
    file,
    [
      '[default]',
      'region = us-east-1',
      '[profile local]',
      'endpoint_url = http://localhost:1',
      'services = fakes',
      '[services fakes]',
      's3 =',
      '  endpoint_url = http://localhost:2',
    ].join('\n'),
  );
  const variables = { ...noFiles, AWS_CONFIG_FILE: file };
  await expect(assertAwsEndpoints(variables)).resolves.toBeUndefined();
  const refused = await assertAwsEndpoints({ ...variables, AWS_PROFILE: 'local' }).catch(
    (error: Error) => error.message,
  );
  expect(refused).toMatch(
    /^profile local: endpoint_url: "http:\/\/localhost:1" is not .*\nservices fakes: s3\.endpoint_url: "http:\/\/localhost:2" is not /,
  );
});
