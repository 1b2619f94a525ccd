import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { accessLogFields, accessLogPath } from './access-log';
import { Distribution, type DistributionProps } from './distribution';
import { Website, type WebsiteProps } from './website';

const environment = exampleEnvironment();
const header = { name: 'x-origin-verify', value: 'first,second' };
const props: Omit<WebsiteProps, 'usEast1'> = {
  environment,
  regionKey: 'us',
  accountId: environment.accounts.edge,
  validationRecord: '_0eee.example.com',
  balancers: ['origin-us.example.com', 'origin-ap.example.com'],
  header,
  buckets: ['site-us.s3.us-east-1.amazonaws.com', 'site-ap.s3.ap-northeast-2.amazonaws.com'],
};
const build = (stack: EstateStack, changed: typeof props) => {
  const usEast1 = new AwsProvider(stack, 'us-east-1', { alias: 'us-east-1', region: 'us-east-1' });
  return new Website(stack, 'Website', { ...changed, usEast1 });
};
const synth = (overrides: Partial<typeof props> = {}) =>
  synthConstruct((stack) => build(stack, { ...props, ...overrides }));
const stack = synth();
const distribution = stack.resource('aws_cloudfront_distribution');
const behaviour = (path: string) =>
  distribution.ordered_cache_behavior.find(({ path_pattern }: { path_pattern: string }) => path_pattern === path);
const origin = (id: string, of = distribution) =>
  of.origin.find(({ origin_id }: { origin_id: string }) => origin_id === id);

describe('origins', () => {
  test('pages: the first load balancer, and the second on the status codes of the settings', () => {
    expect(distribution.default_cache_behavior).toMatchObject({
      target_origin_id: 'balancers',
      allowed_methods: ['GET', 'HEAD', 'OPTIONS'],
    });
    expect(distribution.origin_group[0]).toEqual({
      origin_id: 'balancers',
      failover_criteria: { status_codes: environment.edge.originFailover.statusCodes },
      member: [{ origin_id: 'first-balancer' }, { origin_id: 'second-balancer' }],
    });
    expect(origin('first-balancer').domain_name).toBe('origin-us.example.com');
    expect(origin('second-balancer').domain_name).toBe('origin-ap.example.com');
  });

  test('writes: the name of the API, without an origin group, not cached', () => {
    expect(behaviour('/api/*')).toMatchObject({ target_origin_id: 'api', viewer_protocol_policy: 'https-only' });
    expect(behaviour('/api/*').allowed_methods).toEqual(expect.arrayContaining(['POST', 'PUT', 'PATCH', 'DELETE']));
    expect(origin('api').domain_name).toBe('origin-api.example.com');
    expect(behaviour('/api/*').cache_policy_id).toBe(stack.reference('aws_cloudfront_cache_policy', 'NothingCache'));
    expect(stack.resource('aws_cloudfront_cache_policy', 'NothingCache')).toMatchObject({ max_ttl: 0, default_ttl: 0 });
  });

  test('no path with write methods has an origin group, which CloudFront refuses', () => {
    const groups = distribution.origin_group.map(({ origin_id }: { origin_id: string }) => origin_id);
    for (const each of [distribution.default_cache_behavior, ...distribution.ordered_cache_behavior]) {
      if (each.allowed_methods.includes('POST')) expect(groups).not.toContain(each.target_origin_id);
    }
  });

  test('files: the copies of the bucket, also for objects that are missing in the first one', () => {
    expect(behaviour('/static/*').target_origin_id).toBe('buckets');
    expect(distribution.origin_group[1]).toMatchObject({
      origin_id: 'buckets',
      failover_criteria: { status_codes: [404, 500, 502, 503, 504] },
      member: [{ origin_id: 'first-bucket' }, { origin_id: 'second-bucket' }],
    });
    for (const id of ['first-bucket', 'second-bucket']) {
      expect(origin(id).origin_access_control_id).toBe(stack.reference('aws_cloudfront_origin_access_control'));
    }
    expect(stack.resource('aws_cloudfront_origin_access_control')).toMatchObject({
      signing_behavior: 'always',
      signing_protocol: 'sigv4',
    });
  });

  test('without a bucket the load balancers serve everything', () => {
    const { buckets: _, ...without } = props;
    const other = synthConstruct((scope) => build(scope, without));
    expect(other.count('aws_cloudfront_origin_access_control')).toBe(0);
    expect(other.resource('aws_cloudfront_distribution').origin_group).toHaveLength(1);
    expect(other.resource('aws_cloudfront_distribution').ordered_cache_behavior).toHaveLength(1);
  });

  test('a header tells load balancers that the distribution is ours', () => {
    for (const id of ['first-balancer', 'second-balancer', 'api']) expect(origin(id).custom_header).toEqual([header]);
  });
});

