import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { settingsInDiagnostic } from './settings-behind';

const environment = exampleEnvironment();
const settingsIn = (...lines: string[]) =>
  settingsInDiagnostic(
    ['aws_x.Y (cdk.tf.json:1): not like this', ...lines.map((line) => `    | ${line}`)].join('\n'),
    environment,
    exampleRegions,
  );

test.each<[string, string, string]>([
  ['a value of a region', '"region": "ap-northeast-2"', 'region-ap/region.ts: awsRegion'],
  [
    'a value of an environment',
    '"instance_type": "m7g.large",',
    'infra.config.ts: environments.prod.applications.app.instanceType',
  ],
  ['a value of the organisation', '"value": "platform-deploy"', 'infra.config.ts: deployRole'],
  [
    'a name that is part of the value',
    '"name": "prod-sessions"',
    'infra.config.ts: environments.prod.dataStores.tables.sessions',
  ],
])('a diagnostic that shows %s', (_, line, setting) => {
  expect(settingsIn(line)).toEqual([setting]);
});

test('a diagnostic that shows nothing of the settings', () => {
  expect(settingsIn('"type": "A"', '"zone_id": "${aws_route53_zone.Zone.id}"')).toEqual([]);
});
