import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineContract, list, map, text } from '@platform/libs/contract/contract';
import { formatProblem } from '@platform/libs/settings/problem';
import { callersFailure, readable } from '@platform/tools/aws/callers-failure';
import { checkOutputs } from './check-outputs';
import { changedFiles } from '@platform/tools/model/plan-record';
import { folderDigests } from '@platform/tools/session/file-digests';
import { liveVariables } from '@platform/tools/aws/live-target';
import { lostStates, statefulResources } from '@platform/tools/model/stateful-types';
import { liveUpstreamValues } from '@platform/tools/session/upstream-outputs';
import { withRetries } from '@platform/tools/aws/with-retries';

const folder = mkdtempSync(join(tmpdir(), 'live-'));
afterAll(() => rmSync(folder, { recursive: true }));

const contract = defineContract({
  stack: 'x',
  project: 'global/x',
  stateRegion: { key: 'us', awsRegion: 'us-east-1' },
  fields: { id: text('', 'example-id'), ids: list('', ['example']), names: map('', { a: 'example' }) },
});

describe('outputs against the contract', () => {
  test('names and kinds that are as promised', () => {
    expect(checkOutputs(contract, { id: 'a', ids: [], names: { k: 'v' }, more: 1 })).toEqual([]);
  });

  test('what is missing and what is of another kind', () => {
    expect(checkOutputs(contract, { ids: 'a', names: [] }).map(formatProblem)).toEqual([
      expect.stringContaining('global/x/contract.ts: id: the stack x was applied and has no such output'),
      expect.stringContaining('global/x/contract.ts: ids: list is promised, and the stack x gives text'),
      expect.stringContaining('global/x/contract.ts: names: map is promised, and the stack x gives list'),
    ]);
  });
});

describe('values of another stack', () => {
  const sources = (...given: [Record<string, unknown>?, object?]) =>
    Object.entries(liveUpstreamValues(contract, given[0], given[1])).map(([name, { value, source }]) => [
      name,
      source,
      value,
    ]);

  test('are real where it is deployed and does not change', () => {
    expect(sources({ id: 'a', ids: ['b'], names: {} }, { output_changes: { id: { actions: ['no-op'] } } })).toEqual([
      ['id', 'state', 'a'],
      ['ids', 'state', ['b']],
      ['names', 'state', {}],
    ]);
  });

  test('are planned or former where a plan is about to change them, and examples where there is nothing', () => {
    const changes = { id: { actions: ['update'], after: 'new' }, ids: { actions: ['update'], after_unknown: true } };
    expect(sources({ id: 'a', ids: ['b'] }, { output_changes: changes })).toEqual([
      ['id', 'planned', 'new'],
      ['ids', 'former', ['b']],
      ['names', 'example', { a: 'example' }],
    ]);
  });
});

describe('files', () => {
  test('their bytes count and their times do not', () => {
    mkdirSync(join(folder, 'files', 'sub'), { recursive: true });
    const file = join(folder, 'files', 'sub', 'a');
    writeFileSync(file, 'one');
    const before = folderDigests(join(folder, 'files'));
    utimesSync(file, 4_000_000_000, 4_000_000_000);
    expect(changedFiles(before, folderDigests(join(folder, 'files')))).toEqual([]);
    utimesSync(file, 0, 0);
    writeFileSync(file, 'two');
    expect(changedFiles(before, folderDigests(join(folder, 'files')))).toEqual(['sub/a was changed']);
  });
});

