import { loggedChanges } from './apply-log';
import { decideDeploy, isStateOfApply, type DeployKnowledge } from './decide-deploy';
import type { PlanJson, ResourceChange } from './plan';
import type { FoundBinding, PlanRecord } from './plan-record';
import { shownChanges } from './reviewed-plans';
import type { TerraformState } from './state';

const stack = 'region-us-vpc';
const now: FoundBinding = {
  stack,
  target: 'aws',
  environment: 'prod',
  terraform: '1.11.4',
  plan: { 'plan.tfplan': 'p' },
  files: { 'cdk.tf.json': 'c' },
  folder: { 'cdk.tf.json': 'c' },
  state: { lineage: 'l', serial: 3 },
  upstream: { 'global-zone': { id: 'u' } },
};
const state: TerraformState = {
  lineage: 'l',
  serial: 3,
  resources: [{ mode: 'managed', type: 'aws_vpc', name: 'V', instances: [{ attributes: { id: '1' } }] }],
};
const { folder: _folder, ...binding } = now;
const record: PlanRecord = { ...binding, format: 3, changes: true, assumed: [], unsupported: [] };
const change = (address: string, actions: string[], more: Partial<ResourceChange['change']> = {}): ResourceChange => ({
  address,
  type: address.split('.')[0]!,
  mode: 'managed',
  change: { actions, ...more },
});
const planOf = (...resource_changes: ResourceChange[]): PlanJson => ({ resource_changes });
const recorded = { record, plan: planOf(change('aws_vpc.V', ['update'], { before: { id: '1' }, after: { id: '1' } })) };
const applied = { files: now.files, state: now.state, upstream: now.upstream };
const begun = { id: 'b', plan: now.plan, state: now.state, former: {}, log: { from: 0, accepted: 0 } };
const keptBegun = { id: 'b', since: '2026-01-02T03:04:05Z', ended: false };
const accepted = { unreviewed: false, unrecorded: false, includeStateful: false, replace: [] };
const known: DeployKnowledge = {
  project: 'region-us/vpc',
  configuration: {},
  now,
  state,
  stateIsLost: false,
  hasUnsavedState: false,
  recorded,
  applied: [],
  brokenContract: [],
  begun: undefined,
  keptBegun: undefined,
  logged: [],
  loggedSinceAccepted: [],
  isLocked: false,
  next: undefined,
  readers: [],
  stillUsed: [],
  accepted,
};
const decide = (more: Partial<DeployKnowledge>) => decideDeploy({ ...known, ...more });
const reasonsOf = (more: Partial<DeployKnowledge>) => {
  const decision = decide(more);
  return decision.do === 'refuse' || decision.do === 'failed' ? decision.reasons.join('\n') : decision.do;
};
const moved = { ...now, state: { lineage: 'l', serial: 5 } };
const broken = [{ where: 'contract.ts: id', what: 'missing', remedy: 'publish it' }];

test('applies a plan of which nothing has changed', () => {
  expect(decide({})).toEqual({ do: 'apply', planned: recorded, isNext: false, resumes: false });
});

test.each<[string, Partial<FoundBinding>]>([
  ['its file, as an old one that was put back', { plan: { 'plan.tfplan': 'old' } }],
  ['the configuration', { files: { 'cdk.tf.json': 'x' } }],
  ['the state', { state: { lineage: 'l', serial: 4 } }],
  ['a value of another stack', { upstream: { 'global-zone': { id: 'x' } } }],
])('refuses a plan after a change of %s', (_, difference) => {
  expect(decide({ now: { ...now, ...difference } })).toMatchObject({ do: 'refuse', next: 'plan' });
  const accepting = { ...accepted, unreviewed: true };
  expect(decide({ now: { ...now, ...difference }, accepted: accepting })).toMatchObject({ do: 'plan', as: 'new' });
});

