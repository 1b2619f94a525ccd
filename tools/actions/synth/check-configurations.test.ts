import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Environment } from '@platform/libs/settings/environment';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';
import { formatProblem } from '@platform/libs/settings/problem';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { findRoot } from '@platform/tools/workspace/find-root';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { applicationContract } from '@platform/libs/app/contract';
import { databaseContract } from '@platform/libs/aurora/contract';
import { cacheContract } from '@platform/libs/cache/contract';
import { certificateContract } from '@platform/libs/certificate/contract';
import { regionalDataContract } from '@platform/libs/data/regional-contract';
import { RegionalApplication } from '@platform/libs/regional/alb-asg-app/stack';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { vpcContract } from '@platform/libs/vpc/contract';
import { checkConfigurations, type StackConfiguration } from './check-configurations';
import { synthesise } from './synth';

const prod = exampleEnvironment();
const stack = { stack: 'region-us-app', account: 'workload', awsRegion: 'us-east-1', aliases: [] } as const;

function configuration(
  resource: NonNullable<StackConfiguration['configuration']['resource']>,
  more: Partial<StackConfiguration['configuration']> = {},
  environment: Environment = prod,
): StackConfiguration {
  return { stack, configuration: { resource, ...more }, environment };
}
const problems = (...configurations: StackConfiguration[]) =>
  checkConfigurations(configurations, exampleRegions).map(formatProblem);
const env = 'infra.config.ts: environments.prod';

test('names that AWS takes, once in each place', () => {
  const queue = (provider?: string) => ({ Queue: { name: 'prod-app', ...(provider ? { provider } : {}) } });
  const other = { ...stack, stack: 'region-ap-app', awsRegion: 'ap-northeast-2' };
  expect(
    problems(
      configuration({ aws_sqs_queue: queue(), aws_sns_topic: queue() }),
      { stack: other, configuration: { resource: { aws_sqs_queue: queue() } }, environment: prod },
      {
        stack: { ...stack, aliases: [{ alias: 'edge', account: 'edge', awsRegion: 'us-east-1' }] },
        configuration: { resource: { aws_sqs_queue: queue('aws.edge') } },
        environment: prod,
      },
    ),
  ).toEqual([]);
});

describe('the tags of the organisation', () => {
  const tags = { organisation: 'acme', environment: 'prod', project: 'us/app', owner: 'app', 'cost-centre': '1' };
  const { owner: _, ...without } = tags;
  const provider = { aws: [{ default_tags: [{ tags }] }, { alias: 'edge' }] };
  const of = (resource: Parameters<typeof configuration>[0]) => problems(configuration(resource, { provider }));

  test('come from the provider, or from the resource', () => {
    expect(of({ aws_sns_topic: { Topic: {} }, aws_kms_key: { Key: { provider: 'aws.edge', tags } } })).toEqual([]);
  });

  test('a resource without one is named, with the tag', () => {
    expect(of({ aws_kms_key: { Key: { provider: 'aws.edge', tags: without }, Other: {} } })).toEqual([
      "stack region-us-app: aws_kms_key.Key lacks the tags owner; use the stack's provider or one of addAliasedProvider, which set them",
    ]);
    expect(of({ aws_sns_topic: { Topic: { tags: { owner: '' } } } })).toHaveLength(1);
  });

  test('what AWS launches has them too: instances, volumes, and groups', () => {
    const specifications = (volume: object) => [
      { resource_type: 'instance', tags },
      { resource_type: 'volume', tags: volume },
    ];
    const tag = Object.entries(tags).map(([key, value]) => ({ key, value }));
    expect(
      of({
        aws_launch_template: { Template: { tag_specifications: specifications(tags) } },
        aws_autoscaling_group: { Group: { tag } },
      }),
    ).toEqual([]);
    expect(
      of({
        aws_launch_template: { Template: { tag_specifications: specifications(without) } },
        aws_autoscaling_group: { Group: { tag: tag.slice(1) } },
      }),
    ).toEqual([
      'stack region-us-app: what AWS makes from aws_launch_template.Template (volume) lacks the tags owner; give it launchTags(this, {…})',
      'stack region-us-app: what AWS makes from aws_autoscaling_group.Group (group) lacks the tags organisation; give it launchTags(this, {…})',
    ]);
  });
});

test('names that are unique inside something may be there twice in two of them', () => {
  const rule = (bus: string) => ({ name: 'work', event_bus_name: bus });
  const twice = (busOfTwo: string) =>
    problems(
      configuration({
        aws_cloudwatch_event_rule: { One: rule('${aws_cloudwatch_event_bus.A.name}'), Two: rule(busOfTwo) },
      }),
    );
  expect(twice('${aws_cloudwatch_event_bus.B.name}')).toEqual([]);
  expect(twice('${aws_cloudwatch_event_bus.A.name}')).toHaveLength(1);
  const other = { ...stack, stack: 'region-us-other' };
  const own = { aws_cloudwatch_event_rule: { One: rule('${aws_cloudwatch_event_bus.A.name}') } };
  expect(problems(configuration(own), { stack: other, configuration: { resource: own }, environment: prod })).toEqual(
    [],
  );
});