describe('failover takes seconds', () => {
  test('every origin that has a second one gets one short attempt', () => {
    const groups: string[] = distribution.origin_group.flatMap(({ member }: { member: { origin_id: string }[] }) =>
      member.map(({ origin_id }) => origin_id),
    );
    expect(groups).toHaveLength(4);
    for (const id of groups) expect(origin(id)).toMatchObject({ connection_attempts: 1, connection_timeout: 2 });
    expect(origin('first-balancer').custom_origin_config.origin_read_timeout).toBe(10);
  });

  test('writes, which have no second origin, get three attempts to connect', () => {
    expect(origin('api')).toMatchObject({ connection_attempts: 3, connection_timeout: 2 });
  });

  test('connections close before the load balancer closes them, so that no write fails', () => {
    const balancerKeepsSec = 60;
    for (const id of ['first-balancer', 'second-balancer', 'api']) {
      expect(origin(id).custom_origin_config.origin_keepalive_timeout).toBeLessThan(balancerKeepsSec);
    }
  });

  test('errors are not cached', () => {
    expect(distribution.custom_error_response).toEqual(
      [500, 502, 503, 504].map((error_code) => ({ error_code, error_caching_min_ttl: 0 })),
    );
  });
});

describe('readers', () => {
  test('get HTTP/3, IPv6 and TLS 1.2 or newer, on the names of the region', () => {
    expect(distribution).toMatchObject({
      http_version: 'http2and3',
      is_ipv6_enabled: true,
      aliases: ['example.com', 'us.example.com'],
      viewer_certificate: { minimum_protocol_version: 'TLSv1.2_2021', ssl_support_method: 'sni-only' },
    });
    expect(distribution.viewer_certificate.acm_certificate_arn).toBe(
      stack.reference('aws_acm_certificate_validation', undefined, 'certificate_arn'),
    );
  });

  test('reach the main name only in the home region', () => {
    expect(synth({ regionKey: 'ap' }).resource('aws_cloudfront_distribution').aliases).toEqual(['ap.example.com']);
  });

  test('get security headers on every path', () => {
    const policy = stack.reference('aws_cloudfront_response_headers_policy');
    for (const each of [distribution.default_cache_behavior, ...distribution.ordered_cache_behavior]) {
      expect(each.response_headers_policy_id).toBe(policy);
    }
    expect(
      stack.resource('aws_cloudfront_response_headers_policy').security_headers_config.strict_transport_security,
    ).toEqual({ access_control_max_age_sec: 31_536_000, include_subdomains: false, preload: false, override: true });
  });

  test('get HTTPS demanded for names below only if the settings say so', () => {
    const { edge } = environment;
    const strictTransport = { maxAgeDays: 30, subdomains: 'on', preload: 'on' } as const;
    const other = synth({ environment: { ...environment, edge: { ...edge, strictTransport } } });
    expect(
      other.resource('aws_cloudfront_response_headers_policy').security_headers_config.strict_transport_security,
    ).toEqual({ access_control_max_age_sec: 30 * 86_400, include_subdomains: true, preload: true, override: true });
  });

  test('never use plain HTTP, nor do origins', () => {
    for (const each of [distribution.default_cache_behavior, ...distribution.ordered_cache_behavior]) {
      expect(['redirect-to-https', 'https-only']).toContain(each.viewer_protocol_policy);
    }
    for (const id of ['first-balancer', 'second-balancer', 'api']) {
      expect(origin(id).custom_origin_config).toMatchObject({
        origin_protocol_policy: 'https-only',
        origin_ssl_protocols: ['TLSv1.2'],
      });
    }
  });
});

describe('resources in us-east-1', () => {
  test.each([
    'aws_acm_certificate',
    'aws_wafv2_web_acl',
    'aws_wafv2_web_acl_logging_configuration',
    'aws_cloudwatch_log_group',
    'aws_cloudwatch_log_delivery_source',
    'aws_cloudwatch_log_delivery_destination',
    'aws_cloudwatch_log_delivery',
    'aws_cloudwatch_log_resource_policy',
  ])('%s', (type) => {
    expect(stack.resource(type).provider).toBe('aws.us-east-1');
  });

  test('are no others', () => {
    for (const type of ['aws_s3_bucket', 'aws_cloudfront_distribution', 'aws_cloudfront_cache_policy']) {
      for (const resource of stack.resources(type)) expect(resource.provider).toBeUndefined();
    }
  });
});

