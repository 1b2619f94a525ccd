import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Fn, Testing, Tokenization, type App } from 'cdktf';
import {
  defineContract,
  list,
  map,
  sensitiveText,
  text,
  type Contract,
  type Fields,
  type Values,
} from '@platform/libs/contract/contract';
import type { Differences } from '@platform/libs/settings/differences';
import type { Environment } from '@platform/libs/settings/environment';
import type { AccountRole } from '@platform/libs/settings/organisation';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { EstateStack, type Region } from './estate-stack';

const [us, ap] = exampleRegions;
const network = defineContract({
  stack: 'region-ap-network',
  project: 'region-ap/network',
  stateRegion: ap,
  fields: {
    vpcId: text('Id of the VPC', 'vpc-1'),
    subnetIds: list('Subnets', ['subnet-1']),
    tableIds: map('Tables by name', { app: 'rtb-1' }),
  },
});
const app = defineContract({
  stack: 'region-us-app',
  project: 'region-us/app',
  stateRegion: us,
  fields: { name: text('Name', 'app'), ids: list('Ids', ['1']), names: map('Names', { a: 'b' }) },
});

class TestedStack extends EstateStack {
  constructor(scope: App, build: (stack: TestedStack) => void, environment: Environment = exampleEnvironment()) {
    super(scope, { environment, contract: app, region: us, account: 'workload' });
    build(this);
  }

  offer<F extends Fields>(contract: Contract<F>, values: Values<F>): void {
    this.publish(contract, values);
  }

  joinRegion(region: Region, account?: AccountRole): AwsProvider {
    return this.addAliasedProvider(region, account);
  }
}

const synth = (build: (stack: TestedStack) => void = () => undefined, environment?: Environment) =>
  synthStack((scope) => new TestedStack(scope, build, environment));
const made = (build: (stack: TestedStack) => void = () => undefined) => new TestedStack(Testing.app(), build);
const values = { name: 'web', ids: ['1', '2'], names: { a: 'b' } };

