import { runInNewContext } from 'node:vm';
import type { ApplicationSettings } from '@platform/libs/settings/application';
import type { Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { Application, type ApplicationProps } from './application';

const [region] = exampleRegions;
const closed = {
  ...region,
  edgeSources: { distributions: 'pl-0d', healthCheckers: 'pl-0c', accelerator: { prod: 'sg-0a' } },
};
const network = {
  vpcId: 'vpc-1',
  cidr: '10.0.0.0/16',
  publicSubnetIds: ['subnet-p1', 'subnet-p2'],
  appSubnetIds: ['subnet-a1', 'subnet-a2'],
};

function synth(
  application: Partial<ApplicationSettings> = {},
  environment: Partial<Environment> = {},
  props: Partial<ApplicationProps> = {},
) {
  const settings = exampleEnvironment({
    ...environment,
    applications: { app: { ...exampleEnvironment().applications['app']!, ...application } },
  });
  return synthConstruct(
    (stack) =>
      new Application(stack, 'Application', {
        environment: settings,
        application: 'app',
        region,
        accountId: '222222222222',
        network,
        certificateArn: 'arn:certificate',
        dataStores: [],
        ...props,
      }),
    settings,
  );
}

const addressesOf = (stack: ReturnType<typeof synth>, type: string) =>
  stack.addresses().filter((address) => address.startsWith(`${type}.`));
const policyOf = (text: string) => JSON.parse(text) as { Statement: Record<string, unknown>[] };

describe('the load balancer', () => {
  const stack = synth();

  test('accepts TLS 1.2 and 1.3 only, and only redirects on port 80', () => {
    expect(stack.resource('aws_lb_listener', 'Https')).toMatchObject({
      port: 443,
      protocol: 'HTTPS',
      ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificate_arn: 'arn:certificate',
    });
    const { default_action: actions } = stack.resource('aws_lb_listener', 'Redirect');
    expect(actions).toEqual([
      { type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', status_code: 'HTTP_301' } },
    ]);
  });

  test('drops malformed headers, mitigates request smuggling, and logs', () => {
    const lb = stack.resource('aws_lb');
    expect(lb).toMatchObject({
      drop_invalid_header_fields: true,
      desync_mitigation_mode: 'defensive',
      internal: false,
    });
    expect(lb.access_logs).toMatchObject({ enabled: true, prefix: 'app' });
    expect(lb.connection_logs).toMatchObject({ enabled: true });
    expect(lb.depends_on).toContain(stack.reference('aws_s3_bucket_policy', undefined, '').slice(2, -2));
  });

  test('has a web ACL with the managed rule groups, a rate limit per address and a log', () => {
    const rules = stack.resource('aws_wafv2_web_acl').rule as { name: string }[];
    expect(rules.map(({ name }) => name)).toEqual([
      'RequestLimit',
      'IpReputation',
      'Common',
      'KnownBadInputs',
      'SqlInjection',
    ]);
    const counting = stack
      .resource('aws_wafv2_web_acl')
      .rule.filter(({ override_action }: { override_action?: { count?: object } }) => override_action?.count);
    expect(counting.map(({ name }: { name: string }) => name)).toEqual(['Common', 'SqlInjection']);
    expect(stack.resource('aws_cloudwatch_metric_alarm', 'BlockedRequests')).toMatchObject({
      metric_name: 'BlockedRequests',
      dimensions: { WebACL: 'prod-app-all', Rule: 'ALL', Region: 'us-east-1' },
      threshold: 1000,
    });
    expect(stack.resource('aws_wafv2_web_acl_association').resource_arn).toBe(
      stack.reference('aws_lb', undefined, 'arn'),
    );
    expect(stack.count('aws_wafv2_web_acl_logging_configuration')).toBe(1);
    const { policy_document } = stack.resource('aws_cloudwatch_log_resource_policy');
    expect(policyOf(policy_document as string).Statement[0]).toMatchObject({
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Resource: `arn:aws:logs:us-east-1:222222222222:log-group:aws-waf-logs-prod-app:*`,
    });
  });
});

describe('connections', () => {
  const rulesOf = (stack: ReturnType<typeof synth>) =>
    stack
      .resources('aws_vpc_security_group_ingress_rule')
      .map((rule) => [rule.from_port, rule.cidr_ipv4 ?? rule.prefix_list_id ?? rule.referenced_security_group_id]);

  test('the internet reaches ports 80 and 443 of the load balancer, and nothing else', () => {
    const open = rulesOf(synth()).filter(([, source]) => source === '0.0.0.0/0');
    expect(open.sort()).toEqual([
      [443, '0.0.0.0/0'],
      [80, '0.0.0.0/0'],
    ]);
  });

  test('from accelerated, only the edge reaches the load balancer', () => {
    const stack = synth({}, { level: 'accelerated' }, { region: closed });
    expect(
      rulesOf(stack)
        .filter(([port]) => port === 443)
        .map(([, source]) => source)
        .sort(),
    ).toEqual(['pl-0c', 'pl-0d', 'sg-0a']);
    expect(rulesOf(stack).filter(([port]) => port === 80)).toEqual([]);
  });

  test('a change of sources refuses no connection: new sources are allowed before, old ones until after the load balancer changes', () => {
    for (const stack of [synth(), synth({}, { level: 'accelerated' }, { region: closed })]) {
      const rules = addressesOf(stack, 'aws_vpc_security_group_ingress_rule').filter((each) =>
        each.includes('_Balancer_'),
      );
      expect(rules.length).toBeGreaterThan(1);
      expect(stack.resource('aws_lb').depends_on).toEqual(expect.arrayContaining(rules));
      for (const rule of rules) {
        expect(stack.resource('aws_vpc_security_group_ingress_rule', rule.split('.')[1]).lifecycle).toEqual({
          create_before_destroy: true,
        });
      }
    }
  });

  test('instances accept the load balancer only', () => {
    const stack = synth();
    const instances = stack.reference('aws_security_group', 'Instances/Group');
    const into = stack
      .resources('aws_vpc_security_group_ingress_rule')
      .filter((rule) => rule.security_group_id === instances);
    expect(into).toHaveLength(1);
    expect(into[0]).toMatchObject({
      from_port: 8080,
      to_port: 8080,
      referenced_security_group_id: stack.reference('aws_security_group', 'Balancer/SecurityGroup'),
    });
  });

  test('instances reach partners of their region inside the VPC, on the ports of the partners only', () => {
    const service = (key: string, ports: number[]) => {
      return { serviceNames: { [key]: 'com.amazonaws.vpce.x.vpce-svc-0' }, ports, privateDns: 'off' as const };
    };
    const partners = {
      acme: service('us', [443, 8443]),
      bank: service('us', [8443, 9000]),
      far: service('ap', [9443]),
    };
    const stack = synth({}, { privateLink: { services: [], partners } });
    const instances = stack.reference('aws_security_group', 'Instances/Group');
    const out = stack
      .resources('aws_vpc_security_group_egress_rule')
      .filter((rule) => rule.security_group_id === instances)
      .map((rule) => [rule.ip_protocol, rule.from_port, rule.to_port, rule.cidr_ipv4]);
    expect(out.sort()).toEqual([
      ['tcp', 443, 443, '0.0.0.0/0'],
      ['tcp', 8443, 8443, '10.0.0.0/16'],
      ['tcp', 9000, 9000, '10.0.0.0/16'],
    ]);
  });

  test('a security group has one source, so that its rules stay below the quota', () => {
    const stack = synth({}, { level: 'inspected' }, { region: closed });
    expect(stack.resource('aws_lb').security_groups).toHaveLength(4);
  });
});

describe('requests', () => {
  test.each(['standby', 'origin-failover'] as const)('at %s all requests are forwarded', (level) => {
    const stack = synth({}, { level });
    expect(stack.resource('aws_lb_listener', 'Https').default_action[0].type).toBe('forward');
  });

  test('rules that allow requests exist before other requests are refused', () => {
    const [before, after] = (['origin-failover', 'local-reads'] as const).map((level) => synth({}, { level }));
    expect(before!.resources('aws_lb_listener_rule')).toEqual(after!.resources('aws_lb_listener_rule'));
    expect(before!.count('aws_lb_listener_rule')).toBe(3);
  });

  test('from local-reads, a request needs the header, the host name of the API, or the health path', () => {
    const stack = synth({}, { level: 'local-reads' });
    expect(stack.resource('aws_lb_listener', 'Https').default_action).toEqual([
      {
        type: 'fixed-response',
        fixed_response: { content_type: 'text/plain', message_body: 'Forbidden', status_code: '403' },
      },
    ]);
    const conditions = stack.resources('aws_lb_listener_rule').map(({ condition }) => condition[0]);
    expect(conditions).toContainEqual({ host_header: { values: ['api.example.com'] } });
    expect(conditions).toContainEqual({ path_pattern: { values: ['/healthz'] } });
    const header = conditions.find((condition) => condition.http_header);
    expect(header.http_header.http_header_name).toBe('x-origin-verify');
    expect(header.http_header.values).toEqual([
      expect.stringMatching(/^\*\$\{sensitive\(terraform_data\..*Even.*\.id\)\}\*$/),
      expect.stringMatching(/^\*\$\{sensitive\(terraform_data\..*Odd.*\.id\)\}\*$/),
    ]);
  });

  test.each(['standby', 'origin-failover', 'inspected'] as const)(
    'at %s the rate limit counts every request without the header of a distribution, for any host',
    (level) => {
      const stack = synth({}, { level });
      const [limit] = stack.resource('aws_wafv2_web_acl').rule as { statement: Record<string, object> }[];
      expect(limit!.statement['rate_based_statement']).toMatchObject({
        aggregate_key_type: 'IP',
        scope_down_statement: {
          not_statement: {
            statement: [
              {
                regex_pattern_set_reference_statement: {
                  arn: stack.reference('aws_wafv2_regex_pattern_set', undefined, 'arn'),
                  field_to_match: { single_header: { name: 'x-origin-verify' } },
                },
              },
            ],
          },
        },
      });
      expect(JSON.stringify(limit)).not.toMatch(/host|sensitive/);
    },
  );

  test('the rate limit skips requests that the listener recognises as those of a distribution, also by the old header value', () => {
    const stack = synth();
    const patterns = stack.resource('aws_wafv2_regex_pattern_set').regular_expression as { regex_string: string }[];
    const admitted = stack.resource('aws_lb_listener_rule', 'AdmitDistributions').condition[0].http_header.values;
    expect(patterns.map(({ regex_string }) => `*${regex_string}*`)).toEqual(admitted);
    expect(admitted).toHaveLength(2);
  });
});

describe('a release', () => {
  test.each([
    [0, 100, 0],
    [5, 95, 5],
    [25, 75, 25],
    [100, 0, 100],
  ] as const)('with %i percent to green, every rule gives blue %i and green %i', (greenPercent, blue, green) => {
    const rules = synth({ greenPercent }, { level: 'local-reads' }).resources('aws_lb_listener_rule');
    expect(rules).toHaveLength(3);
    for (const { action } of rules) {
      const { target_group: groups, stickiness } = action[0].forward;
      expect(groups.map(({ weight }: { weight: number }) => weight)).toEqual([blue, green]);
      expect(stickiness.enabled).toBe(false);
    }
  });

  test.each([
    [0, ['Blue'], ['Green']],
    [5, ['Blue', 'Green'], []],
    [25, ['Blue', 'Green'], []],
    [100, ['Green'], ['Blue']],
  ] as const)(
    'with %i percent to green, instances of %j are created before their requests, and those of %j are removed after them',
    (greenPercent, active, idle) => {
      for (const idleColour of ['scaled-to-zero', 'running'] as const) {
        const stack = synth({ greenPercent, idleColour });
        const groupOf = (colour: string) => stack.reference('aws_autoscaling_group', `${colour}/Group`).slice(2, -4);
        const before = stack.resource('aws_lb_listener', 'Https').depends_on as string[] | undefined;
        expect(before).toEqual(active.map(groupOf));
        for (const colour of active) {
          expect(stack.resource('aws_autoscaling_group', `${colour}/Group`).depends_on).toBeUndefined();
        }
        for (const colour of idle) {
          const after = stack.resource('aws_autoscaling_group', `${colour}/Group`).depends_on as string[];
          expect([...after].sort()).toEqual(addressesOf(stack, 'aws_lb_listener_rule'));
        }
      }
    },
  );

  test.each([
    [0, ['Blue', 'Green'], ['Green']],
    [5, ['Blue'], ['Green']],
    [25, ['Blue'], ['Green']],
    [100, ['Blue'], ['Green', 'Blue']],
  ] as const)(
    'with %i percent to green, every target group has instances that serve: blue is in %j, green in %j',
    (greenPercent, blue, green) => {
      for (const idleColour of ['scaled-to-zero', 'running'] as const) {
        const stack = synth({ greenPercent, idleColour });
        for (const [colour, joined] of [
          ['Blue', blue],
          ['Green', green],
        ] as const) {
          expect(stack.resource('aws_autoscaling_group', `${colour}/Group`).target_group_arns).toEqual(
            joined.map((each) => stack.reference('aws_lb_target_group', `Balancer/${each}`, 'arn')),
          );
        }
      }
    },
  );

  test('an idle fleet has no instances when scaled to zero, and full size when running', () => {
    const green = (idleColour: 'running' | 'scaled-to-zero') => {
      const { min_size, max_size } = synth({ idleColour }).resource('aws_autoscaling_group', 'Green/Group');
      return [min_size, max_size];
    };
    expect(green('scaled-to-zero')).toEqual([0, 0]);
    expect(green('running')).toEqual([3, 24]);
  });

  test('rolls back automatically only with AMI ids, because EC2 cannot with a parameter', () => {
    const releases = exampleEnvironment().applications['app']!.releases;
    const parameter = synth().resource('aws_autoscaling_group', 'Blue/Group');
    expect(parameter.instance_refresh.preferences.auto_rollback).toBe(false);
    const image = { us: 'ami-0123456789abcdef0', ap: 'ami-0123456789abcdef1' };
    const stack = synth({ releases: { ...releases, blue: { runs: 'image', name: '2', image } } });
    expect(stack.resource('aws_launch_template', 'Blue/Template').image_id).toBe(image.us);
    expect(stack.resource('aws_autoscaling_group', 'Blue/Group').instance_refresh.preferences.auto_rollback).toBe(true);
  });

  test('stops at the alarm of its own colour', () => {
    const stack = synth();
    const group = stack.resource('aws_autoscaling_group', 'Blue/Group');
    expect(group.instance_refresh.preferences.alarm_specification.alarms).toEqual([
      stack.reference('aws_cloudwatch_metric_alarm', 'BlueUnhealthy', 'alarm_name'),
    ]);
  });
});

describe('instances', () => {
  const stack = synth();
  const template = stack.resource('aws_launch_template', 'Blue/Template');

  test('serve metadata to themselves only, and by token', () => {
    expect(template.metadata_options).toMatchObject({ http_tokens: 'required', http_put_response_hop_limit: 1 });
  });

  test('have encrypted disks, an image that is looked up at launch, and no public address or key', () => {
    expect(template.block_device_mappings[0].ebs).toMatchObject({ encrypted: 'true', volume_type: 'gp3' });
    expect(template.image_id).toMatch(/^resolve:ssm:\/aws\/service\/ami-amazon-linux-latest\//);
    expect(template.network_interfaces).toBeUndefined();
    expect(template.key_name).toBeUndefined();
  });

  test('start with a compressed script, because the plain one can exceed the limit of EC2', () => {
    expect(template.user_data).toMatch(/^\$\{base64gzip\(local\..*Blue_Script.*\)\}$/);
  });

  test('are in the application subnets and scale with CPU and requests', () => {
    expect(stack.resource('aws_autoscaling_group', 'Blue/Group').vpc_zone_identifier).toEqual(network.appSubnetIds);
    const metrics = stack
      .resources('aws_autoscaling_policy')
      .map((policy) => policy.target_tracking_configuration.predefined_metric_specification.predefined_metric_type);
    expect(metrics.sort()).toEqual(['ALBRequestCountPerTarget', 'ASGAverageCPUUtilization']);
  });

  test('scale by requests only after the load balancer routes to them', () => {
    const policies = stack.resources('aws_autoscaling_policy');
    expect(policies).not.toHaveLength(0);
    for (const { depends_on } of policies)
      expect([...depends_on].sort()).toEqual(addressesOf(stack, 'aws_lb_listener_rule'));
  });

  test('are replaced for a failed machine, and for a failed health path only if the settings say so', () => {
    const typeOf = (replaces: ApplicationSettings['replaces']) =>
      synth({ replaces }).resource('aws_autoscaling_group', 'Blue/Group').health_check_type;
    expect(typeOf('failed-machines')).toBe('EC2');
    expect(typeOf('failed-health-checks')).toBe('ELB');
  });

  test('allow actions on all resources only for the few of Systems Manager that support no resources', () => {
    const { Statement } = policyOf(stack.resource('aws_iam_role_policy').policy as string);
    const wide = Statement.filter(({ Resource }) => (Resource as string[]).includes('*'));
    expect(wide.map(({ Sid }) => Sid)).toEqual(['SystemsManager']);
    expect(JSON.stringify(Statement.flatMap(({ Action }) => Action))).not.toContain('*');
  });

  test('join the security groups of their data stores and get their permissions and addresses', () => {
    const joined = synth(
      {},
      {},
      {
        dataStores: [
          {
            clientSecurityGroupId: 'sg-database',
            variables: { DATABASE: 'db:5432' },
            permissions: [{ sid: 'Database', actions: ['rds-db:connect'], resources: ['arn:db'] }],
          },
        ],
      },
    );
    expect(joined.resource('aws_launch_template', 'Blue/Template').vpc_security_group_ids).toContain('sg-database');
    expect(JSON.stringify(joined.json)).toContain('DATABASE=db:5432');
    const { Statement } = policyOf(joined.resource('aws_iam_role_policy').policy as string);
    expect(Statement).toContainEqual({
      Sid: 'Database',
      Effect: 'Allow',
      Action: ['rds-db:connect'],
      Resource: ['arn:db'],
    });
  });
});

describe('queue and bus', () => {
  test('a message that cannot be handled goes to the dead-letter queue, whose alarm fires', () => {
    const stack = synth();
    const queue = stack.resource('aws_sqs_queue', 'Messaging/Queue');
    expect(policyOf(queue.redrive_policy as string)).toEqual({
      deadLetterTargetArn: stack.reference('aws_sqs_queue', 'DeadLetterQueue', 'arn'),
      maxReceiveCount: 5,
    });
    expect(stack.resource('aws_cloudwatch_metric_alarm', 'DeadLetters')).toMatchObject({ threshold: 0 });
  });

  test('an event that the bus cannot decrypt goes to a queue that needs no key of ours, and its alarm fires', () => {
    const stack = synth();
    const kept = stack.resource('aws_sqs_queue', 'Messaging/UndeliveredEvents');
    const bus = stack.reference('aws_cloudwatch_event_bus', undefined, 'arn');
    expect(stack.resource('aws_cloudwatch_event_bus').dead_letter_config).toEqual({
      arn: stack.reference('aws_sqs_queue', 'Messaging/UndeliveredEvents', 'arn'),
    });
    expect(kept.sqs_managed_sse_enabled).toBe(true);
    expect(kept).not.toHaveProperty('kms_master_key_id');
    const [statement] = policyOf(
      stack.resource('aws_sqs_queue_policy', 'UndeliveredEventsPolicy').policy as string,
    ).Statement;
    expect(statement).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': bus } },
    });
    expect(stack.resource('aws_cloudwatch_metric_alarm', 'UndeliveredEvents')).toMatchObject({ threshold: 0 });
  });

  test('the queue gets events of the application, and no others', () => {
    const stack = synth();
    expect(stack.resource('aws_cloudwatch_event_target').arn).toBe(
      stack.reference('aws_sqs_queue', 'Messaging/Queue', 'arn'),
    );
    const [statement] = policyOf(stack.resource('aws_sqs_queue_policy', 'QueuePolicy').policy as string).Statement;
    expect(statement).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': stack.reference('aws_cloudwatch_event_rule', undefined, 'arn') } },
    });
  });

  test('do not exist if the settings have none', () => {
    const { messaging: _none, ...without } = exampleEnvironment().applications['app']!;
    const environment = exampleEnvironment({ applications: { app: without } });
    const stack = synthConstruct((scope) => {
      new Application(scope, 'Application', {
        environment,
        application: 'app',
        region,
        accountId: '222222222222',
        network,
        certificateArn: 'arn:certificate',
        dataStores: [],
      });
    }, environment);
    for (const type of ['aws_sqs_queue', 'aws_cloudwatch_event_bus', 'aws_cloudwatch_event_archive']) {
      expect(stack.count(type)).toBe(0);
    }
    expect(JSON.stringify(stack.json)).not.toContain('QUEUE_URL=');
  });
});