test('refuses a plan that cannot be read, and one of an earlier version, by its reason', () => {
  expect(reasonsOf({ recorded: 'reviewed.json was written by an earlier version' })).toContain('earlier version');
});

describe('without a plan', () => {
  const none = { recorded: undefined };

  test('leaves alone what was applied as it is', () => {
    expect(decide({ ...none, applied: [applied] })).toEqual({ do: 'nothing' });
    expect(decide(none)).toMatchObject({ do: 'refuse', next: 'plan' });
  });

  test('does not take a stack for untouched whose upstream has moved', () => {
    const upstream = { 'global-zone': { id: 'other' } };
    expect(reasonsOf({ ...none, applied: [{ ...applied, upstream }] })).toBe(
      `${stack}: upstream: global-zone has another id than when it was applied`,
    );
  });

  test('fails again where the contract was broken before', () => {
    expect(decide({ ...none, applied: [applied], brokenContract: broken })).toMatchObject({ do: 'failed' });
    const unchanged = { record: { ...record, changes: false }, plan: {} };
    expect(decide({ recorded: unchanged, brokenContract: broken })).toMatchObject({ do: 'failed' });
  });
});

describe('a state', () => {
  test('that could not be written is written first', () => {
    expect(decide({ hasUnsavedState: true })).toEqual({ do: 'save state' });
  });

  test('that is lost is restored, and nothing is created again', () => {
    for (const each of [recorded, undefined]) {
      const accepting = { ...accepted, unreviewed: true };
      expect(decide({ recorded: each, stateIsLost: true, state: undefined, accepted: accepting })).toMatchObject({
        do: 'refuse',
        next: 'restore the state',
      });
    }
  });
});

describe('a plan with assumed inputs', () => {
  const configuration = { resource: { aws_route: { R: { cidr: '${data.terraform_remote_state.vpc.outputs.cidr}' } } } };
  const input = { address: 'aws_route.R', argument: 'cidr', stack: 'vpc', field: 'cidr' };
  const create = (cidr: string) => planOf(change('aws_route.R', ['create'], { after: { cidr } }));
  const assuming = (source: 'planned' | 'example') => ({
    configuration,
    recorded: { record: { ...record, assumed: [{ ...input, source }] }, plan: create('10.0.0.0/16') },
  });
  const next = (cidr: string) => ({ as: 'rest' as const, record, plan: create(cidr) });

  test('is made again, and applied with the real value in the place of an example', () => {
    expect(decide(assuming('example'))).toMatchObject({ do: 'plan', as: 'rest' });
    expect(decide({ ...assuming('example'), next: next('10.9.0.0/16') })).toMatchObject({ do: 'apply', isNext: true });
  });

  test('is refused where another value takes the place of a planned one', () => {
    expect(decide({ ...assuming('planned'), next: next('10.0.0.0/16') })).toMatchObject({ do: 'apply' });
    expect(reasonsOf({ ...assuming('planned'), next: next('10.9.0.0/16') })).toContain(
      'aws_route.R: cidr would be "10.9.0.0/16"; the plan showed "10.0.0.0/16"',
    );
  });

  test('waits for its upstream', () => {
    const stillAssuming = { ...next('a'), record: assuming('example').recorded.record };
    expect(reasonsOf({ ...assuming('example'), next: stillAssuming })).toContain('deploy vpc first');
  });
});

