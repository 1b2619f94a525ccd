import { TerraformOutput } from 'cdktf';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { OriginHeader } from './origin-header';

/** The rotation that each slot was renewed for, and the slot that distributions send. */
function headerOf(generation: number) {
  const stack = synthConstruct((scope) => {
    const header = new OriginHeader(scope, 'Header', { generation });
    new TerraformOutput(scope, 'current', { value: header.current, sensitive: true });
    new TerraformOutput(scope, 'accepted', { value: header.accepted, sensitive: true });
  });
  const renewed = (id: string) => stack.resource('terraform_data', id)['triggers_replace'].generation as string;
  const slot = (id: string) => `\${sensitive(${stack.reference('terraform_data', id).slice(2, -1)})}`;
  const { current, accepted } = stack.outputs();
  return { even: renewed('Even'), odd: renewed('Odd'), current, accepted, slots: [slot('Even'), slot('Odd')] };
}

test('a rotation renews the unused slot and keeps the other one', () => {
  const renewals = [1, 2, 3, 4].map((generation) => {
    const { even, odd } = headerOf(generation);
    return [even, odd];
  });
  expect(renewals).toEqual([
    ['0', '1'],
    ['2', '1'],
    ['2', '3'],
    ['4', '3'],
  ]);
});

test('distributions send the slot that was renewed last, load balancers accept both', () => {
  const odd = headerOf(1);
  expect(odd.current).toBe(odd.slots[1]);
  const even = headerOf(2);
  expect(even.current).toBe(even.slots[0]);
  expect(even.accepted).toEqual(even.slots);
});