describe('the network load balancer', () => {
  const listeners = {
    tls: { protocol: 'TCP', port: 8443, targetPort: 8443 },
    game: { protocol: 'UDP', port: 5000, targetPort: 5000 },
  } as const;

  test('exists only if the settings ask for it', () => {
    expect(
      synth()
        .resources('aws_lb')
        .map(({ load_balancer_type }) => load_balancer_type),
    ).toEqual(['application']);
  });

  test('is internal, passes every port to the colours that serve, and has the addresses of the settings', () => {
    const addresses = { us: ['10.0.0.10', '10.0.16.10', '10.0.32.10'] };
    const stack = synth({ networkBalancer: { listeners, addresses } });
    const lb = stack.resource('aws_lb', 'NetworkBalancer/Balancer');
    expect(lb).toMatchObject({ internal: true, load_balancer_type: 'network', enable_deletion_protection: true });
    expect(lb.subnet_mapping.map((mapping: Record<string, string>) => mapping['private_ipv4_address'])).toEqual(
      addresses.us,
    );
    expect(stack.resource('aws_autoscaling_group', 'Blue/Group').target_group_arns).toHaveLength(4);
    expect(stack.resource('aws_autoscaling_group', 'Green/Group').target_group_arns).toHaveLength(1);
  });

  test('keeps the address of clients for UDP only: over TCP a client that uses two zones would collide with itself', () => {
    const stack = synth({ networkBalancer: { listeners } });
    expect(stack.resource('aws_lb', 'NetworkBalancer/Balancer').enable_cross_zone_load_balancing).toBe(true);
    const groups = stack.resources('aws_lb_target_group').filter(({ protocol }) => protocol !== 'HTTPS');
    expect(new Set(groups.map(({ protocol, preserve_client_ip }) => `${protocol} ${preserve_client_ip}`))).toEqual(
      new Set(['TCP false', 'UDP true']),
    );
  });

  test('checks the health of UDP targets over TCP, which the instances allow', () => {
    const stack = synth({ networkBalancer: { listeners } });
    expect(stack.resource('aws_lb_target_group', 'Game/TargetGroup').health_check).toMatchObject({
      protocol: 'TCP',
      port: '8080',
    });
    expect(stack.resource('aws_vpc_security_group_ingress_rule', 'Tcp8080/IntoInstances')).toMatchObject({
      ip_protocol: 'tcp',
      from_port: 8080,
    });
  });

  test('opens each port of the instances once, however many listeners share it, because EC2 refuses a duplicate rule', () => {
    const shared = {
      tls: { protocol: 'TCP', port: 443, targetPort: 8080 },
      other: { protocol: 'TCP', port: 8443, targetPort: 8080 },
      game: { protocol: 'UDP', port: 5000, targetPort: 8080 },
      sound: { protocol: 'UDP', port: 5001, targetPort: 8080 },
    } as const;
    const rulesOf = (each: typeof listeners | typeof shared | Pick<typeof shared, 'other' | 'game'>) => {
      const stack = synth({ networkBalancer: { listeners: each } });
      for (const type of ['aws_vpc_security_group_ingress_rule', 'aws_vpc_security_group_egress_rule']) {
        const rules = stack.resources(type).map(({ description: _, ...rule }) => JSON.stringify(rule));
        expect(new Set(rules).size).toBe(rules.length);
      }
      return addressesOf(stack, 'aws_vpc_security_group_ingress_rule').filter((each) => each.includes('IntoInstances'));
    };
    expect(rulesOf(shared)).toHaveLength(2);
    expect(rulesOf(listeners)).toHaveLength(3);
    const { other, game } = shared;
    expect(rulesOf({ other, game })).toEqual(rulesOf(shared));
  });

  test('another port or protocol of the instances is another target group, created before the old one is destroyed', () => {
    const groupOf = (protocol: 'TCP' | 'UDP', targetPort: number) =>
      synth({ networkBalancer: { listeners: { abcdefghij: { protocol, port: 443, targetPort } } } }).resource(
        'aws_lb_target_group',
        'Abcdefghij/TargetGroup',
      );
    const groups = [groupOf('TCP', 65_534), groupOf('TCP', 65_535), groupOf('UDP', 65_535)];
    expect(new Set(groups.map(({ name }) => name)).size).toBe(3);
    for (const { name, lifecycle } of groups) {
      // The longest name of an environment has 12 characters.
      expect(name.replace('prod', '').length + 12).toBeLessThanOrEqual(32);
      expect(lifecycle).toEqual({ create_before_destroy: true });
    }
  });

  test('has an alarm for each listener whose targets fail', () => {
    const stack = synth({ networkBalancer: { listeners } });
    for (const word of Object.keys(listeners)) {
      const id = word[0]!.toUpperCase() + word.slice(1);
      expect(stack.resource('aws_cloudwatch_metric_alarm', `Alarms/Network${id}Unhealthy`)).toMatchObject({
        namespace: 'AWS/NetworkELB',
        metric_name: 'UnHealthyHostCount',
        dimensions: {
          LoadBalancer: stack.reference('aws_lb', 'NetworkBalancer/Balancer', 'arn_suffix'),
          TargetGroup: stack.reference('aws_lb_target_group', `${id}/TargetGroup`, 'arn_suffix'),
        },
        threshold: 0,
      });
    }
  });

  test('accepts the VPC and on-premises networks, never the internet', () => {
    const stack = synth({ networkBalancer: { listeners } });
    expect(stack.resource('aws_ec2_managed_prefix_list').entry).toEqual([
      { cidr: '10.0.0.0/16' },
      { cidr: '192.168.0.0/16' },
    ]);
  });
});