describe('an apply that began and did not end', () => {
  const logged = [{ address: 'aws_vpc.V', action: 'update', outcome: 'open' as const }];
  const resumed = { begun, keptBegun, now: moved, logged };
  const next = (plan: PlanJson) => ({ as: 'rest' as const, record, plan });

  test('goes on from the state that it wrote', () => {
    expect(decide(resumed)).toMatchObject({ do: 'plan', as: 'rest' });
    expect(decide({ ...resumed, next: next(recorded.plan) })).toMatchObject({ do: 'apply', resumes: true });
    expect(decide({ ...resumed, next: next({}) })).toMatchObject({ do: 'apply', resumes: true });
  });

  test.each<[string, Partial<DeployKnowledge>]>([
    ['another deploy', { ...resumed, keptBegun: { ...keptBegun, id: 'other', ended: true } }],
    ['a destroy', { ...resumed, keptBegun: undefined, state: { lineage: 'l', serial: 5 } }],
    ['another state', { ...resumed, now: { ...now, state: { lineage: 'other', serial: 5 } } }],
    ['a change of the state before it changed anything', { ...resumed, logged: [] }],
    ['an older state', { ...resumed, now: { ...now, state: { lineage: 'l', serial: 2 } } }],
  ])('does not go on after %s', (_, more) => {
    expect(decide(more)).toMatchObject({ do: 'refuse', next: 'plan' });
  });

  test.each([[['delete']], [['delete', 'create']]])('does not %p another object than the plan showed', (actions) => {
    const of = (id: string) => planOf(change('aws_vpc.V', actions, { before: { id }, after: {} }));
    const showing = { ...resumed, recorded: { record, plan: of('1') } };
    expect(decide({ ...showing, next: next(of('1')) })).toMatchObject({ do: 'apply' });
    expect(reasonsOf({ ...showing, next: next(of('2')) })).toContain('it is "2" now; the plan showed "1"');
  });

  describe('with objects that the state does not have', () => {
    const line = (type: string, id = {}) =>
      `{"type":"${type}","hook":${JSON.stringify({ resource: { addr: 'aws_eip.A' }, action: 'create', ...id })}}`;
    const created = loggedChanges(
      [line('apply_start'), line('apply_complete', { id_key: 'id', id_value: 'e-1' })].join('\n'),
    );
    const killed = { ...resumed, logged: created, loggedSinceAccepted: created };

    test('is refused until each is answered for', () => {
      expect(decide(killed)).toMatchObject({ do: 'refuse', unrecorded: [{ address: 'aws_eip.A', id: 'e-1' }] });
      expect(decide({ ...killed, accepted: { ...accepted, unrecorded: true } })).toMatchObject({ do: 'plan' });
      expect(decide({ ...killed, loggedSinceAccepted: [] })).toMatchObject({ do: 'plan' });
      const instances = [{ attributes: { id: 'e-1' } }];
      const imported = { ...state, resources: [{ mode: 'managed', type: 'aws_eip', name: 'A', instances }] };
      expect(decide({ ...killed, state: imported })).toMatchObject({ do: 'plan' });
    });

    test('is refused after a new plan too', () => {
      const again = { record: { ...record, plan: { 'plan.tfplan': 'new' }, state: moved.state }, plan: recorded.plan };
      const planned = { ...killed, now: { ...moved, plan: again.record.plan }, recorded: again };
      expect(decide(planned)).toMatchObject({ do: 'refuse', unrecorded: [{ id: 'e-1' }] });
      expect(decide({ ...planned, keptBegun: { ...keptBegun, id: 'other', ended: true } })).toMatchObject({
        do: 'apply',
      });
    });

    test('is not the state that the apply left', () => {
      const { plan } = recorded;
      expect(isStateOfApply({ begun, keptBegun, logged: created, state, plan })).toBe(false);
      expect(isStateOfApply({ begun, keptBegun, logged: [], state, plan })).toBe(true);
      expect(isStateOfApply({ begun, keptBegun: { ...keptBegun, id: 'other' }, logged: [], state, plan })).toBe(false);
    });

    test('is not what a destroy has left since', () => {
      const of = (plan: PlanJson) =>
        isStateOfApply({ begun, keptBegun, logged: [], state: { ...state, resources: [] }, plan });
      expect(of(planOf(change('aws_vpc.V', ['no-op'])))).toBe(false);
      expect(of(planOf(change('aws_vpc.V', ['delete'])))).toBe(true);
    });
  });

  test('elsewhere keeps others out, unless it runs or is answered for', () => {
    const elsewhere = { keptBegun };
    expect(reasonsOf(elsewhere)).toContain('began at 2026-01-02T03:04:05Z');
    expect(decide({ keptBegun: { ...keptBegun, ended: true } })).toMatchObject({ do: 'apply' });
    expect(decide({ ...elsewhere, isLocked: true })).toMatchObject({ do: 'apply' });
    expect(decide({ ...elsewhere, accepted: { ...accepted, unrecorded: true } })).toMatchObject({ do: 'apply' });
  });
});