test('two web ACLs of a name are refused in one scope', () => {
  const acl = (scope: string) => ({ name: 'prod-app', scope });
  const both = (scope: string) =>
    problems(configuration({ aws_wafv2_web_acl: { One: acl('REGIONAL'), Two: acl(scope) } }));
  expect(both('CLOUDFRONT')).toEqual([]);
  expect(both('REGIONAL')).toEqual([expect.stringContaining('aws_wafv2_web_acl.Two of region-us-app is "prod-app"')]);
});

test.each<[string, StackConfiguration, string]>([
  [
    'a long name, with the setting that it has its word from',
    configuration({ aws_lb_target_group: { Group: { name: 'prod-nlb-documents-and-many-more-x' } } }),
    `${env}.dataStores.buckets.documents: name of aws_lb_target_group.Group of region-us-app is "prod-nlb-documents-and-many-more-x", which has 34 characters; use a name that is shorter by 2: AWS takes 1 to 32`,
  ],
  [
    'a short name',
    configuration({ aws_dynamodb_table: { Table: { name: 'ab' } } }),
    `${env}: name of aws_dynamodb_table.Table of region-us-app is "ab", which has 2 characters`,
  ],
  [
    'a reserved beginning',
    configuration({ aws_lb: { Balancer: { name: 'internal-app' } } }),
    'name of aws_lb.Balancer of region-us-app is "internal-app", which AWS does not take',
  ],
  [
    'two hyphens',
    configuration({ aws_rds_cluster: { Cluster: { cluster_identifier: 'prod--database' } } }),
    'cluster_identifier of aws_rds_cluster.Cluster of region-us-app is "prod--database"',
  ],
  [
    'one name twice in an account',
    configuration({ aws_iam_role: { One: { name: 'prod-app' }, Two: { name: 'prod-app' } } }),
    'name of aws_iam_role.Two of region-us-app is "prod-app", which is that of aws_iam_role.One of region-us-app in prod too',
  ],
  [
    'one name twice in a zone of another stack',
    configuration({
      aws_route53_record: {
        One: {
          name: 'shop.example.com',
          type: 'A',
          zone_id: '${data.terraform_remote_state.global-zone.outputs.zoneId}',
        },
        Two: {
          name: 'shop.example.com',
          type: 'A',
          zone_id: '${data.terraform_remote_state.global-zone.outputs.zoneId}',
        },
      },
    }),
    'name of aws_route53_record.Two of region-us-app is "shop.example.com", which is that of aws_route53_record.One of region-us-app in prod too',
  ],
  [
    'a tag value',
    configuration({ aws_sqs_queue: { Queue: { name: 'q', tags: { Name: 'aws:q' } } } }),
    '"aws:q" is the tag Name in tags of aws_sqs_queue.Queue of region-us-app',
  ],
  [
    'characters of a tag of all resources',
    configuration({}, { provider: { aws: [{ default_tags: [{ tags: { owner: 'a;b' } }] }] } }),
    '"a;b" is the tag owner in default_tags of region-us-app',
  ],
  [
    'a description of a rule',
    configuration({ aws_vpc_security_group_ingress_rule: { Rule: { description: 'who "asks"' } } }),
    'description of aws_vpc_security_group_ingress_rule.Rule',
  ],
  [
    'a policy',
    configuration({ aws_s3_bucket_policy: { Policy: { policy: JSON.stringify('x'.repeat(20_480)) } } }),
    'policy of aws_s3_bucket_policy.Policy of region-us-app 20482 characters long; use fewer or shorter names: AWS takes 20480',
  ],
  [
    'inline policies of a role together',
    configuration({
      aws_iam_role_policy: {
        One: { role: '${aws_iam_role.Role.name}', policy: 'x'.repeat(6000) },
        Two: { role: '${aws_iam_role.Role.name}', policy: 'x'.repeat(6000) },
      },
    }),
    'the inline policies of aws_iam_role_policy.One of region-us-app 12000 characters long',
  ],
  [
    'user data',
    configuration(
      { aws_launch_template: { Template: { user_data: '${base64gzip(local.Script)}' } } },
      { locals: { Script: randomBytes(20_000).toString('hex') } },
    ),
    'user_data of aws_launch_template.Template of region-us-app has 2',
  ],
])('refuses %s', (_, given, expected) => {
  const found = problems(given);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(expected);
});

test('a name of another environment in the same account is named with the settings of both', () => {
  const table = (environment: Environment) =>
    configuration({ aws_dynamodb_table: { Table: { name: 'prod-eu-sessions' } } }, {}, environment);
  const sessions = prod.dataStores.tables['sessions']!;
  const first = exampleEnvironment({
    dataStores: { ...prod.dataStores, tables: { 'eu-sessions': sessions } },
  });
  const own = table({ ...prod, name: 'prod-eu' });
  const found = checkConfigurations([own], exampleRegions, [table(first)]).map(formatProblem);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('infra.config.ts: environments.prod-eu.dataStores.tables.sessions: ');
  expect(found[0]).toContain(`in prod too (${env}.dataStores.tables.eu-sessions)`);
  // What is wrong with the other environment is said by its own synth.
  const wrong = configuration({ aws_dynamodb_table: { Table: { name: 'x'.repeat(300) } } }, {}, first);
  expect(checkConfigurations([own], exampleRegions, [wrong])).toEqual([]);
});

