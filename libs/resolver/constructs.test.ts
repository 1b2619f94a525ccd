import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { DnsFirewall, type DnsFirewallProps } from './dns-firewall';
import { ForwardRules, type ForwardRulesProps } from './forward-rules';
import { QueryLog, type QueryLogProps } from './query-log';
import { ResolverEndpoint, type ResolverEndpointProps } from './resolver-endpoint';

test('an endpoint uses every prop', () => {
  const base: Required<ResolverEndpointProps> = {
    name: 'prod-inbound',
    direction: 'inbound',
    vpcId: 'vpc-1',
    subnetIds: ['subnet-1', 'subnet-2'],
    fixedAddresses: ['10.0.15.254', '10.0.31.254'],
    peers: ['192.168.0.0/16'],
  };
  const seconds: Required<ResolverEndpointProps> = {
    name: 'staging-inbound',
    direction: 'outbound',
    vpcId: 'vpc-2',
    subnetIds: ['subnet-1', 'subnet-3'],
    fixedAddresses: ['10.0.15.253', '10.0.31.253'],
    peers: ['192.168.0.0/17'],
  };
  expect(findDeadProps(base, seconds, (stack, props) => new ResolverEndpoint(stack, 'Endpoint', props))).toEqual([]);
});

test('forward rules use every prop', () => {
  const base: ForwardRulesProps = {
    name: 'prod',
    endpointId: 'rslvr-out-1',
    domains: [{ name: 'corp.example.com', targets: ['192.168.0.10'] }],
    vpcIds: { vpc: 'vpc-1' },
    accounts: ['222222222222'],
  };
  const seconds: ForwardRulesProps = {
    name: 'staging',
    endpointId: 'rslvr-out-2',
    domains: [{ name: 'corp.example.com', targets: ['192.168.0.11'] }],
    vpcIds: { vpc: 'vpc-2' },
    accounts: [],
  };
  expect(findDeadProps(base, seconds, (stack, props) => new ForwardRules(stack, 'Rules', props))).toEqual([]);
});

test('the name of a rule is valid for AWS, however long its domain is', () => {
  const domain = `${'a'.repeat(60)}.${'b'.repeat(60)}.example.com`;
  const nameOf = (name: string) =>
    synthConstruct((scope) => {
      const domains = [{ name, targets: ['192.168.0.10'] }];
      new ForwardRules(scope, 'Rules', { name: 'prod', endpointId: 'rslvr-out-1', domains, vpcIds: {}, accounts: [] });
    }).resource('aws_route53_resolver_rule').name as string;
  expect(nameOf('corp.example.com')).toBe('prod-corp-example-com');
  expect(nameOf(domain)).toBe(`prod-${'a'.repeat(59)}`);
});

test('the firewall uses every prop', () => {
  const base: DnsFirewallProps = {
    name: 'prod-dns',
    managedLists: { malware: 'rslvr-fdl-1' },
    blockedDomains: ['blocked.example'],
    fails: 'open',
    vpcIds: { vpc: 'vpc-1' },
  };
  const seconds: DnsFirewallProps = {
    name: 'staging-dns',
    managedLists: {},
    blockedDomains: [],
    fails: 'closed',
    vpcIds: { vpc: 'vpc-2' },
  };
  expect(findDeadProps(base, seconds, (stack, props) => new DnsFirewall(stack, 'Firewall', props))).toEqual([]);
});

test('a destroy can remove the association of a VPC, which AWS refuses for a protected one', () => {
  const stack = synthConstruct(
    (scope) =>
      new DnsFirewall(scope, 'Firewall', {
        name: 'prod-dns',
        managedLists: {},
        blockedDomains: [],
        fails: 'open',
        vpcIds: { vpc: 'vpc-1' },
      }),
  );
  expect(stack.resource('aws_route53_resolver_firewall_rule_group_association').mutation_protection).toBe('DISABLED');
});

test('the query log uses every prop', () => {
  const base: QueryLogProps = {
    name: 'prod-queries',
    retentionDays: 90,
    awsRegion: 'us-east-1',
    accountId: '111111111111',
    vpcIds: { vpc: 'vpc-1' },
  };
  const seconds: QueryLogProps = {
    name: 'staging-queries',
    retentionDays: 30,
    awsRegion: 'ap-northeast-2',
    accountId: '555555555555',
    vpcIds: {},
  };
  expect(findDeadProps(base, seconds, (stack, props) => new QueryLog(stack, 'Log', props))).toEqual([]);
});

test('the query log has its own delivery policy, written before AWS checks for one', () => {
  const stack = synthConstruct(
    (scope) =>
      new QueryLog(scope, 'Log', {
        name: 'prod-queries',
        retentionDays: 90,
        awsRegion: 'us-east-1',
        accountId: '111111111111',
        vpcIds: {},
      }),
  );
  const policy = JSON.parse(stack.resource('aws_cloudwatch_log_resource_policy').policy_document);
  expect(policy.Statement).toMatchObject([
    {
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Resource: 'arn:aws:logs:us-east-1:111111111111:log-group:/aws/route53resolver/prod-queries:*',
    },
  ]);
  expect(JSON.stringify(stack.resource('aws_route53_resolver_query_log_config').depends_on)).toContain(
    'aws_cloudwatch_log_resource_policy',
  );
});