describe('a stack', () => {
  describe('with roles', () => {
    const boundariesOf = (access: Partial<Environment['access']> = {}) => {
      const { access: given } = exampleEnvironment();
      const stack = synth(
        (tested) => {
          new IamRole(tested, 'Own', { name: 'own', assumeRolePolicy: '{}' });
          const provider = tested.joinRegion(us, 'edge');
          new IamRole(tested, 'Other', { name: 'other', assumeRolePolicy: '{}', provider });
        },
        exampleEnvironment({ access: { ...given, ...access } }),
      );
      return ['Own', 'Other'].map((id) => stack.resource('aws_iam_role', id).permissions_boundary as unknown);
    };

    test('limits each by the boundary in its account', () => {
      expect(boundariesOf()).toEqual([
        'arn:aws:iam::222222222222:policy/platform-deploy-roles-boundary',
        'arn:aws:iam::333333333333:policy/platform-deploy-roles-boundary',
      ]);
    });

    test('with roles that others made, uses their boundary if there is one', () => {
      expect(boundariesOf({ roles: 'existing', rolesBoundary: 'limits' })[0]).toBe(
        'arn:aws:iam::222222222222:policy/limits',
      );
      expect(boundariesOf({ roles: 'existing' })).toEqual([undefined, undefined]);
    });
  });

  test('has one provider, for its region and account, with default tags', () => {
    expect(synth().providers()).toEqual([
      {
        region: 'us-east-1',
        allowed_account_ids: ['222222222222'],
        default_tags: [
          {
            tags: {
              organisation: 'example',
              environment: 'prod',
              project: 'region-us/app',
              owner: 'platform',
              'cost-centre': 'platform',
            },
          },
        ],
      },
    ]);
  });

  test('keeps its state in the bucket of its region, locked, with the bucket’s encryption', () => {
    expect(synth().json.terraform!.backend).toEqual({
      s3: {
        bucket: 'example-prod-terraform-state-us',
        key: 'region-us-app/terraform.tfstate',
        region: 'us-east-1',
        use_lockfile: true,
      },
    });
  });

  test('keeps its state in a workspace, and reads those of others, where the settings say so', () => {
    const example = exampleEnvironment();
    const cloud = { organization: 'acme', hostname: 'tfe.acme.io', project: 'platform' };
    const state = { ...example.state, backend: 'cloud' as const, cloud };
    const { json } = synth((stack) => void stack.read(network), { ...example, state });
    expect(json.terraform).toMatchObject({
      cloud: {
        organization: 'acme',
        hostname: 'tfe.acme.io',
        workspaces: { name: 'prod-region-us-app', project: 'platform' },
      },
    });
    expect(json.terraform).not.toHaveProperty('backend');
    expect(json.data).toEqual({
      terraform_remote_state: {
        'region-ap-network': {
          backend: 'remote',
          config: { organization: 'acme', hostname: 'tfe.acme.io', workspaces: { name: 'prod-region-ap-network' } },
        },
      },
    });
  });

  test('has no role to assume: the target adds it', () => {
    expect(JSON.stringify(synth().json)).not.toContain('assume_role');
  });

  test('describes itself', () => {
    const stack = made((it) => {
      it.read(network);
      it.read(network);
      it.joinRegion(ap);
    });
    expect(stack.describe()).toEqual({
      stack: 'region-us-app',
      project: 'region-us/app',
      className: 'TestedStack',
      region: 'us',
      awsRegion: 'us-east-1',
      account: 'workload',
      owner: 'platform',
      contract: app,
      reads: ['region-ap-network'],
      aliases: [{ alias: 'ap', awsRegion: 'ap-northeast-2', account: 'workload' }],
      waivers: [],
      differences: {},
    });
  });

  test('describes the differences that it declares, each with a reason and a team', () => {
    class DifferentStack extends EstateStack {
      constructor(differences: Differences) {
        super(Testing.app(), {
          environment: exampleEnvironment(),
          contract: app,
          region: us,
          account: 'workload',
          differences,
        });
      }
    }
    const reports = { here: 'added', reason: 'reports of one market', owner: 'platform' } as const;
    expect(new DifferentStack({ Reports: reports }).describe().differences).toEqual({ Reports: reports });
    const wrong = { Reports: { ...reports, reason: '' }, Database: { ...reports, owner: 'nobody' } };
    expect(() => new DifferentStack(wrong)).toThrow(
      [
        'region-us/app: differences.Reports.reason: is empty; say why the regions differ',
        'region-us/app: differences.Database: there is no team "nobody"; use one of platform, network',
      ].join('\n'),
    );
  });

  test('without an owner is refused', () => {
    const environment = exampleEnvironment({ owners: { shared: 'network' } });
    expect(() => synth(undefined, environment)).toThrow(
      'region-us/app: this folder has no owner; add it to owners in infra.config.ts',
    );
  });

  test('with the name of another is refused', () => {
    const scope = Testing.app();
    new TestedStack(scope, () => undefined);
    expect(() => new TestedStack(scope, () => undefined)).toThrow(
      'region-us/app: its stack "region-us-app" is there already; give each a name of its own',
    );
  });

  test('can join a second region or account by an alias', () => {
    const stack = synth((it) => {
      it.joinRegion(ap);
      it.joinRegion(us, 'network');
    });
    expect(stack.providers().map(({ alias, region, allowed_account_ids: [id] }) => [alias, region, id])).toEqual([
      [undefined, 'us-east-1', '222222222222'],
      ['ap', 'ap-northeast-2', '222222222222'],
      ['network', 'us-east-1', '111111111111'],
    ]);
  });
});

