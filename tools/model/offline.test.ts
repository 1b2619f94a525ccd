import { importsOf, readsWhilePlanned, withImports } from './offline';

test('a configuration that reads only what needs no call', () => {
  const data = { aws_partition: { P: {} }, aws_iam_policy_document: { D: {} }, terraform_remote_state: { S: {} } };
  expect(readsWhilePlanned({ data, provider: { aws: [{ region: 'us-east-1' }] } })).toEqual([]);
});

test('all that is read while Terraform plans, also by checks, and endpoints of a provider', () => {
  const problems = readsWhilePlanned({
    data: { aws_ip_ranges: { Ranges: {} }, http: { Page: {}, Other: {} }, aws_ami: { Guarded: {} } },
    check: { health: { data: { http: { Answer: {} } } } },
    provider: { aws: [{ region: 'us-east-1' }, { alias: 'other', endpoints: [{ s3: 'https://s3.example.com' }] }] },
  });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'data.aws_ip_ranges.Ranges',
    'data.http.Page',
    'data.http.Other',
    'data.http.Answer',
    'provider.aws',
  ]);
});

test('a resource that an import takes over is not created', () => {
  const change = (address: string, ...actions: string[]) => ({
    address,
    type: 'aws_vpc',
    mode: 'managed' as const,
    change: { actions },
  });
  const plan = { resource_changes: [change('aws_vpc.A', 'create'), change('aws_vpc.B', 'create')] };
  const imports = importsOf({ import: { to: '${aws_vpc.A}', id: 'vpc-1' } });
  expect(
    withImports(plan, imports).resource_changes?.map(({ change: { actions, importing } }) => [actions, importing]),
  ).toEqual([
    [['no-op'], { id: 'vpc-1' }],
    [['create'], undefined],
  ]);
  // What the state holds already is not imported again.
  const known = { resource_changes: [change('aws_vpc.A', 'update')] };
  expect(withImports(known, imports)).toEqual(known);
});