describe('web ACL', () => {
  const acl = stack.resource('aws_wafv2_web_acl');

  test('is attached to the distribution', () => {
    expect(acl.scope).toBe('CLOUDFRONT');
    expect(distribution.web_acl_id).toBe(stack.reference('aws_wafv2_web_acl', undefined, 'arn'));
  });

  test('has a rate limit and the managed groups, each rule once and with its own priority', () => {
    expect(acl.rule[0].statement.rate_based_statement).toEqual({ aggregate_key_type: 'IP', limit: 2000 });
    const priorities = acl.rule.map(({ priority }: { priority: number }) => priority);
    expect(priorities).toEqual([0, 1, 2, 3, 4]);
    const counting = acl.rule.filter(
      ({ override_action }: { override_action?: { count?: object } }) => override_action?.count,
    );
    expect(counting.map(({ name }: { name: string }) => name)).toEqual(['CommonRuleSet', 'SQLiRuleSet']);
  });

  test('logs blocked requests, without secrets', () => {
    const logging = stack.resource('aws_wafv2_web_acl_logging_configuration');
    expect(logging.log_destination_configs).toEqual([stack.reference('aws_cloudwatch_log_group', undefined, 'arn')]);
    expect(logging.redacted_fields).toEqual([
      { single_header: { name: 'authorization' } },
      { single_header: { name: 'cookie' } },
    ]);
    expect(stack.resource('aws_cloudwatch_log_group').name).toMatch(/^aws-waf-logs-/);
  });

  test('may write to its log before logging is on, and to nothing else', () => {
    const { policy_document, provider } = stack.resource('aws_cloudwatch_log_resource_policy');
    const { name } = stack.resource('aws_cloudwatch_log_group');
    const [{ Principal, Resource, Condition }] = JSON.parse(policy_document as string).Statement;
    expect(Principal).toEqual({ Service: 'delivery.logs.amazonaws.com' });
    expect(Resource).toBe(`arn:aws:logs:us-east-1:${environment.accounts.edge}:log-group:${name}:*`);
    expect(Condition.StringEquals).toEqual({ 'aws:SourceAccount': environment.accounts.edge });
    expect(provider).toBe('aws.us-east-1');
    expect(stack.resource('aws_wafv2_web_acl_logging_configuration').depends_on).toEqual([
      stack.reference('aws_cloudwatch_log_resource_policy').slice(2, -4),
    ]);
  });
});

describe('access log', () => {
  test('goes to a bucket of the region, by hour, without cookies', () => {
    expect(stack.resource('aws_cloudwatch_log_delivery')).toMatchObject({
      record_fields: accessLogFields,
      s3_delivery_configuration: [{ suffix_path: accessLogPath }],
    });
    expect(accessLogFields).not.toContain('cs(Cookie)');
    expect(stack.resource('aws_cloudwatch_log_delivery_source')).toMatchObject({
      log_type: 'ACCESS_LOGS',
      resource_arn: stack.reference('aws_cloudfront_distribution', undefined, 'arn'),
    });
  });

  test('only log delivery of this account may write to the bucket, and its deletion follows the settings', () => {
    const { Statement } = JSON.parse(stack.resource('aws_s3_bucket_policy').policy);
    const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed).not.toHaveLength(0);
    for (const statement of allowed) {
      expect(statement.Principal).toEqual({ Service: 'delivery.logs.amazonaws.com' });
      expect(statement.Condition.StringEquals['aws:SourceAccount']).toBe(environment.accounts.edge);
    }
    expect(stack.resource('aws_s3_bucket').force_destroy).toBe(true);
    const kept = synth({ environment: { ...environment, edge: { ...environment.edge, protection: 'protected' } } });
    expect(kept.resource('aws_s3_bucket').force_destroy).toBe(false);
  });
});

test('the website uses every prop', () => {
  const seconds = {
    environment: exampleEnvironment({ domain: 'example.org' }),
    regionKey: 'ap',
    accountId: '999999999999',
    validationRecord: '_0eef.example.com',
    balancers: [props.balancers[1], props.balancers[0]] as const,
    header: { ...header, value: 'third' },
    applications: [{ name: 'shop', header }],
    buckets: undefined as never,
  };
  expect(findDeadProps(props, seconds, build)).toEqual([]);
});

test('the website uses every edge setting that it takes', () => {
  const { edge } = environment;
  const changes = [
    { requestLimit: 100 },
    { logRetentionDays: 7 },
    { firewallLogRetentionDays: 7 },
    { protection: 'protected' as const },
    { originFailover: { ...edge.originFailover, statusCodes: [503] } },
    { originFailover: { ...edge.originFailover, connectionTimeoutSec: 3 } },
    { originFailover: { ...edge.originFailover, connectionAttempts: 2 } },
    { originFailover: { ...edge.originFailover, readTimeoutSec: 20 } },
  ];
  for (const change of changes) {
    expect(synth({ environment: { ...environment, edge: { ...edge, ...change } } }).json).not.toEqual(stack.json);
  }
});

test('the distribution uses every prop', () => {
  const base: DistributionProps = {
    name: 'prod-us',
    aliases: ['us.example.com'],
    certificateArn: 'arn:certificate',
    webAclArn: 'arn:acl',
    failover: environment.edge.originFailover,
    strictTransport: environment.edge.strictTransport,
    balancers: props.balancers,
    api: 'origin-api.example.com',
    header,
    buckets: props.buckets!,
  };
  const seconds = {
    name: 'prod-ap',
    aliases: ['ap.example.com'],
    certificateArn: 'arn:other',
    webAclArn: 'arn:other',
    failover: { ...environment.edge.originFailover, statusCodes: [502] },
    strictTransport: { ...environment.edge.strictTransport, maxAgeDays: 1 },
    balancers: [props.balancers[1], props.balancers[0]] as const,
    api: 'origin-api.example.org',
    header: { ...header, value: 'third' },
    applications: [{ name: 'shop', origin: 'origin-shop.example.com', header }],
    buckets: undefined as never,
  };
  expect(findDeadProps(base, seconds, (scope, changed) => new Distribution(scope, 'Site', changed))).toEqual([]);
});
