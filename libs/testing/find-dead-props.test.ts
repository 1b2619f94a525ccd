import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { findDeadProps } from './find-dead-props';

interface NetworkProps {
  readonly cidr: string;
  readonly ignored: number;
  readonly tenancy?: string;
}

test('finds a prop that changes nothing, and no other', () => {
  const dead = findDeadProps<NetworkProps>(
    { cidr: '10.0.0.0/16', ignored: 1, tenancy: 'dedicated' },
    { cidr: '10.1.0.0/16', ignored: 2, tenancy: undefined },
    (stack, { cidr, tenancy }) =>
      new Vpc(stack, 'Vpc', { cidrBlock: cidr, ...(tenancy ? { instanceTenancy: tenancy } : {}) }),
  );
  expect(dead).toEqual(['ignored']);
});
