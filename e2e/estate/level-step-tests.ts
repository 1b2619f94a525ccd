import { includesLevel } from '@platform/libs/settings/adoption';
import { statefulTypes } from '@platform/tools/model/stateful-types';
import type { LevelChange, LevelStep } from './level-plans';

const typeOf = ({ address }: LevelChange) => address.split('.')[0]!;
const nameOf = ({ stack, address }: LevelChange) => `${stack} ${address}`;
const isUp = ({ from, to }: LevelStep) => includesLevel(to, from);
const stepName = ({ from, to }: LevelStep) => `${from} → ${to}`;

/** Types of what goes on the way up, by the level that is reached. */
const goes: Readonly<Record<string, readonly string[]>> = {
  accelerated: [
    'aws_cloudwatch_event_rule',
    'aws_cloudwatch_event_target',
    'aws_cloudwatch_metric_alarm',
    'aws_iam_role',
    'aws_iam_role_policy',
    'aws_lambda_function',
    'aws_lambda_permission',
    'aws_security_group',
    'aws_vpc_security_group_ingress_rule',
  ],
  inspected: ['aws_ec2_transit_gateway_route', 'aws_ec2_transit_gateway_route_table_propagation'],
};

/**
 * Declares the tests of what holds of steps between levels in either mode.
 * @param planned returns the steps, inside tests only
 */
export function testLevelSteps(planned: () => readonly LevelStep[]): void {
  test('every pair of neighbours changes something, up and down', () => {
    expect(planned().map(stepName)).toEqual([
      'standby → origin-failover',
      'origin-failover → local-reads',
      'local-reads → accelerated',
      'accelerated → inspected',
      'inspected → accelerated',
      'accelerated → local-reads',
      'local-reads → origin-failover',
      'origin-failover → standby',
    ]);
    for (const step of planned()) expect([stepName(step), step.changes.length]).not.toEqual([stepName(step), 0]);
  });

  test('going up a level destroys and replaces nothing stateful, no network and no hub', () => {
    const kept =
      /^aws_(vpc|subnet|eip|nat_gateway|lb|kms_key|cloudwatch_log_group|cloudfront_distribution|ec2_transit_gateway)$/;
    const lost = planned()
      .filter(isUp)
      .flatMap(({ changes }) => changes)
      .filter(({ action }) => action === 'delete' || action === 'replace');
    expect(lost.filter((change) => typeOf(change) in statefulTypes || kept.test(typeOf(change))).map(nameOf)).toEqual(
      [],
    );
  });

  test('what going up destroys or replaces are the balancers’ door to the internet, the keepers of latches, and entries of hub route tables', () => {
    // The accelerator decides from there on: see docs/decisions/failover.md.
    const door =
      /^region-\w+-(alb-asg-app \w+\.Application_Balancer_Internet|cloudfront \w+\.(Alarms_)?LatchKeeper)\w+$/;
    for (const step of planned().filter(isUp)) {
      const gone = step.changes.filter(({ action }) => action === 'delete' || action === 'replace');
      const types = [...new Set(gone.map(typeOf))].sort();
      expect([stepName(step), types]).toEqual([stepName(step), goes[step.to] ?? []]);
      if (step.to === 'accelerated') {
        expect(gone.map(nameOf)).toEqual(gone.map(() => expect.stringMatching(door)));
      }
    }
  });

  test('going down takes away what the level above has made, and replaces nothing but entries of hub route tables', () => {
    for (const down of planned().filter((step) => !isUp(step))) {
      const up = planned().find(({ from, to }) => from === down.to && to === down.from)!;
      const made = up.changes.filter(({ action }) => action === 'create').map(nameOf);
      const taken = down.changes.filter(({ action }) => action === 'delete').map(nameOf);
      expect(taken.filter((name) => !made.includes(name))).toEqual([]);
      const replaced = down.changes.filter(({ action }) => action === 'replace');
      expect(replaced.map(typeOf).filter((type) => type !== 'aws_ec2_transit_gateway_route')).toEqual([]);
    }
  });
}
