import { objectsOf } from './destroyed-objects';
import type { TerraformState } from './state';
import { decideUnsavedState, type StateBefore } from './unsaved-state';

const state = (serial: number, ids: readonly string[], lineage = 'l'): TerraformState => ({
  lineage,
  serial,
  resources: ids.map((id) => ({ mode: 'managed', type: 'aws_vpc', name: id, instances: [{ attributes: { id } }] })),
});
const beginning = (serial: number, ...ids: string[]): StateBefore => ({
  version: { lineage: 'l', serial },
  objects: objectsOf(state(serial, ids)),
});
const push = { action: 'push' };

test('a state that continues the present one is pushed', () => {
  expect(decideUnsavedState(state(6, ['a', 'b']), state(5, ['a']), beginning(5, 'a'))).toEqual(push);
  expect(decideUnsavedState(state(6, ['a', 'b']), state(5, ['a']))).toEqual(push);
  expect(decideUnsavedState(state(1, ['a']), undefined)).toEqual(push);
});

test('does not take the place of a state that is missing from the bucket', () => {
  const refused = { action: 'refuse', onlyHere: ['aws_vpc.a (a)'] };
  expect(decideUnsavedState(state(6, ['a']), undefined, beginning(5), true)).toMatchObject(refused);
});

test('a first apply onto the empty state that an earlier destroy left is pushed', () => {
  expect(decideUnsavedState(state(6, ['a']), state(5, []), beginning(5))).toEqual(push);
});

test('a state that the same apply wrote on its way is continued', () => {
  expect(decideUnsavedState(state(9, ['a', 'c', 'd']), state(7, ['a', 'b', 'c']), beginning(5, 'a', 'b'))).toEqual(
    push,
  );
});

test('a state that says the same is saved already, whatever its serial', () => {
  expect(decideUnsavedState(state(6, ['a']), state(6, ['a']))).toEqual({ action: 'saved' });
  expect(decideUnsavedState(state(6, ['a']), state(7, ['a']))).toEqual({ action: 'saved' });
});

test('the empty state of another destroy is not overwritten, whatever the serials say', () => {
  const refused = { action: 'refuse', onlyHere: ['aws_vpc.a (a)', 'aws_vpc.b (b)'] };
  for (const before of [beginning(5, 'a'), undefined]) {
    expect(decideUnsavedState(state(9, ['a', 'b']), state(7, []), before)).toMatchObject(refused);
  }
  expect(decideUnsavedState(state(9, ['a', 'b']), state(7, []), beginning(5, 'a'))).toMatchObject({
    why: 'another run has destroyed aws_vpc.a (a) (serial 7)',
  });
});

test.each([
  [
    'of equal serial and other content',
    state(6, ['a', 'b']),
    state(6, ['a', 'c']),
    'another run has written serial 6, and this is serial 6',
  ],
  [
    'of a lower serial',
    state(6, ['a', 'b']),
    state(8, ['a']),
    'another run has written serial 8, and this is serial 6',
  ],
  ['of another lineage', state(6, ['b'], 'm'), state(5, ['a']), 'the state now has another lineage (l instead of m)'],
  [
    'with an object of another run in the present one',
    state(9, ['a', 'b']),
    state(6, ['a', 'c']),
    'another run has created aws_vpc.c (c) (serial 6)',
  ],
])('a state %s is refused with what only it knows', (_, unsaved, present, why) => {
  expect(decideUnsavedState(unsaved, present, beginning(5, 'a'))).toEqual({
    action: 'refuse',
    why,
    onlyHere: ['aws_vpc.b (b)'],
  });
});