test('a standby region renews its instances at another age than the primary region', () => {
  const lifetimes = exampleRegions.map((each) =>
    synth({}, {}, { region: each })
      .resources('aws_autoscaling_group')
      .map(({ max_instance_lifetime }) => max_instance_lifetime as number),
  );
  expect(lifetimes).toEqual([
    [60 * 86_400, 60 * 86_400],
    [55 * 86_400, 55 * 86_400],
  ]);
});

test('everything that supports it is encrypted with a customer managed key', () => {
  const stack = synth();
  const keptWithoutKey = stack.resource('aws_sqs_queue', 'Messaging/UndeliveredEvents');
  for (const type of ['aws_sqs_queue', 'aws_sns_topic']) {
    for (const resource of stack.resources(type).filter(({ name }) => name !== keptWithoutKey.name)) {
      expect(resource.kms_master_key_id).toMatch(/aws_kms_key/);
    }
  }
  expect(stack.resource('aws_cloudwatch_event_bus').kms_key_identifier).toMatch(/aws_kms_key/);
  for (const group of stack.resources('aws_cloudwatch_log_group')) expect(group.kms_key_id).toMatch(/aws_kms_key/);
});

test('a fleet that cannot grow has no alarm on its maximum size', () => {
  const { capacity } = exampleEnvironment().applications['app']!;
  const atLimit = (active: typeof capacity.active) =>
    addressesOf(synth({ capacity: { ...capacity, active } }), 'aws_cloudwatch_metric_alarm').filter((address) =>
      address.includes('AtLimit'),
    );
  expect(atLimit({ min: 3, max: 4 })).toHaveLength(1);
  expect(atLimit({ min: 4, max: 4 })).toEqual([]);
});