describe('a call that fails', () => {
  const passes = (error: unknown) => (error as Error).message === 'passes';

  test('is repeated while that may help', async () => {
    let calls = 0;
    const call = async () => {
      if (++calls < 3) throw new Error('passes');
      return calls;
    };
    await expect(withRetries(call, { passes, waitsSec: [0, 0] })).resolves.toBe(3);
  });

  test('is given up after the last wait, and at once where waiting does not help', async () => {
    let calls = 0;
    const call = (message: string) => async () => {
      calls++;
      throw new Error(message);
    };
    await expect(withRetries(call('passes'), { passes, waitsSec: [0, 0] })).rejects.toThrow('passes');
    expect(calls).toBe(3);
    await expect(withRetries(call('stays'), { passes, waitsSec: [0, 0] })).rejects.toThrow('stays');
    expect(calls).toBe(4);
  });

  test.each([
    ['ExpiredToken', 'expired-credentials'],
    ['CredentialsProviderError', 'no-credentials'],
    ['InvalidClientTokenId', 'invalid-credentials'],
    ['NoSuchBucket', 'no-state-bucket'],
  ])('%s is said in one sentence', (name, kind) => {
    const failure = callersFailure(Object.assign(new Error('detail'), { name }), 'prod');
    expect(failure).toMatchObject({ kind, exitCode: 1 });
    expect(failure!.message).toMatch(/^prod: .+; .+\n {2}detail$/);
  });

  test('a refused connection is known although the SDK gives it no message', () => {
    const error = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    expect(callersFailure(error, 'prod')).toMatchObject({ kind: 'network' });
  });

  test('any other answer of AWS is said in one sentence with its code, and what to do', () => {
    const answered = (name: string, httpStatusCode: number, message = 'detail') =>
      callersFailure(Object.assign(new Error(message), { name, $metadata: { httpStatusCode } }), 'prod')?.message;
    expect(answered('OperationAborted', 409)).toMatch(
      /^prod: AWS refused a call \(OperationAborted, HTTP 409\); .+\n {2}detail$/,
    );
    expect(answered('UnknownError', 403, 'UnknownError')).toMatch(
      /^prod: AWS refused a call \(no reason given, HTTP 403\); check the rights .+$/,
    );
    expect(answered('InternalError', 500)).toMatch(/\(InternalError, HTTP 500\); .+ repeat the command\n/);
  });

  test('a full disk, a folder that cannot be written and one that was removed are known', () => {
    expect(callersFailure(Object.assign(new Error('x'), { code: 'ENOSPC' }), 'prod')).toMatchObject({
      kind: 'disk-full',
    });
    expect(callersFailure(Object.assign(new Error('x'), { code: 'EROFS' }), 'prod')).toMatchObject({
      kind: 'read-only-folder',
    });
    expect(
      callersFailure(Object.assign(new Error('x'), { code: 'ENOENT', path: '/live/dist/a' }), 'prod'),
    ).toMatchObject({ message: expect.stringMatching('^prod: /live/dist/a was removed meanwhile; .*plan again') });
    expect(callersFailure(new Error('a bug'), 'prod')).toBeUndefined();
  });

  test('a wait that Ctrl-C has ended is one line', () => {
    const { reason } = AbortSignal.abort() as { reason: Error };
    expect(readable(reason, 'region-us-vpc')).toMatchObject({
      message: 'region-us-vpc: stopped while it waited',
      exitCode: 1,
    });
  });

  test('an error that says already what to do keeps its words and its exit code, whatever else it quotes', () => {
    const error = Object.assign(new Error('no Terraform; install it\n  getaddrinfo EAI_AGAIN'), { exitCode: 2 });
    expect(readable(error, 'plan')).toBe(error);
    expect(readable(new Error('getaddrinfo EAI_AGAIN'), 'plan')).toMatchObject({ kind: 'network' });
  });
});

test('live plans never use the provider that previews share, and take no habits of the caller', () => {
  const variables = liveVariables({
    PATH: '/bin',
    TF_REATTACH_PROVIDERS: '{}',
    TF_CLI_ARGS_apply: '-lock=false',
    TF_VAR_x: 'y',
    TF_LOG: 'debug',
    AWS_PROFILE: 'prod',
  });
  expect(variables).toEqual({ PATH: '/bin', TF_LOG: 'debug', AWS_PROFILE: 'prod' });
});

test('nothing that plans or applies live knows of the provider that previews share', async () => {
  const root = join(__dirname, '..', '..', '..');
  const { metafile } = await build({
    entryPoints: [
      join(root, 'tools/session/open-session.ts'),
      join(root, 'tools/actions/plan/plan-estate.ts'),
      join(root, 'tools/actions/deploy/deploy-estate.ts'),
    ],
    absWorkingDir: root,
    alias: { '@platform': root },
    packages: 'external',
    platform: 'node',
    bundle: true,
    metafile: true,
    write: false,
    outdir: 'out',
  });
  const used = Object.keys(metafile.inputs);
  expect(used).toContain('tools/terraform/run-terraform.ts');
  expect(used.filter((file) => /shared-provider|provider-relay|provider-process|preview-session/.test(file))).toEqual(
    [],
  );
});

test('what holds data is found in a state, and whether a destroy would empty it', () => {
  const state = {
    resources: [
      { mode: 'managed', type: 'aws_vpc', name: 'V', instances: [{}] },
      { mode: 'data', type: 'aws_s3_bucket', name: 'D', instances: [{}] },
      {
        mode: 'managed',
        type: 'aws_s3_bucket',
        name: 'B',
        instances: [{ index_key: 'a', attributes: { force_destroy: true } }, { index_key: 1 }],
      },
    ],
  };
  expect(statefulResources(state)).toEqual([
    { address: 'aws_s3_bucket.B["a"]', loses: 'the objects of a bucket', emptied: true },
    { address: 'aws_s3_bucket.B[1]', loses: 'the objects of a bucket', emptied: false },
  ]);
});

test('a plan takes states away with their bucket or its key, and only where the states are', () => {
  const changed = (address: string, ...actions: string[]) => ({
    address,
    type: address.split('.')[0]!,
    mode: 'managed' as const,
    change: { actions },
  });
  const plan = {
    resource_changes: [
      changed('aws_s3_bucket.Gone', 'delete'),
      changed('aws_kms_key.Another', 'delete', 'create'),
      changed('aws_s3_bucket.Kept', 'update'),
      changed('aws_s3_bucket_replication_configuration.Turned', 'delete'),
    ],
  };
  expect(lostStates('global/state', plan)).toEqual(['aws_s3_bucket.Gone', 'aws_kms_key.Another']);
  expect(lostStates('global/data', plan)).toEqual([]);
});
