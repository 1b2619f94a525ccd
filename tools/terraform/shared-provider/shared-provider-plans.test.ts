import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTerraform, type TerraformBinary } from '../find-terraform';
import { findProviderSource, providerExecutable } from '../provider-source';
import { runTerraform, terraformEnvironment } from '../run-terraform';
import { SharedProvider } from './shared-provider';
import { typesInUse } from './types-in-use';

/*
 * Plans every configuration with the shared provider and without it.
 *
 * @long
 */

interface Configuration {
  terraform?: object;
  provider?: { aws: { region: string; alias?: string }[] };
  [block: string]: unknown;
}

interface Outcome {
  readonly exitCode: number;
  /** `terraform show -json`, without what differs between two plans of the same thing. */
  readonly plan: { resource_changes?: unknown[] };
  readonly diagnostics: string[];
}

const root = join(__dirname, '..', '..', '..');
const requirement = { source: 'hashicorp/aws', version: '5.100.0' };

const vpc = { aws_vpc: { Vpc: { cidr_block: '10.0.0.0/16' } } };
const subnets = ['${aws_subnet.S[0].id}', '${aws_subnet.S[1].id}'];
const subnet = { aws_subnet: { S: { count: 2, vpc_id: '${aws_vpc.Vpc.id}', cidr_block: '10.0.${count.index}.0/24' } } };
const metrics = (metric_name: string) => ({
  visibility_config: { cloudwatch_metrics_enabled: true, metric_name, sampled_requests_enabled: true },
});

const application: Configuration = {
  data: {
    aws_partition: { P: {} },
    aws_iam_policy_document: {
      Assume: {
        statement: { actions: ['sts:AssumeRole'], principals: { type: 'Service', identifiers: ['ec2.amazonaws.com'] } },
      },
      Read: { statement: { actions: ['s3:GetObject'], resources: ['${aws_s3_bucket.B.arn}/*'] } },
    },
  },
  resource: {
    ...vpc,
    ...subnet,
    aws_security_group: { Lb: { vpc_id: '${aws_vpc.Vpc.id}' } },
    aws_lb: { Lb: { subnets, security_groups: ['${aws_security_group.Lb.id}'] } },
    aws_lb_target_group: {
      T: { port: 80, protocol: 'HTTP', vpc_id: '${aws_vpc.Vpc.id}', health_check: { path: '/healthz' } },
    },
    aws_lb_listener: {
      L: {
        load_balancer_arn: '${aws_lb.Lb.arn}',
        port: 80,
        default_action: { type: 'forward', target_group_arn: '${aws_lb_target_group.T.arn}' },
      },
    },
    aws_launch_template: {
      T: { image_id: 'resolve:ssm:/x', instance_type: 't3.micro', metadata_options: { http_tokens: 'required' } },
    },
    aws_autoscaling_group: {
      G: {
        min_size: 1,
        max_size: 3,
        vpc_zone_identifier: subnets,
        launch_template: { id: '${aws_launch_template.T.id}', version: '${aws_launch_template.T.latest_version}' },
      },
    },
    aws_iam_role: { R: { assume_role_policy: '${data.aws_iam_policy_document.Assume.json}' } },
    aws_iam_role_policy: { P: { role: '${aws_iam_role.R.id}', policy: '${data.aws_iam_policy_document.Read.json}' } },
    aws_s3_bucket: { B: { bucket_prefix: '${data.aws_partition.P.partition}-' } },
    aws_s3_bucket_versioning: {
      V: { bucket: '${aws_s3_bucket.B.id}', versioning_configuration: { status: 'Enabled' } },
    },
  },
  output: {
    account: { value: '${provider::aws::arn_parse("arn:aws:iam::111111111111:role/x").account_id}' },
    role: { value: '${aws_iam_role.R.arn}' },
  },
};

