import { changingVerb } from './cdktf-verb';

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
