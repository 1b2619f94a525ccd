import type { PlanJson } from '@platform/tools/model/plan';
import { adoptionOf } from './adopt-resource';

const address = 'aws_sqs_queue.Queue';
const change = (of: string, actions: string[], more: object = {}) => ({
  address: of,
  type: of.split('.')[0]!,
  mode: 'managed' as const,
  change: { actions, ...more },
});
const adoption = (...resource_changes: object[]) => adoptionOf('stack', address, { resource_changes } as PlanJson);
const importing = { importing: { id: 'q-1' } };

test('an import that changes nothing, and one that changes the resource in place, are shown', () => {
  expect(adoption(change(address, ['no-op'], importing))).toEqual([`import ${address} (q-1)`]);
  const update = {
    ...importing,
    before: { delay_seconds: 0, policy: 'old', name: 'q' },
    after: { delay_seconds: 7, policy: 'new', name: 'q' },
    after_sensitive: { policy: true },
    after_unknown: { tags_all: true },
  };
  expect(adoption(change(address, ['update'], update), change('aws_vpc.V', ['no-op']))).toEqual([
    `import ${address} (q-1)`,
    `change ${address}: delay_seconds: 0 → 7`,
    `change ${address}: policy: (sensitive) → (sensitive)`,
  ]);
});

test.each([
  [
    'replaces it',
    [change(address, ['delete', 'create'], { ...importing, replace_paths: [['fifo_queue']] })],
    `${address} would be replaced (because of fifo_queue)`,
  ],
  [
    'changes another resource',
    [change(address, ['no-op'], importing), change('aws_kms_key.Key', ['create'])],
    'aws_kms_key.Key would be changed too',
  ],
  ['makes it anew', [change(address, ['create'])], `${address} would be replaced`],
  ['does not import it', [], `the plan does not import ${address}`],
])('a plan that %s is refused', (_, changes, message) => {
  expect(() => adoption(...changes)).toThrow(message);
});