const data: Configuration = {
  resource: {
    ...vpc,
    ...subnet,
    aws_db_subnet_group: { G: { subnet_ids: subnets } },
    aws_rds_cluster: {
      C: {
        engine: 'aurora-postgresql',
        master_username: 'root',
        manage_master_user_password: true,
        db_subnet_group_name: '${aws_db_subnet_group.G.name}',
      },
    },
    aws_rds_cluster_instance: {
      I: { cluster_identifier: '${aws_rds_cluster.C.id}', engine: 'aurora-postgresql', instance_class: 'db.r6g.large' },
    },
    aws_wafv2_web_acl: {
      W: {
        scope: 'REGIONAL',
        name: 'w',
        default_action: { allow: {} },
        ...metrics('all'),
        rule: {
          name: 'rate',
          priority: 1,
          action: { block: {} },
          statement: { rate_based_statement: { limit: 2000, aggregate_key_type: 'IP' } },
          ...metrics('rate'),
        },
      },
    },
  },
  removed: { from: 'aws_kms_key.Gone', lifecycle: { destroy: false } },
  check: {
    Partition: {
      data: { aws_partition: { P: {} } },
      assert: { condition: '${data.aws_partition.P.id == "aws"}', error_message: 'another partition' },
    },
  },
};

const twoRegions: Configuration = {
  provider: {
    aws: [
      { region: 'us-east-1', default_tags: { tags: { seen: 'home' } } },
      { region: 'ap-northeast-2', alias: 'away', default_tags: { tags: { seen: 'away' } } },
    ] as never,
  },
  data: { aws_region: { Home: {}, Away: { provider: 'aws.away' } } },
  resource: {
    aws_eip: Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`E${index}`, index % 2 ? {} : { provider: 'aws.away' }]),
    ),
  },
  output: { regions: { value: ['${data.aws_region.Home.name}', '${data.aws_region.Away.name}'] } },
};

const faulty: Configuration = {
  resource: {
    aws_vpc: { Vpc: { cidr_block: '10.0.0.0/99' } },
    aws_subnet: { S: { vpc_id: '${aws_vpc.Vpc.idd}', cidr_block: 'nonsense' } },
    aws_s3_bucket: { B: { bucket: 'b', bucket_prefix: 'b' } },
  },
};

const misspelt: Configuration = {
  resource: { aws_vpcs: { Vpc: { cidr_block: '10.0.0.0/16' } }, aws_region: { R: {} } },
};

