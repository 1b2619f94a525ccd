import { assertReplaceable, taintedInstances } from './tainted';
import type { LiveSession } from './live-session';

const resource = (type: string, name: string, ...instances: object[]) => ({ mode: 'managed', type, name, instances });
const state = {
  resources: [
    resource('aws_kms_key', 'Key', { status: 'tainted' }),
    resource('aws_kms_key', 'Whole', {}),
    resource('aws_dx_connection', 'Port', { index_key: 'a', status: 'tainted' }, { index_key: 'b' }),
    resource('aws_sns_topic', 'Topic', { status: 'tainted' }),
  ],
};
const session = {
  options: { target: { name: 'aws' }, environment: { name: 'prod' } },
} as unknown as LiveSession;
const kept = { lifecycle: { prevent_destroy: true } };
const configuration = {
  resource: {
    aws_kms_key: { Key: kept, Whole: kept },
    aws_dx_connection: { Port: kept },
    aws_sns_topic: { Topic: {} },
  },
};

test('tainted objects are named as Terraform names them', () => {
  expect(taintedInstances(state).map(({ address }) => address)).toEqual([
    'aws_kms_key.Key',
    'aws_dx_connection.Port["a"]',
    'aws_sns_topic.Topic',
  ]);
  expect(taintedInstances({})).toEqual([]);
});

test('refuses tainted and protected objects in one error, with a command for each', () => {
  const check = () => assertReplaceable(session, 'global-state', configuration, state);
  expect(check).toThrow(
    `global-state: aws_kms_key.Key, aws_dx_connection.Port["a"]: tainted, and \`prevent_destroy\` forbids`,
  );
  expect(check).toThrow(
    `:
  npx platform state untaint global-state aws_kms_key.Key --target aws -c prod
  npx platform state untaint global-state 'aws_dx_connection.Port["a"]' --target aws -c prod`,
  );
});

test('what may be destroyed is made anew by the plan', () => {
  const free = { resource: { aws_kms_key: { Key: {} }, aws_dx_connection: { Port: {} } } };
  expect(() => assertReplaceable(session, 'global-state', free, state)).not.toThrow();
});
