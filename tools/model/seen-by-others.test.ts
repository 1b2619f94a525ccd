import { showsInOthers } from './seen-by-others';

const configuration = {
  resource: {
    aws_security_group: { Door: { name: 'door', vpc_id: '${data.terraform_remote_state.vpc.outputs.vpcId}' } },
    aws_vpc_security_group_ingress_rule: { In: { security_group_id: '${aws_security_group.Door.id}' } },
    aws_sns_topic: { Topic: { name: 'aws_security_group.Elsewhere.id', depends_on: ['aws_security_group.Door'] } },
  },
} as never;

const change = (address: string, ...actions: string[]) =>
  ({
    resource_changes: [
      { mode: 'managed', address, type: address.split('.')[0]!, change: { actions } },
      { mode: 'data', address: 'data.aws_arn.x', type: 'aws_arn', change: { actions: ['read'] } },
    ],
  }) as never;

test.each([
  ['a rule that is made shows in its group', 'aws_vpc_security_group_ingress_rule.In', ['create'], true],
  ['and one that is changed', 'aws_vpc_security_group_ingress_rule.In', ['update'], true],
  ['one of several', 'aws_vpc_security_group_ingress_rule.In["a.b.c"]', ['create'], true],
  ['one that stays does not', 'aws_vpc_security_group_ingress_rule.In', ['no-op'], false],
  ['whatever goes may have shown', 'aws_vpc_security_group_ingress_rule.Gone', ['delete'], true],
  ['what is made anew as well', 'aws_sns_topic.Topic', ['delete', 'create'], true],
  ['a value of another stack is not a change of this one', 'aws_security_group.Door', ['create'], false],
  ['an order or a word is no reference', 'aws_sns_topic.Topic', ['create'], false],
] as const)('%s', (_, address, actions, shows) => {
  expect(showsInOthers(change(address, ...actions), configuration)).toBe(shows);
});

test('where everything goes, nobody is left to read it back', () => {
  expect(showsInOthers(change('aws_sns_topic.Topic', 'delete'), { resource: {} } as never)).toBe(false);
});