/** The configuration that a project's own `main.ts` synthesises. */
function stack(project: string, name: string, outdir: string): Configuration {
  const run = spawnSync(process.execPath, ['--import', 'tsx', join(root, project, 'main.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CDKTF_OUTDIR: outdir },
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')) as Configuration;
}

const readable = (text: string, whole: (plan: object) => object): Record<string, unknown> => {
  const plan = whole(JSON.parse(text || '{}') as object) as Record<string, unknown>;
  delete plan['timestamp'];
  const relevant = plan['relevant_attributes'] as unknown[] | undefined;
  relevant?.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return plan;
};

describe('plans through shared providers', () => {
  jest.setTimeout(600_000);
  let folder: string;
  let binary: TerraformBinary;
  let environment: NodeJS.ProcessEnv;
  let providers: SharedProvider[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plans-'));
    binary = await findTerraform();
    const source = findProviderSource({ requirement, configFolder: folder, product: binary.product });
    const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|TF)_/.test(name));
    environment = terraformEnvironment({
      ...Object.fromEntries(kept),
      AWS_EC2_METADATA_DISABLED: 'true',
      ...source.environment,
    });
    let executable = source.executable;
    if (executable === undefined) {
      const { cwd } = prepare('provider', {});
      await terraform(cwd, ['init', '-input=false']);
      executable = providerExecutable(join(cwd, '.terraform', 'providers'), requirement, binary.product)!;
    }
    providers = await Promise.all([0, 1].map(() => SharedProvider.start({ executable, environment })));
  });

  afterAll(async () => {
    await Promise.all(providers.map((each) => each.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const terraform = (cwd: string, args: string[], extra: Record<string, string> = {}) =>
    runTerraform({ binary, cwd, args, environment: { ...environment, ...extra }, stop: 'kill' });

  const prepare = (name: string, given: Configuration) => {
    const cwd = join(folder, name);
    const { aws = [{ region: 'us-east-1' }] } = given.provider ?? {};
    const configuration = {
      ...given,
      terraform: { backend: { local: {} }, required_providers: { aws: requirement } },
      provider: {
        aws: aws.map((each) => ({
          ...each,
          access_key: 'none',
          secret_key: 'none',
          allowed_account_ids: [],
          skip_credentials_validation: true,
          skip_metadata_api_check: 'true',
          skip_region_validation: true,
          skip_requesting_account_id: true,
        })),
      },
    };
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, 'cdk.tf.json'), JSON.stringify(configuration));
    return { cwd, configuration };
  };

  const plan = async (
    cwd: string,
    extra?: Record<string, string>,
    whole: (plan: object) => object = (plan) => plan,
  ): Promise<Outcome> => {
    const init = await terraform(cwd, ['init', '-input=false', '-no-color'], extra);
    expect(init.stderr).toBe('');
    const { exitCode, stdout } = await terraform(
      cwd,
      ['plan', '-input=false', '-refresh=false', '-json', '-out=plan'],
      extra,
    );
    const diagnostics = stdout
      .split('\n')
      .filter((line) => line.includes('"type":"diagnostic"'))
      .map((line) => JSON.stringify((JSON.parse(line) as { diagnostic: unknown }).diagnostic))
      .sort();
    const shown = exitCode === 0 ? await terraform(cwd, ['show', '-json', 'plan'], extra) : undefined;
    return { exitCode, plan: readable(shown?.stdout ?? '', whole), diagnostics };
  };

  const known = new Map<Configuration, Promise<Outcome>>();
  const alone = (configuration: Configuration) => {
    const outcome = known.get(configuration) ?? plan(prepare(`alone-${known.size}`, configuration).cwd);
    known.set(configuration, outcome);
    return outcome;
  };

  let count = 0;
  const through = async (shared: SharedProvider, given: Configuration) => {
    const { cwd, configuration } = prepare(`shared-${count++}`, given);
    const lease = await shared.lease(typesInUse(configuration));
    try {
      return await plan(cwd, lease.environment, lease.whole);
    } finally {
      await lease.release();
    }
  };

  it.each<[string, Configuration, number]>([
    ['an application', application, 14],
    ['databases, a web ACL, a check', data, 8],
    ['two regions in one stack', twoRegions, 20],
  ])('are those that each stack would get by itself: %s', async (_, configuration, changes) => {
    const { plan, diagnostics, ...rest } = await alone(configuration);
    expect(await through(providers[0]!, configuration)).toEqual({ plan, diagnostics, ...rest });
    expect(diagnostics).toEqual([]);
    expect(plan.resource_changes).toHaveLength(changes);
  });

  it('leave out the unused blocks of a web ACL, unless something reads it as a whole', async () => {
    const lacksBlocks = async (configuration: Configuration) => {
      const lease = await providers[0]!.lease(typesInUse(configuration));
      await lease.release();
      return lease.lacksBlocks;
    };
    const reads = (value: string) => ({ ...data, output: { acl: { value } } });
    expect(await lacksBlocks(reads('${aws_wafv2_web_acl.W.arn}'))).toBe(true);
    expect(await lacksBlocks(reads('${jsonencode(aws_wafv2_web_acl.W)}'))).toBe(false);
    expect(await lacksBlocks(reads('${jsonencode(aws_wafv2_web_acl.W.rule)}'))).toBe(false);
    expect(await lacksBlocks(application)).toBe(false);
  });

  it('are those that a stack of the estate would get by itself', async () => {
    const estate = stack('region-us/vpc', 'region-us-vpc', join(folder, 'synth'));
    expect(await through(providers[0]!, estate)).toEqual(await alone(estate));
    expect((await alone(estate)).exitCode).toBe(0);
  });

  it.each([
    ['invalid values', faulty],
    ['misspelt types', misspelt],
  ])('fail with the same words: %s', async (_, configuration) => {
    const { exitCode, diagnostics } = await alone(configuration);
    expect(await through(providers[0]!, configuration)).toEqual({ exitCode, diagnostics, plan: {} });
    expect(exitCode).toBe(1);
    expect(diagnostics.length).toBeGreaterThan(1);
  });

  it('can run two at once, each with its own provider', async () => {
    const given = [application, faulty, twoRegions, application];
    const outcomes = await Promise.all(given.map((each, index) => through(providers[index % 2]!, each)));
    expect(outcomes).toEqual(await Promise.all(given.map(alone)));
  });
});
