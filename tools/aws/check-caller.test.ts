import { STSClient } from '@aws-sdk/client-sts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exampleEnvironment, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkCaller } from './check-caller';
import type { LiveTarget } from './live-target';

const environment = exampleEnvironment();
const [us, ap] = exampleRegions;
const { prod } = exampleOrganisation.environments;
const staging = { ...prod, accounts: { ...prod.accounts, workload: '777777777777' } };
const settings = { ...exampleOrganisation, environments: { prod, staging } };

let notes: string[];
beforeEach(() => (notes = []));

/** AWS, where each region answers with an account or not at all. */
function check(answers: Readonly<Record<string, string | Error>>): Promise<void> {
  const sts = async (region: string) => ({
    send: async () => {
      const answer = answers[region]!;
      if (answer instanceof Error) throw answer;
      return { Account: answer };
    },
  });
  const target = { name: 'aws', sts: sts as unknown as (region: string) => Promise<STSClient> } as LiveTarget;
  return checkCaller(target, environment, { settings, regions: exampleRegions }, (text) => notes.push(text), [0]);
}
const unreachable = Object.assign(new Error(''), { code: 'ETIMEDOUT' });
const { management } = environment.accounts;

test('an account of the environment is right, and one that settings do not know too', async () => {
  await expect(check({ [us.awsRegion]: management })).resolves.toBeUndefined();
  await expect(check({ [us.awsRegion]: '999999999999' })).resolves.toBeUndefined();
});

test('an account of another environment is wrong', async () => {
  await expect(check({ [us.awsRegion]: staging.accounts.workload })).rejects.toThrow(
    `prod on aws: the credentials belong to account 777777777777, which is one of staging; sign in to an account of prod (infra.config.ts: ${Object.values(environment.accounts).join(', ')}), or choose -c staging`,
  );
});

test('where the home region is lost another says who calls', async () => {
  await expect(check({ [us.awsRegion]: unreachable, [ap.awsRegion]: management })).resolves.toBeUndefined();
});

test('where no region answers it says so, and ends after some attempts', async () => {
  await expect(check({ [us.awsRegion]: unreachable, [ap.awsRegion]: unreachable })).rejects.toThrow(
    `${environment.name} on aws: an endpoint cannot be reached; check the connection`,
  );
  expect(notes).toEqual(['prod on aws: no region answers who the caller is; trying again in 0 s']);
});

test('missing and expired credentials are one sentence, and no other region is asked', async () => {
  const missing = Object.assign(new Error('Could not load credentials from any providers'), {
    name: 'CredentialsProviderError',
  });
  await expect(check({ [us.awsRegion]: missing, [ap.awsRegion]: management })).rejects.toThrow(
    `${environment.name} on aws: there are no AWS credentials; sign in`,
  );
  const expired = Object.assign(new Error('x'), { name: 'ExpiredTokenException' });
  await expect(check({ [us.awsRegion]: expired })).rejects.toThrow('the AWS credentials have expired; sign in again');
});

test.each([
  ['ExpiredToken', 'the AWS credentials have expired; sign in again'],
  ['InvalidClientTokenId', 'AWS does not know these credentials'],
])('an answer of STS with %s is one sentence', async (code, message) => {
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>said by AWS</Message></Error></ErrorResponse>`;
  const server = createServer((_, answer) => answer.writeHead(403, { 'content-type': 'text/xml' }).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const sts = async (region: string) => new STSClient({ region, endpoint, credentials });
  try {
    const target = { name: 'aws', sts } as unknown as LiveTarget;
    await expect(checkCaller(target, environment, { settings, regions: exampleRegions })).rejects.toThrow(message);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
