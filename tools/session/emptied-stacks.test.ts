import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from '@platform/tools/model/configuration';
import { TerraformFailure } from '@platform/tools/terraform/failure';
import { deployOrder, inDeployOrder, type OrderedStack } from './deploy-order';
import { assertLevelStep, levelStepProblem } from './level-step';
import type { LiveSession } from './live-session';
import { fieldsInUse, isEmptied, losesSomething } from './emptied-stacks';
import { rolloutPhases } from './rollout-phases';

const stack = (name: string, project: string, region: string, reads: string[] = []): OrderedStack => ({
  stack: name,
  project,
  region,
  reads,
  contract: {},
});
const balancer = stack('region-us-app', 'region-us/app', 'us');
const accelerator = stack('global-ga', 'global/ga', 'us', ['region-us-app']);
const records = stack('global-route53', 'global/route53', 'us', ['region-us-app', 'global-ga']);
const stacks = [balancer, accelerator, records];
const order = (emptied: string[], exists: (name: string) => boolean = () => true) => {
  const before = deployOrder(stacks, { primary: 'us', exists, isEmptied: (name) => emptied.includes(name) });
  return inDeployOrder(stacks, before).map(({ stack: name }) => name);
};

describe('what a lower level takes away', () => {
  test('is deployed after those that read it, and after what it reads', () => {
    expect(order([])).toEqual(['region-us-app', 'global-ga', 'global-route53']);
    expect(order(['global-ga'])).toEqual(['region-us-app', 'global-route53', 'global-ga']);
  });

  test('goes before its readers while it was never deployed: they need its state', () => {
    expect(order(['global-ga'], (name) => name !== 'global-ga')).toEqual([
      'region-us-app',
      'global-ga',
      'global-route53',
    ]);
  });

  test('is the last phase of a rollout', () => {
    const regions = [{ key: 'us', role: 'primary' as const }];
    const phases = (emptied: string[]) =>
      rolloutPhases(stacks, { regions, exists: () => true, isEmptied: (name) => emptied.includes(name) }).map(
        ({ name, stacks: of }) => [name, of.map((each) => each.stack)],
      );
    expect(phases([])).toEqual([
      ['us', ['region-us-app']],
      ['global', ['global-ga', 'global-route53']],
    ]);
    expect(phases(['global-ga'])).toEqual([
      ['us', ['region-us-app']],
      ['global', ['global-route53']],
      ['removals', ['global-ga']],
    ]);
  });

  test('is known by a configuration without resources', () => {
    expect(isEmptied({ resource: {} })).toBe(true);
    expect(isEmptied({ output: {} })).toBe(true);
    expect(isEmptied({ resource: { aws_lb: { app: {} } } })).toBe(false);
  });

  test('is known by a configuration that has resources, and nothing for readers', () => {
    const resource = { aws_cloudwatch_metric_alarm: { Latch: {} } };
    const nothing = { name: { value: '' }, ids: { value: [] }, byRegion: { value: { us: '' } } };
    expect(isEmptied({ resource, output: nothing })).toBe(true);
    expect(isEmptied({ resource, output: { ...nothing, percent: { value: 0 } } })).toBe(false);
    expect(isEmptied({ resource, output: {} })).toBe(false);
  });

  test('is taken from those only that had something', () => {
    const resource = { aws_cloudwatch_metric_alarm: { Latch: {} } };
    const state = (name: string, resources = [{ mode: 'managed', type: 'aws_lb', name: 'A', instances: [] }]) => ({
      lineage: 'l',
      serial: 1,
      outputs: { name: { value: name, type: 'string' } },
      resources,
    });
    expect(losesSomething({ resource }, state('d0123.cloudfront.net'))).toBe(true);
    expect(losesSomething({ resource }, state(''))).toBe(false);
    expect(losesSomething({}, state(''))).toBe(true);
    expect(losesSomething({}, state('d0123.cloudfront.net', []))).toBe(false);
    expect(losesSomething({}, undefined)).toBe(false);
  });
});

describe('what still leads to a stack', () => {
  const empty = { output: { dnsName: { value: '' }, addresses: { value: [] }, dials: { value: { us: '100' } } } };
  const outputs = { dnsName: 'a0123.awsglobalaccelerator.com', addresses: ['192.0.2.1'], dials: { us: '100' } };
  const reader = (value: string) => ({
    lineage: 'l',
    serial: 1,
    resources: [{ mode: 'managed', type: 'aws_route53_record', name: 'Api', instances: [{ attributes: { value } }] }],
  });

  test('are resources of a reader that hold a value which is about to be empty', () => {
    expect(fieldsInUse(empty, outputs, reader('a0123.awsglobalaccelerator.com'))).toEqual(['dnsName']);
    expect(fieldsInUse(empty, outputs, reader('192.0.2.1'))).toEqual(['addresses']);
    expect(fieldsInUse(empty, outputs, reader('failover.api.example.com'))).toEqual([]);
  });

  test('are not those that hold a value which stays', () => {
    const stays: Configuration = { output: { ...empty.output, dnsName: { value: '${aws_x.y.dns_name}' } } };
    expect(fieldsInUse(stays, outputs, reader('a0123.awsglobalaccelerator.com'))).toEqual([]);
  });
});

describe('a step between levels', () => {
  test.each([
    ['standby', 'origin-failover'],
    ['accelerated', 'accelerated'],
    ['inspected', 'accelerated'],
    [undefined, 'inspected'],
    ['', 'inspected'],
  ] as const)('from %s to %s is one', (reached, wanted) => {
    expect(levelStepProblem('prod', reached, wanted)).toBeUndefined();
  });

  test.each([
    ['standby', 'local-reads', 'write "origin-failover"'],
    ['inspected', 'standby', 'write "accelerated"'],
  ] as const)('from %s to %s is more than one: %s', (reached, wanted, remedy) => {
    expect(levelStepProblem('prod', reached, wanted)?.remedy).toContain(remedy);
  });
});

describe('the level that is reached', () => {
  const asked: string[] = [];
  const notes: string[] = [];
  const names = { ...records, contract: { fields: { reachedLevel: {} } } };
  const assertStep = (stack: OrderedStack, state: () => Promise<object | undefined>) => {
    asked.length = notes.length = 0;
    const session = {
      stacks: { all: [{ ...balancer, contract: { fields: {} } }, names] },
      options: { environment: { name: 'prod', level: 'local-reads' }, note: (text: string) => notes.push(text) },
      states: { of: (name: string) => (asked.push(name), state()) },
    };
    return assertLevelStep(session as unknown as LiveSession, [stack] as unknown as StackDescription[]);
  };
  const reached = async () => ({ outputs: { reachedLevel: { value: 'standby' } } });

  test('is asked for where something is deployed that clients are led to, or that leads them', async () => {
    await expect(assertStep(balancer, reached)).rejects.toThrow('write "origin-failover" and deploy it first');
    await expect(assertStep(records, reached)).rejects.toThrow('is more than one level away from "standby"');
    await assertStep(stack('region-us-vpc', 'region-us/vpc', 'us'), reached);
    expect(asked).toEqual([]);
  });

  test('may not be known while the home region is lost, and that stops nobody', async () => {
    await assertStep(balancer, () => Promise.reject(new TerraformFailure('lost', 'network', 'global-route53')));
    expect(notes).toEqual([expect.stringContaining('global-route53: its state cannot be reached')]);
    const denied = new TerraformFailure('denied', 'other', 'global-route53');
    await expect(assertStep(balancer, () => Promise.reject(denied))).rejects.toBe(denied);
  });
});
