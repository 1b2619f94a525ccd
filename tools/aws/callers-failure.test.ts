import { callersFailure, readable } from './callers-failure';

describe('a call that fails', () => {
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
