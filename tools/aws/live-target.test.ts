import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { callersFailure } from './callers-failure';
import { awsTarget, liveVariables } from './live-target';

const environment = exampleEnvironment();
const before = { ...process.env };
let sts: Server;
let answer: { readonly status: number; readonly body: string };
let calls: string[];
beforeAll(async () => {
  sts = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      calls.push(body);
      response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL_STS'] = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  process.env['AWS_ACCESS_KEY_ID'] = 'caller';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
});
afterAll(() => {
  process.env = before;
  sts.closeAllConnections();
  sts.close();
});
beforeEach(() => (calls = []));

const namespace = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
const assumed = (expiration: string) =>
  `<AssumeRoleResponse ${namespace}><AssumeRoleResult><Credentials><AccessKeyId>assumed</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

test('states are reached by the deploy role of the management account, alarms by that of the workload account', async () => {
  answer = { status: 200, body: assumed('2100-01-01T00:00:00Z') };
  const target = awsTarget(environment);
  const { management, workload } = environment.accounts;
  for (const [client, account] of [
    [await target.s3('us-east-1'), management],
    [await target.cloudWatch('us-east-1'), workload],
  ] as const) {
    expect(await client.config.credentials()).toMatchObject({ accessKeyId: 'assumed', sessionToken: 't' });
    expect(decodeURIComponent(calls.at(-1)!)).toContain(
      `RoleArn=arn:aws:iam::${account}:role/${environment.deployRole}`,
    );
  }
});

test('a role is assumed once while its credentials hold', async () => {
  answer = { status: 200, body: assumed('2100-01-01T00:00:00Z') };
  const client = await awsTarget(environment).s3('us-east-1');
  await client.config.credentials();
  await client.config.credentials();
  expect(calls).toHaveLength(1);
});

test('a role that cannot be assumed is told in words', async () => {
  const message = 'User: arn:aws:iam::1:user/a is not authorized to perform: sts:AssumeRole on resource: x';
  const body = `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`;
  answer = { status: 403, body };
  const client = await awsTarget(environment).s3('us-east-1');
  const error: unknown = await client.send(new ListBucketsCommand({})).catch((failure: unknown) => failure);
  expect(callersFailure(error, 'region-us-vpc')).toMatchObject({
    kind: 'role-refused',
    message: expect.stringMatching(/^region-us-vpc: the deploy role cannot be assumed; check/),
  });
});

test('passes on neither the shared provider of previews nor arguments and variables that the caller has for Terraform', () => {
  const variables = liveVariables({
    PATH: '/bin',
    TF_REATTACH_PROVIDERS: '{}',
    TF_CLI_ARGS_apply: '-destroy',
    TF_CLI_ARGS: '-lock=false',
    TF_VAR_x: 'y',
    TF_LOG: 'debug',
    AWS_PROFILE: 'prod',
  });
  expect(variables).toEqual({ PATH: '/bin', TF_LOG: 'debug', AWS_PROFILE: 'prod' });
});