test.each([
  ['rings when one request in fifty fails', { requests: 1000, targets: 15, balancer: 5 }, 1.99],
  ['is silent while few fail', { requests: 1000, targets: 5 }, 0.5],
  ['says nothing of a handful of requests', { requests: 10, targets: 10 }, 0],
  ['rings without a target, when the balancer counts no request but answers all of them by 503', { balancer: 60 }, 100],
])('the alarm on errors %s', (_, data: Partial<Record<'requests' | 'targets' | 'balancer', number>>, percent) => {
  const [result, ...metrics] = synth().resource('aws_cloudwatch_metric_alarm', 'Alarms/Errors').metric_query as {
    id: string;
    expression: string;
  }[];
  const functions = {
    FILL: (value: number | undefined, filler: number) => value ?? filler,
    IF: (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
  };
  const known = Object.fromEntries(metrics.map(({ id }) => [id, data[id as keyof typeof data]]));
  expect(runInNewContext(result!.expression, { ...functions, ...known })).toBeCloseTo(percent, 2);
});

test('every alarm has its own name, says what to do, and notifies the topic, by itself or as part of another', () => {
  const stack = synth({ idleColour: 'running' });
  const composites = stack.resources('aws_cloudwatch_composite_alarm');
  const alarms = [...stack.resources('aws_cloudwatch_metric_alarm'), ...composites];
  const topic = stack.reference('aws_sns_topic', undefined, 'arn');
  const rules = composites.map(({ alarm_rule }) => alarm_rule as string).join();
  expect(new Set(alarms.map(({ alarm_name }) => alarm_name)).size).toBe(alarms.length);
  for (const alarm of alarms) {
    expect(alarm.alarm_description.length).toBeGreaterThan(20);
    if (alarm.alarm_actions) expect(alarm.alarm_actions).toEqual([topic]);
  }
  const silent = ['metric', 'composite'].flatMap((kind) =>
    Object.entries(stack.json.resource![`aws_cloudwatch_${kind}_alarm`]!)
      .filter(([, alarm]) => !alarm['alarm_actions'])
      .map(([name]) => `\${aws_cloudwatch_${kind}_alarm.${name}.alarm_name}`),
  );
  expect(silent.filter((name) => !rules.includes(name))).toEqual([]);
});

test('an incident silences the alarm on its causes', () => {
  const stack = synth();
  expect(stack.resource('aws_cloudwatch_composite_alarm', 'Alarms/Causes').actions_suppressor).toEqual({
    alarm: stack.reference('aws_cloudwatch_composite_alarm', 'Alarms/Incident', 'arn'),
    wait_period: 300,
    extension_period: 600,
  });
});

test('going up a level removes only addresses that decided who reached the load balancer', () => {
  const levels = ['standby', 'origin-failover', 'local-reads', 'accelerated', 'inspected'] as const;
  const addresses = levels.map((level) => synth({}, { level }, { region: closed }).addresses());
  levels.slice(1).forEach((_, index) => {
    const gone = addresses[index]!.filter((address) => !addresses[index + 1]!.includes(address));
    expect(gone.filter((address) => !address.includes('_Internet_'))).toEqual([]);
  });
});
