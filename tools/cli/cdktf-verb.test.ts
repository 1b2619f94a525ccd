import { callsOfPreview, changingVerb, isPlanning } from './cdktf-verb';

const cli = 'node /srv/estate/node_modules/cdktf-cli/bundle/bin/cdktf.js';

test.each([
  ['deploy', `${cli} deploy region-us-vpc --auto-approve`, 'deploy'],
  ['apply', `${cli} apply`, 'deploy'],
  ['watch', `${cli} watch region-us-vpc`, 'deploy'],
  ['destroy', `${cli} --output out destroy region-us-vpc`, 'destroy'],
  ['deploy', 'npm exec cdktf deploy', 'deploy'],
])('%s of "%s" changes real infrastructure', (verb, line, ours) => {
  expect(changingVerb(['sh -c node --import tsx tools/cli/cdktf-app.ts', line])).toEqual({ verb, ours });
});

test.each([
  [`${cli} diff region-us-vpc`],
  [`${cli} synth`],
  [`${cli} list`],
  ['node tools/cli/cdktf-app.ts'],
  ['bash -c ./deploy'],
])('"%s" changes nothing', (line) => {
  expect(changingVerb([line])).toBeUndefined();
});

test('a plan by the CLI is told from what only lists or synthesises', () => {
  expect(
    ['node /x/bin/cdktf.js diff region-us-vpc', 'cdktf plan', 'cdktf list', 'node diff'].map((line) =>
      isPlanning([line]),
    ),
  ).toEqual([true, true, false, false]);
});

test("a preview that would call something is refused: by the caller's endpoint, or by what the code reads", () => {
  const configurations = new Map([
    ['a', { data: { http: { Page: {} } } }],
    ['b', { data: { aws_partition: { P: {} } } }],
  ]);
  const variables = { AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:5000', AWS_ENDPOINT_URL: '', AWS_REGION: 'us-east-1' };
  expect(callsOfPreview(configurations, variables).map((text) => text.split(': ').slice(0, 2))).toEqual([
    ['AWS_ENDPOINT_URL_EC2', expect.stringContaining('unset it')],
    ['a', 'data.http.Page'],
  ]);
  expect(callsOfPreview(new Map(), {})).toEqual([]);
});
