import fc from 'fast-check';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { synthesise } from '@platform/tools/actions/synth/synth';
import type { Configuration } from '@platform/tools/model/configuration';
import { findRoot } from '@platform/tools/workspace/find-root';
import { loadCheckedSettings } from '@platform/tools/workspace/load-estate';
import { writeChanges, type Changes } from './changes';
import { cloneEntries } from './clone-entries';
import { generators } from './generator-options';
import { generate, type GeneratorValues } from './generators';
import { SourceEdit } from './source-edit';

jest.setTimeout(120_000);
const root = exampleWorkspace();
// The generators write into it.
rmSync(join(root, 'libs'));
cpSync(join(findRoot(__dirname), 'libs'), join(root, 'libs'), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));

const run = (name: string, values: GeneratorValues): Promise<Changes> =>
  generate(root, generators.find((each) => each.name === name)!, values);
const accounts = Object.fromEntries(
  ['network', 'workload', 'edge', 'management'].map((role, index) => [`${role}-account`, `90123456789${index}`]),
);

/** What each generator is asked for, in this order. */
const asked: [name: string, values: GeneratorValues][] = [
  ['service', { name: 'shop', owner: 'platform', uses: 'queue,tables' }],
  ['region', { key: 'eu', 'aws-region': 'eu-west-1' }],
  ['vpc', { name: 'payments', region: 'us', segment: 'shared' }],
  ['environment', { name: 'perf', domain: 'perf.example.net', ...accounts }],
  ['stack', { name: 'reports', in: 'region', owner: 'platform' }],
  ['stack', { name: 'audit', in: 'global', account: 'management' }],
  [
    'init',
    {
      organisation: 'acme-pay',
      repository: 'acme/pay',
      domain: ['prod=acme.example', 'staging=stage.acme.example'],
      account: 'prod.network=901234567899',
      range: 'us.prod=10.128.0.0/14',
      region: 'ap=ap-southeast-1',
      'on-premises': 'none',
    },
  ],
];