describe('the outputs of a stack', () => {
  test('are the fields of its contract, by name, and no others', () => {
    const stack = synth((it) => it.offer(app, values));
    expect(stack.outputs()).toEqual(values);
    expect(stack.json.output!.name!.description).toBe('Name');
  });

  test('are sensitive if the contract says so', () => {
    const secret = defineContract({
      ...app,
      fields: { value: sensitiveText('Value', 'x'), name: text('Name', 'app') },
    });
    const stack = synth((it) => it.offer(secret, { value: 'v', name: 'web' }));
    expect(stack.json.output).toMatchObject({ value: { sensitive: true } });
    expect(stack.json.output!['name']).not.toHaveProperty('sensitive');
    const reader = synth((it) => it.offer(app, { ...values, name: it.read({ ...secret, stack: 'other' }).value }));
    expect(reader.outputs()['name']).toBe('${sensitive(data.terraform_remote_state.other.outputs.value)}');
  });

  test('may be references', () => {
    const stack = synth((it) => {
      const vpc = new Vpc(it, 'Vpc', { cidrBlock: '10.0.0.0/16' });
      it.offer(app, { name: vpc.id, ids: [vpc.id], names: { a: vpc.id } });
    });
    const id = stack.reference('aws_vpc');
    expect(stack.outputs()).toEqual({ name: id, ids: [id], names: { a: id } });
  });

  test('are those of its own contract, published once', () => {
    const refusal = 'region-us/app: a stack publishes its own contract, once; publish that of "region-us-app"';
    expect(() => made((it) => it.offer(network, { vpcId: '', subnetIds: [], tableIds: {} }))).toThrow(refusal);
    const twice = (it: TestedStack) => [1, 2].forEach(() => it.offer(app, values));
    expect(() => made(twice)).toThrow(refusal);
  });

  test('match the contract', () => {
    expect(made().publishesItsContract).toBe(false);
    expect(made((it) => it.offer(app, values)).publishesItsContract).toBe(true);
  });

  // Synth checks no types; without this check a missing value would be a missing argument in a plan without errors.
  test('are refused if their names are not those of the contract', () => {
    const { names: _, ...fewer } = values;
    const given = { ...fewer, Names: {}, ids: undefined } as unknown as typeof values;
    expect(() => synth((it) => it.offer(app, given))).toThrow(
      'region-us/app: it does not publish "ids", "names" of its contract; use the same names in contract.ts and in publish of stack.ts\n' +
        'region-us/app: it publishes "Names", not in its contract; use',
    );
  });

  // The type check fails if one of these lines compiles.
  test('are checked by the compiler', () => {
    const compiled = (it: TestedStack) => {
      // @ts-expect-error ids and names are missing
      it.offer(app, { name: 'web' });
      // @ts-expect-error the field is called name, not Name
      it.offer(app, { ...values, Name: 'web' });
      // @ts-expect-error a single id is not a list
      it.offer(app, { ...values, ids: '1' });
      // @ts-expect-error a list has no keys
      it.offer(app, { ...values, names: ['b'] });
      const read = it.read(network);
      // @ts-expect-error not in the contract
      void read.cidr;
      // @ts-expect-error a list is not a single id
      new Vpc(it, 'Vpc', { cidrBlock: read.subnetIds });
    };
    expect(compiled).toBeInstanceOf(Function);
  });
});

describe('the values that a stack reads', () => {
  const published = (build: (state: Values<typeof network.fields>) => Values<typeof app.fields>) =>
    synth((it) => it.offer(app, build(it.read(network)))).outputs();
  const outputs = 'data.terraform_remote_state.region-ap-network.outputs';

  test("are references to the other stack's outputs: a text, a list, a map", () => {
    expect(published(({ vpcId, subnetIds, tableIds }) => ({ name: vpcId, ids: subnetIds, names: tableIds }))).toEqual({
      name: `\${${outputs}.vpcId}`,
      ids: `\${${outputs}.subnetIds}`,
      names: `\${${outputs}.tableIds}`,
    });
  });

  test('throw WrongUse for a field that is not in the contract, also when destructured', () => {
    const read = made().read(network) as Record<string, unknown>;
    const words =
      'region-ap/network: its contract has no field "cidr", which region-us/app reads; use one of vpcId, subnetIds, tableIds';
    expect(() => read['cidr']).toThrow(expect.objectContaining({ message: words, exitCode: 2 }));
    expect(() => {
      const { vpcId: _, ...rest } = read;
      const { cidr } = read;
      return [rest, cidr];
    }).toThrow(words);
  });

  test('can be copied, listed, awaited and written as JSON', async () => {
    const read = made().read(network);
    expect(Object.keys({ ...read })).toEqual(['vpcId', 'subnetIds', 'tableIds']);
    expect('cidr' in read).toBe(false);
    expect(await Promise.resolve(read)).toBe(read);
    expect(JSON.parse(JSON.stringify(read))).toEqual({ ...read });
    expect(Tokenization.isResolvable(read)).toBe(false);
    expect(String(read)).toBe('[object Object]');
  });

  test('may be part of a text', () => {
    expect(published(({ vpcId }) => ({ ...values, name: `of ${vpcId}` })).name).toBe(`of \${${outputs}.vpcId}`);
  });

  test('may be one item of a list, one entry of a map', () => {
    const given = published(({ subnetIds, tableIds }) => ({
      name: Fn.element(subnetIds, 1) as string,
      ids: [Fn.lookup(tableIds, 'app') as string],
      names: {},
    }));
    expect(given.name).toBe(`\${element(${outputs}.subnetIds, 1)}`);
    expect(given.ids).toEqual([`\${${outputs}.tableIds.app}`]);
  });

  test('come from the bucket of the region that they were written in, by one data source', () => {
    const stack = synth((it) => {
      it.read(network);
      it.read(network);
    });
    expect(Object.keys(stack.json.data!.terraform_remote_state!)).toEqual(['region-ap-network']);
    expect(stack.dataSource('terraform_remote_state')).toEqual({
      backend: 's3',
      config: {
        bucket: 'example-prod-terraform-state-ap',
        key: 'region-ap-network/terraform.tfstate',
        region: 'ap-northeast-2',
      },
    });
  });
});
