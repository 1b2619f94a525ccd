import { driftOf, operationalChanges, operationalMeaning } from './drift-classes';

const drift = (type: string, before: object, after: object | null) =>
  driftOf({
    resource_drift: [
      {
        address: `${type}.X`,
        type,
        mode: 'managed',
        change: { actions: [after === null ? 'delete' : 'update'], before, ...(after === null ? {} : { after }) },
      },
    ],
  });

test('a turned dial is no drift', () => {
  const [found] = drift(
    'aws_globalaccelerator_endpoint_group',
    { traffic_dial_percentage: 100 },
    { traffic_dial_percentage: 0 },
  );
  expect(operationalMeaning(found!)).toBe('a dial or a weight was turned');
});

test('a turned dial beside something else is drift', () => {
  const [found] = drift(
    'aws_globalaccelerator_endpoint_group',
    { traffic_dial_percentage: 100, threshold_count: 3 },
    { traffic_dial_percentage: 0, threshold_count: 9 },
  );
  expect(found!.arguments).toEqual(['threshold_count', 'traffic_dial_percentage']);
  expect(operationalMeaning(found!)).toBeUndefined();
});

test('the same argument of another type is drift', () => {
  const [found] = drift('aws_vpc', { desired_capacity: 1 }, { desired_capacity: 2 });
  expect(operationalMeaning(found!)).toBeUndefined();
});

test('what is gone is drift, whatever it was', () => {
  for (const { type } of operationalChanges) {
    expect(operationalMeaning(drift(type, { a: 1 }, null)[0]!)).toBeUndefined();
  }
});

test('nothing and nothing are the same', () => {
  expect(drift('aws_vpc', { tags: null, name: '', list: [] }, { tags: {}, name: null })).toEqual([]);
});

test('a certificate that AWS has issued since the deploy is no drift', () => {
  const [found] = drift('aws_acm_certificate', { status: 'PENDING_VALIDATION' }, { status: 'ISSUED' });
  expect(operationalMeaning(found!)).toBe('it was issued or renewed');
});

/** As `terraform show -json` has them, with provider 5.100.0. */
describe('a block counts as operational for its weights only', () => {
  const group = (colour: string, weight: number) => ({
    arn: `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/prod-app-${colour}/0123456789abcdef`,
    weight,
  });
  const forward = (...target_group: object[]) => [
    {
      authenticate_cognito: [],
      authenticate_oidc: [],
      fixed_response: [],
      forward: [{ stickiness: [{ duration: 1, enabled: false }], target_group }],
      order: 1,
      redirect: [],
      target_group_arn: '',
      type: 'forward',
    },
  ];
  const redirect = [
    {
      authenticate_cognito: [],
      authenticate_oidc: [],
      fixed_response: [],
      forward: [],
      order: 1,
      redirect: [
        { host: 'example.org', path: '/#{path}', port: '443', protocol: 'HTTPS', query: '', status_code: 'HTTP_302' },
      ],
      target_group_arn: '',
      type: 'redirect',
    },
  ];
  const endpoint = (balancer: string, weight: number) => [
    {
      attachment_arn: '',
      client_ip_preservation_enabled: true,
      endpoint_id: `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/${balancer}/0123456789abcdef`,
      weight,
    },
  ];
  const of = (type: string, argument: string, before: unknown, after: unknown) => {
    const [found] = drift(type, { [argument]: before }, { [argument]: after });
    return { arguments: found!.arguments, meaning: operationalMeaning(found!) };
  };
  const before = forward(group('blue', 100), group('green', 0));
  const moved = { meaning: 'traffic was moved between target groups' };

  test.each([
    ['aws_lb_listener', 'default_action'],
    ['aws_lb_listener_rule', 'action'],
  ])('%s: weights among the same target groups', (type, argument) => {
    const weights = `${argument}.forward.target_group.weight`;
    // A set: what the provider puts first has no meaning.
    for (const after of [
      forward(group('blue', 75), group('green', 25)),
      forward(group('green', 100), group('blue', 0)),
    ]) {
      expect(of(type, argument, before, after)).toEqual({ arguments: [weights], ...moved });
    }
  });

  test.each([
    ['another target group', forward(group('blue', 100), group('stranger', 0))],
    ['one target group less', forward(group('green', 100))],
    ['a redirect', redirect],
    ['weights and stickiness', [{ ...before[0], forward: [{ ...before[0]!.forward[0], stickiness: [] }] }]],
  ])('a listener with %s is drift', (_, after) => {
    expect(of('aws_lb_listener', 'default_action', before, after)).toEqual({ arguments: ['default_action'] });
    expect(of('aws_lb_listener_rule', 'action', before, after)).toEqual({ arguments: ['action'] });
  });

  test('an endpoint of the accelerator that is another one is drift', () => {
    const type = 'aws_globalaccelerator_endpoint_group';
    const argument = 'endpoint_configuration';
    expect(of(type, argument, endpoint('app', 128), endpoint('app', 0))).toEqual({
      arguments: ['endpoint_configuration.weight'],
      meaning: 'a dial or a weight was turned',
    });
    expect(of(type, argument, endpoint('app', 128), endpoint('stranger', 128))).toEqual({ arguments: [argument] });
    expect(of(type, argument, endpoint('app', 128), [])).toEqual({ arguments: [argument] });
  });

  test('a record that has no weight any more is drift', () => {
    const argument = 'weighted_routing_policy';
    expect(of('aws_route53_record', argument, [{ weight: 100 }], [{ weight: 0 }]).meaning).toBe('a weight was turned');
    expect(of('aws_route53_record', argument, [{ weight: 100 }], [])).toEqual({ arguments: [argument] });
  });
});

test('a tag that was taken away beside a turned dial is drift', () => {
  const [found] = drift(
    'aws_globalaccelerator_endpoint_group',
    { traffic_dial_percentage: 100, tags_all: { owner: 'network' } },
    { traffic_dial_percentage: 0, tags_all: {} },
  );
  expect(operationalMeaning(found!)).toBeUndefined();
});