describe('generators, one after the other', () => {
  test.each(asked)('%s %j: the estate loads with it, and a second run changes nothing', async (name, values) => {
    const changes = await run(name, values);
    expect(changes.size).toBeGreaterThan(0);
    writeChanges(root, changes);
    expect([...(await run(name, values)).keys()]).toEqual([]);
  });

  test('what they made is synthesised: the region with its links, the VPC, the environment and the stacks', () => {
    const { stacks } = synthesise({ root, environment: 'perf', outdir: join(root, 'dist', 'out') });
    expect(stacks.map(({ stack }) => stack)).toEqual(
      expect.arrayContaining([
        ...['region-eu-vpc', 'region-eu-alb-asg-app', 'region-us-payments', 'region-eu-reports', 'global-audit'],
        ...['region-us-shop', 'region-ap-shop', 'region-eu-shop'],
        ...['shared-tgw-link-us-eu', 'shared-tgw-link-ap-eu'],
      ]),
    );
    const folder = join(root, 'dist', 'inspected');
    synthesise({ root, environment: 'perf', outdir: folder, whatIf: { level: 'inspected' } });
    const made = (stack: string) =>
      JSON.parse(readFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as Configuration;
    const names = (stack: string, type: string, argument = 'name') =>
      Object.values(made(stack).resource![type] ?? {}).map((body) => body[argument]);
    // What the level has for the first application it has for the further one, in the new region too.
    expect(names('global-route53', 'aws_route53_record')).toEqual(
      expect.arrayContaining(
        ['shop', 'origin-shop', 'origin-us-shop', 'origin-ap-shop', 'origin-eu-shop'].map(
          (each) => `${each}.perf.example.net`,
        ),
      ),
    );
    expect(names('global-route53', 'aws_route53_health_check', 'fqdn')).toContain('origin-eu-shop.perf.example.net');
    expect(names('global-ga', 'aws_globalaccelerator_accelerator').sort()).toEqual(['perf', 'perf-shop']);
    expect(JSON.stringify(made('region-eu-cloudfront'))).toContain('"path_pattern":"/shop/*"');
    expect(names('region-eu-shop', 'aws_sqs_queue')).toContain('perf-shop');
    expect(names('region-eu-shop', 'aws_cloudwatch_metric_alarm', 'alarm_name')).toContain('perf-shop-errors');
    const roles = JSON.stringify(made('region-us-shop').resource!['aws_iam_role_policy']);
    expect(roles).toContain('dynamodb:GetItem');
    expect(roles).not.toContain('rds-db:connect');

    const { settings, regions } = loadCheckedSettings(root);
    expect(settings).toMatchObject({ organisation: 'acme-pay', environments: { prod: { domain: 'acme.example' } } });
    expect(settings.environments['perf']!.access.ci).toMatchObject({ repository: 'acme/pay' });
    expect(settings.onPremises).toBeUndefined();
    expect(regions.find(({ key }) => key === 'us')!.vpcs['vpc']!.cidrs['prod']).toBe('10.128.0.0/16');
  });

  test('an environment goes from all settings, and only that', async () => {
    const before = loadCheckedSettings(root);
    writeChanges(root, await run('environment', { name: 'perf', remove: 'yes' }));
    const { settings, regions } = loadCheckedSettings(root);
    expect(Object.keys(settings.environments)).toEqual(['prod', 'staging']);
    expect(readFileSync(join(root, 'region-eu/region.ts'), 'utf8')).not.toContain('perf');
    expect(regions[0]!.cidrs['prod']).toBe(before.regions[0]!.cidrs['prod']);
  });
});

describe('refuses, with all problems and nothing written', () => {
  test.each<[string, GeneratorValues, string[]]>([
    [
      'region',
      { key: 'Eu1', 'aws-region': 'eu-west-99', asn: '64512', like: 'xx', cidr: 'prod=10.8' },
      ['region:', '--aws-region:', '--like:', '--asn:', '--cidr prod:'],
    ],
    ['region', { key: 'we', 'aws-region': 'us-east-1' }, ['--aws-region: us-east-1 is the region "us"']],
    ['region', { key: 'us', 'aws-region': 'us-west-2' }, ['region: "us" is us-east-1']],
    ['vpc', { name: 'Pay!', region: 'zz', segment: 'none' }, ['--region:', 'vpc:', '--segment:']],
    ['vpc', { name: 'alb-asg-app', region: 'us' }, ['vpc: there is a folder region-us/alb-asg-app']],
    [
      'environment',
      { name: 'X', domain: 'a.example', ...accounts, 'edge-account': '12' },
      ['environment:', '--edge-account:'],
    ],
    ['environment', { name: 'gone', remove: 'yes' }, ['environment: there is no "gone"']],
    ['stack', { name: 'Reports', in: 'region' }, ['stack:']],
    [
      'service',
      { name: 'Shop!', owner: 'nobody', uses: 'queue,cache,rockets' },
      ['service: "Shop!"', '--owner:', '--uses: "rockets"', '--uses: the environments have no cache'],
    ],
    ['service', { name: 'app' }, ['service: "app" is the application of region-*/alb-asg-app']],
    ['service', { name: 'aurora' }, ['service: there is a folder ', 'region-us/aurora', 'region-ap/aurora']],
    ['service', { name: 'api' }, ['infra.config.ts: environments.prod.applications.api']],
    ['stack', { name: 'reports', in: 'everywhere' }, ['--in:']],
    [
      'init',
      { domain: 'test=a.example', range: ['us.prod=10.0.0.0/20', 'xx.prod=1'] },
      ['--domain:', '--range us.prod:', '--range:'],
    ],
    ['init', { organisation: 'Acme!' }, ['infra.config.ts: organisation:']],
    ['region', { key: 'we', 'aws-region': 'us-west-2', cidr: 'prod=10.4.0.0/14' }, ['region-we/region.ts: cidrs.prod']],
    ['region', { key: 'we', 'aws-region': 'us-west-2', zone: 'a' }, ['--zone:']],
  ])('%s %j', async (name, values, problems) => {
    const message = await run(name, values).then(
      () => 'nothing was refused',
      (error: { exitCode?: number; message: string }) =>
        error.exitCode === 2 ? error.message : `a fault: ${error.message}`,
    );
    for (const problem of problems) expect(message).toContain(problem);
  });
});

describe('an entry more in a list', () => {
  const clone = (text: string) => {
    const source = new SourceEdit('list.ts', text);
    cloneEntries(source, { from: '@platform/region-ap', to: '@platform/region-eu', words: { ap: 'eu' } });
    return source.toString();
  };
  const imports =
    "import { contract as ap } from '@platform/region-ap/vpc/contract';\nimport { contract as us } from '@platform/region-us/vpc/contract';\n";

  test.each([
    ['export const x = { us, ap };', '{ us, ap,\neu }'],
    ['export const x = { us, ap, };', '{ us, ap,\neu, }'],
    ['export const x = { us: { vpc: us }, ap: { vpc: ap } };', 'ap: { vpc: ap },\neu: { vpc: eu } }'],
    ["export const x = [{ key: 'us', of: us }, { key: 'ap', of: ap }];", "{ key: 'eu', of: eu }]"],
    ['export const x = [ap];', '[ap,\neu]'],
    ["export const x = { 'us': us, 'ap': ap, // the last one\n};", "'ap': ap,\n'eu': eu, // the last one"],
  ])('%s', (list, expected) => {
    const cloned = clone(imports + list);
    expect(cloned).toContain(expected);
    expect(cloned).toContain("import { contract as eu } from '@platform/region-eu/vpc/contract';");
    expect(clone(cloned)).toBe(cloned);
  });

  test('is left out where a property would stand twice, and where nothing is listed', () => {
    const text = `${imports}export const x = { first: ap };\nap.toString();`;
    expect(clone(text)).toBe(text);
  });

  test('leaves every other character as it is', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/).filter((each) => !/^(us|ap|eu|x|do|if|in|of|as|is)$/.test(each));
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 5 }), fc.boolean(), (names, trailing) => {
        const comments = names.map((name) => `  // about ${name}\n  '${name}': '${name}',\n`).join('');
        const text = `${imports}/** A list. */\nexport const x = {\n${comments}  us,\n  ap${trailing ? ',' : ''}\n};\n`;
        const cloned = clone(text);
        const without = cloned
          .replace(',\neu', '')
          .replace("\nimport { contract as eu } from '@platform/region-eu/vpc/contract';", '');
        expect(without).toBe(text);
      }),
    );
  });
});