describe('a change that must be accepted by name', () => {
  const replaces = { record, plan: planOf(change('aws_vpc.V', ['delete', 'create'], { before: { id: '1' } })) };

  test('is refused with the flag that accepts it, in every kind of apply', () => {
    const readers = ['region-us-app'];
    expect(reasonsOf({ recorded: replaces, readers })).toContain(
      `aws_vpc.V would be replaced: region-us-app reads this stack; if you mean it, add --replace='${stack}:aws_vpc.V'`,
    );
    const unreviewed = { ...accepted, unreviewed: true };
    const next = { ...replaces, as: 'new' as const };
    expect(decide({ recorded: undefined, next, readers, accepted: unreviewed })).toMatchObject({ do: 'refuse' });
    expect(decide({ recorded: replaces })).toMatchObject({ do: 'apply' });
    const replace = ['aws_vpc.V'];
    expect(decide({ recorded: replaces, readers, accepted: { ...accepted, replace } })).toMatchObject({ do: 'apply' });
  });

  test('of data needs --include-stateful', () => {
    const table = { record, plan: planOf(change('aws_dynamodb_table.T', ['delete'])) };
    expect(reasonsOf({ recorded: table })).toContain('loses a table; if you mean it, add --include-stateful');
    expect(decide({ recorded: table, accepted: { ...accepted, includeStateful: true } })).toMatchObject({
      do: 'apply',
    });
  });
});

describe('held to a review', () => {
  const destroyed = {
    record,
    plan: planOf(change('aws_sqs_queue.Q', ['delete'], { before: { id: 'q' }, after: null })),
  };
  const review = (shown: PlanJson, names: Record<string, string> = {}) => ({
    format: 2 as const,
    environment: 'prod',
    target: 'aws' as const,
    commit: null,
    verdict: 'changes' as const,
    stacks: { [stack]: shownChanges(shown) },
    accepted: { [stack]: names },
  });
  const by = (shown: PlanJson, names?: Record<string, string>) => ({
    accepted: { ...accepted, reviewed: review(shown, names) },
  });

  test('applies what the review shows, and refuses what it did not', () => {
    expect(decide(by(recorded.plan))).toMatchObject({ do: 'apply' });
    expect(reasonsOf(by({}))).toContain('aws_vpc.V: the plan changes it, and the review showed no change of it');
  });

  test('refuses a plan that the deploy has made by itself', () => {
    const reviewed = review(recorded.plan);
    const next = { as: 'new' as const, record, plan: destroyed.plan };
    const accepting = { unreviewed: true, unrecorded: false, includeStateful: true, replace: [], reviewed };
    expect(reasonsOf({ recorded: undefined, next, accepted: accepting })).toContain('the review showed no change');
  });

  test('destroys data that the review accepts by name, and no other', () => {
    const names = { 'aws_sqs_queue.Q': '2027-01-31' };
    expect(decide({ recorded: destroyed, ...by(destroyed.plan, names) })).toMatchObject({ do: 'apply' });
    expect(reasonsOf({ recorded: destroyed, ...by(destroyed.plan) })).toContain('waivers.json');
    // The same address, and another object than the review showed.
    const other = planOf(change('aws_sqs_queue.Q', ['delete'], { before: { id: 'other' }, after: null }));
    expect(reasonsOf({ recorded: { record, plan: other }, ...by(destroyed.plan, names) })).toContain(
      'the plan does not do what the review showed',
    );
  });
});
