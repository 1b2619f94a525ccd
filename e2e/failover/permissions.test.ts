import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployPolicies, type AccessScope } from '@platform/libs/access/policies';
import { findRoot } from '@platform/tools/workspace/find-root';

/* The deploy role may make every call that failovers and rehearsals make: found in their sources. */

const root = findRoot(__dirname);
const folders = ['gamedays', 'tools/actions/failover', 'tools/actions/gameday'];

/** Names of services in policies, by package of the SDK. */
const services: Readonly<Record<string, string>> = {
  'auto-scaling': 'autoscaling',
  'direct-connect': 'directconnect',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'global-accelerator': 'globalaccelerator',
};
/** Actions of operations that have another name (service authorization reference). */
const actions: Readonly<Record<string, readonly string[]>> = {
  's3:CopyObject': ['s3:GetObjectVersion', 's3:PutObject'],
  's3:ListObjectVersions': ['s3:ListBucketVersions'],
  's3:ListObjectsV2': ['s3:ListBucket'],
};

function calledIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  // `const { ACommand } = await import('@aws-sdk/client-x')`, and `const x = await import(…)` for `new x.ACommand(…)`.
  return [...text.matchAll(/const (\{[^}]*\}|\w+) = await import\(\s*'@aws-sdk\/client-([\w-]+)'/g)].flatMap(
    ([, bound, name]) => {
      const commands = bound!.startsWith('{')
        ? [...bound!.matchAll(/(?:(\w+)Command\b|paginate(\w+))/g)].map(([, command, paged]) => command ?? paged!)
        : [...text.matchAll(new RegExp(`new ${bound}\\.(\\w+)Command\\(`, 'g'))].map(([, command]) => command!);
      return commands.map((command) => `${services[name!] ?? name}:${command}`);
    },
  );
}

const called = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => calledIn(`${folder}/${file}`)),
);

const scope: AccessScope = {
  accountId: '111111111111',
  accountRoles: ['network', 'workload', 'edge', 'management'],
  organisation: 'example',
  environments: ['prod'],
  planRole: 'platform-plan',
  deployRole: 'platform-deploy',
  assumableIn: [],
  states: { buckets: ['arn:aws:s3:::example-prod-terraform-state-us'], keys: [], lockTables: [], otherBuckets: [] },
};
const allowed = new Set(
  deployPolicies(scope).flatMap((text) =>
    (JSON.parse(text) as { Statement: { Action: readonly string[] }[] }).Statement.flatMap(({ Action }) => Action),
  ),
);

test('the sources name the calls that are known to be made', () => {
  expect(called).toEqual(
    expect.arrayContaining([
      'autoscaling:TerminateInstanceInAutoScalingGroup',
      'rds:SwitchoverGlobalCluster',
      'globalaccelerator:UpdateEndpointGroup',
      'ec2:ReplaceNetworkAclAssociation',
      's3:ListObjectsV2',
    ]),
  );
});

test.each([...new Set(called)].sort())('the deploy role may call %s', (call) => {
  expect((actions[call] ?? [call]).filter((action) => !allowed.has(action))).toEqual([]);
});
