import type { PlanJson } from '../plan';

/** Texts of {@link samplePlan} that its marks say are sensitive. */
export const sampleSecrets = [
  'Hunter2-Hunter2',
  'Token-00f7a1',
  'Nested-Secret-9',
  'Former-Output-7',
  'Variable-Secret-3',
];

/** Where marks say that they are sensitive. */
export const secretPlaces: readonly (readonly string[])[] = [
  ['resource_changes', '1', 'change', 'before', 'password'],
  ['resource_changes', '2', 'change', 'before', 'environment', '0', 'variables', 'TOKEN'],
  ['resource_changes', '1', 'change', 'before', 'ingress', '0', 'secret'],
  ['output_changes', 'password', 'before'],
];

/** A plan with every kind of change, as `terraform show -json` writes it. */
export function samplePlan(): PlanJson {
  const [password, token, nested, output, variable] = sampleSecrets as [string, string, string, string, string];
  const resource = (address: string, change: object, more: object = {}) => ({
    address,
    mode: 'managed',
    type: address.split('.')[0]!,
    name: address.split('.')[1]!,
    provider_name: 'registry.terraform.io/hashicorp/aws',
    change,
    ...more,
  });
  const plan = {
    format_version: '1.2',
    terraform_version: '1.11.4',
    variables: { token: { value: variable } },
    planned_values: { root_module: { resources: [] } },
    resource_changes: [
      resource('aws_vpc.Made', {
        actions: ['create'],
        before: null,
        after: { cidr_block: '10.0.0.0/16', tags: { Name: 'made' } },
        after_unknown: { id: true, arn: true, tags: {} },
        before_sensitive: false,
        after_sensitive: { tags: {} },
      }),
      resource(
        'aws_db_instance.Replaced',
        {
          actions: ['delete', 'create'],
          before: { identifier: 'one', password, ingress: [{ key: 'a', secret: nested }], policy: '{"a":1,"b":[1]}' },
          after: {
            identifier: 'two',
            password: 'other',
            ingress: [{ key: 'b', secret: 'x' }],
            policy: '{"b":[1], "a":1}',
          },
          after_unknown: { endpoint: true },
          before_sensitive: { password: true, ingress: [{ secret: true }] },
          after_sensitive: { password: true, ingress: [{ secret: true }] },
          replace_paths: [['identifier']],
        },
        { action_reason: 'replace_because_cannot_update' },
      ),
      resource('aws_lambda_function.Updated', {
        actions: ['update'],
        before: { environment: [{ variables: { TOKEN: token, PLAIN: 'a' } }], layers: ['x', 'y'] },
        after: { environment: [{ variables: { TOKEN: 'new', PLAIN: `b ${token}` } }], layers: ['y', 'z'] },
        after_unknown: {},
        before_sensitive: { environment: [{ variables: { TOKEN: true } }] },
        after_sensitive: { environment: [{ variables: { TOKEN: true } }] },
      }),
      resource('aws_s3_bucket.Gone', { actions: ['delete'], before: { bucket: 'gone' }, after: null }),
      resource(
        'aws_sns_topic.Moved',
        { actions: ['no-op'], before: { name: 'a' }, after: { name: 'a' } },
        {
          previous_address: 'aws_sns_topic.Old',
        },
      ),
      resource('aws_sqs_queue.Imported', {
        actions: ['no-op'],
        before: { name: 'q' },
        after: { name: 'q' },
        importing: { id: 'https://sqs/q' },
      }),
      resource('aws_iam_user.Forgotten', { actions: ['forget'], before: { name: 'u' }, after: null }),
      resource(
        'aws_ebs_volume.Left',
        { actions: ['delete'], before: { size: 1 }, after: null },
        { deposed: 'ab12cd34' },
      ),
      {
        ...resource('data.aws_ami.Read', { actions: ['read'], before: null, after: { owners: ['self'] } }),
        mode: 'data',
        type: 'aws_ami',
      },
    ],
    resource_drift: [
      resource('aws_vpc.Drifted', { actions: ['update'], before: { tags: { a: '1' } }, after: { tags: { a: '2' } } }),
    ],
    output_changes: {
      password: { actions: ['update'], before: output, after: 'now', before_sensitive: true, after_sensitive: true },
      id: { actions: ['create'], before: null, after_unknown: true },
    },
    checks: [
      {
        address: { kind: 'check', to_display: 'check.health', name: 'health' },
        status: 'fail',
        instances: [
          { address: { to_display: 'check.health' }, status: 'fail', problems: [{ message: `no ${token}` }] },
        ],
      },
    ],
    configuration: { root_module: { variables: { token: { sensitive: true } } } },
  };
  return plan as unknown as PlanJson;
}