test('a value of another stack counts with its own length', () => {
  const policy = {
    role: 'r',
    policy: '${data.terraform_remote_state.data.outputs.names.documents}'.repeat(200),
  };
  const producer = {
    stack: { ...stack, stack: 'data' },
    configuration: { output: { names: { value: { documents: 'd'.repeat(51) } } } },
    environment: prod,
  };
  expect(problems(producer, configuration({ aws_iam_role_policy: { Policy: policy } }))).toEqual([]);
  expect(problems(configuration({ aws_iam_role_policy: { Policy: policy } }))).toHaveLength(1);
});

describe('two applications of an environment', () => {
  const { applications } = prod;
  const environment = exampleEnvironment({
    level: 'inspected',
    applications: { ...applications, shop: applications['app']! },
  });
  const [region] = exampleRegions;
  const upstream = {
    vpc: vpcContract(region, 'vpc'),
    certificate: certificateContract(region),
    data: regionalDataContract(region, 'data'),
    database: databaseContract(region, 'aurora'),
    cache: cacheContract(region, 'cache'),
  };
  const synthesised = (folder: string, application: string): StackConfiguration => {
    let description: StackConfiguration['stack'] | undefined;
    const { json } = synthStack((app) => {
      const contract = applicationContract(region, folder);
      const made = new RegionalApplication(app, environment, { region, contract, application, upstream });
      description = made.describe();
      return made;
    });
    return { stack: description!, configuration: json as StackConfiguration['configuration'], environment };
  };

  test('have no physical name in common', () => {
    expect(problems(synthesised('alb-asg-app', 'app'), synthesised('shop', 'shop'))).toEqual([]);
  });

  test('are refused for every name where one folder is a copy of the other, with both stacks', () => {
    const found = problems(synthesised('alb-asg-app', 'app'), synthesised('shop', 'app'));
    expect(found.length).toBeGreaterThan(25);
    for (const problem of found) {
      expect(problem).toMatch(
        / of region-us-shop is "[^"]+", which is that of \S+ of region-us-alb-asg-app in prod too/,
      );
    }
    for (const type of [
      'aws_lb',
      'aws_sqs_queue',
      'aws_iam_role',
      'aws_kms_alias',
      'aws_wafv2_web_acl',
      'aws_s3_bucket',
    ]) {
      expect(found.some((problem) => problem.includes(` of ${type}.`))).toBe(true);
    }
  });
});

describe('the whole estate', () => {
  const root = findRoot(__dirname);
  const estate = loadEstate(root);
  const [name, environment] = Object.entries(estate.settings.environments)[0]!;
  const outdir = mkdtempSync(join(tmpdir(), 'limits-'));
  afterAll(() => rmSync(outdir, { recursive: true }));
  jest.setTimeout(60_000);

  const refusal = (changed: object): string => {
    const settings: OrganisationSettings = {
      ...estate.settings,
      environments: { ...estate.settings.environments, [name]: { ...environment, ...changed } },
    };
    const unwritten = join(outdir, 'unwritten');
    try {
      synthesise({ root, estate: { ...estate, settings }, environment: name, outdir: unwritten });
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 2 });
      expect(existsSync(unwritten)).toBe(false);
      return (error as Error).message;
    }
    throw new Error('nothing was refused');
  };

  test('more buckets than a policy of instances can name', () => {
    const [bucket] = Object.values(environment.dataStores.buckets);
    const many = Array.from({ length: 120 }, (_, index) => [`store-${index}`, { ...bucket!, serves: 'application' }]);
    const { tables } = environment.dataStores;
    const message = refusal({ dataStores: { ...environment.dataStores, tables, buckets: Object.fromEntries(many) } });
    expect(message).toContain(
      `infra.config.ts: environments.${name}.dataStores.buckets: 120 entries make the inline policies of aws_iam_role_policy.`,
    );
  });

  test('more principals than a role can trust', () => {
    const operators = Array.from({ length: 60 }, (_, index) => `arn:aws:iam::222222222222:role/operator-${index}`);
    expect(refusal({ access: { ...environment.access, operators } })).toContain(
      `infra.config.ts: environments.${name}.access.operators: 60 entries make assume_role_policy of aws_iam_role.`,
    );
  });

  test('two names that give one address, where no check of the settings knows the construct', () => {
    const external = {
      account: '999999999999',
      region: estate.regions[0]!.key,
      segment: environment.segment,
      attachmentId: 'tgw-attach-0123456789abcdef0',
    };
    const message = refusal({
      externalAttachments: [
        { ...external, name: 'site-1', cidr: '172.30.0.0/16' },
        { ...external, name: 'site1', cidr: '172.31.0.0/16' },
      ],
    });
    const at = `infra.config.ts: environments.${name}.externalAttachments`;
    expect(message).toContain(`${at}.0.name and ${at}.1.name: two names give one resource address, `);
  });
});
