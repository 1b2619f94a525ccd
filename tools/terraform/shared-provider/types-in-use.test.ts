import { typesInUse } from './types-in-use';

const region = { region: 'us-east-1' };

describe('the types in use', () => {
  it('are those of the blocks, each kind for itself', () => {
    const used = typesInUse({
      provider: { aws: [region] },
      resource: { aws_vpc: { Vpc: {} }, terraform_data: { X: {} }, awscc_ec2_vpc: { Y: {} } },
      data: { aws_region: { R: {} }, terraform_remote_state: { S: {} } },
    });
    expect([...used.resources]).toEqual(['aws_vpc']);
    expect([...used.dataSources]).toEqual(['aws_region']);
    expect(used.obstacle).toBeUndefined();
  });

  it('are also those that a state still holds', () => {
    const state = {
      version: 4,
      resources: [
        { mode: 'managed', type: 'aws_eip', name: 'X' },
        { mode: 'data', type: 'aws_partition', name: 'P' },
        { mode: 'managed', type: 'random_id', name: 'R' },
      ],
    };
    const used = typesInUse({}, [state, undefined]);
    expect([...used.resources]).toEqual(['aws_eip']);
    expect([...used.dataSources]).toEqual(['aws_partition']);
  });

  it('tell which blocks a state has, and what expressions read of a resource', () => {
    const instance = { attributes: { statement: [{ geo_match: [], byte_match: [{ text: 'x' }] }], captcha: null } };
    const state = { resources: [{ mode: 'managed', type: 'aws_acl', name: 'X', instances: [instance] }] };
    const { blocks } = typesInUse(
      {
        resource: { aws_acl: { X: { dynamic: { rate_limit: {} } }, Y: { depends_on: ['aws_acl.X'] } } },
        output: { a: { value: '${aws_acl.X.arn}' }, b: { value: '${values(data.aws_acl.X)}' } },
        locals: { c: '${jsonencode(aws_acl.Y)} ${aws_acl.Z[0].rule}' },
      },
      [state],
    );
    expect(
      ['rate_limit', 'statement', 'byte_match', 'geo_match', 'captcha'].filter((name) => blocks.words.has(name)),
    ).toEqual(['rate_limit', 'statement', 'byte_match']);
    expect(blocks.read).toEqual(new Map([['aws_acl', new Set(['arn', '*', 'rule'])]]));
  });

  it('are also those that only an address, or a check, names', () => {
    const used = typesInUse({
      moved: [{ from: 'aws_lb.Old', to: 'aws_alb.New' }],
      removed: { from: 'aws_kms_key.Gone', lifecycle: { destroy: false } },
      import: [{ to: 'aws_s3_bucket.Taken["a"]', id: 'x' }],
      check: { Health: [{ data: { aws_service: { S: {} } } }] },
    });
    expect([...used.resources].sort()).toEqual(['aws_alb', 'aws_kms_key', 'aws_lb', 'aws_s3_bucket']);
    expect([...used.dataSources]).toEqual(['aws_service']);
  });

  it('are gathered from several files', () => {
    const used = typesInUse([{ resource: { aws_vpc: {} } }, { resource: { aws_eip: {} }, provider: { aws: region } }]);
    expect([...used.resources]).toEqual(['aws_vpc', 'aws_eip']);
    expect(used.providerConfigurations).toBe(1);
  });
});

describe('the provider configurations', () => {
  it.each([
    [0, {}],
    [0, { provider: { random: [{}] } }],
    [1, { provider: { aws: region } }],
    [1, { provider: { aws: [region] } }],
    [2, { provider: { aws: [region, { ...region, alias: 'ap' }] } }],
  ])('are %i', (count, configuration) => {
    expect(typesInUse(configuration).providerConfigurations).toBe(count);
  });

  it('are counted once where an override changes one', () => {
    const aliased = { provider: { aws: [region, { alias: 'ap' }] } };
    expect(typesInUse([aliased, aliased]).providerConfigurations).toBe(2);
  });

  it('are an obstacle from the fourth on, and so are modules', () => {
    const aliases = (count: number) => ({
      provider: { aws: Array.from({ length: count }, (_, alias) => ({ alias })) },
    });
    expect(typesInUse(aliases(3)).obstacle).toBeUndefined();
    expect(typesInUse(aliases(4)).obstacle).toMatch('4 configurations');
    expect(typesInUse({ module: { M: { source: './m' } } }).obstacle).toMatch('modules');
  });
});
