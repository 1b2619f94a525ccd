import { readDiagnostics } from './diagnostics';
import { fileSystemFailure, terraformFailure } from './failure';
import type { FailureContext } from './failure';
import type { TerraformResult } from './run-terraform';

const result = (output: Partial<TerraformResult>): TerraformResult => ({
  args: ['plan', '-no-color'],
  cwd: __dirname,
  exitCode: 1,
  stdout: '',
  stderr: '',
  seconds: 1,
  interrupted: false,
  ...output,
});
const fail = (output: Partial<TerraformResult>, context: Partial<FailureContext> = {}) =>
  terraformFailure(result(output), { stack: 'region-us-vpc', ...context });
const uiLine = (diagnostic: object) =>
  JSON.stringify({
    '@level': 'error',
    '@message': 'Error: …',
    '@module': 'terraform.ui',
    diagnostic,
    type: 'diagnostic',
  });

/** What Terraform 1.11.4 prints for one mistake, in each of its forms. */
const WRONG_TYPE = {
  json: [
    '{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","terraform":"1.11.4","type":"version","ui":"1.2"}',
    uiLine({
      severity: 'error',
      summary: 'Incorrect attribute value type',
      detail: 'Inappropriate value for attribute "enable_dns_support": a bool is required.',
      range: {
        filename: 'cdk.tf.json',
        start: { line: 9, column: 31, byte: 203 },
        end: { line: 9, column: 38, byte: 210 },
      },
      snippet: {
        context: 'resource.aws_vpc.Vpc',
        code: '        "enable_dns_support": "maybe"',
        start_line: 9,
        highlight_start_offset: 30,
        highlight_end_offset: 37,
        values: [],
      },
    }),
  ].join('\n'),
  validate: JSON.stringify(
    {
      format_version: '1.0',
      valid: false,
      error_count: 1,
      warning_count: 0,
      diagnostics: [
        {
          severity: 'error',
          summary: 'Incorrect attribute value type',
          detail: 'Inappropriate value for attribute "enable_dns_support": a bool is required.',
          range: { filename: 'cdk.tf.json', start: { line: 9 }, end: { line: 9 } },
          snippet: { context: 'resource.aws_vpc.Vpc', code: '        "enable_dns_support": "maybe"' },
        },
      ],
    },
    null,
    2,
  ),
  plain: `
Error: Incorrect attribute value type

  on cdk.tf.json line 9, in resource.aws_vpc.Vpc:
   9:         "enable_dns_support": "maybe"

Inappropriate value for attribute "enable_dns_support": a bool is required.
`,
  boxes: `\u001b[31m╷\u001b[0m\u001b[0m
\u001b[31m│\u001b[0m \u001b[0m\u001b[1m\u001b[31mError: \u001b[0m\u001b[0m\u001b[1mIncorrect attribute value type\u001b[0m
\u001b[31m│\u001b[0m \u001b[0m
\u001b[31m│\u001b[0m \u001b[0m\u001b[0m  on cdk.tf.json line 9, in resource.aws_vpc.Vpc:
\u001b[31m│\u001b[0m \u001b[0m   9:         "enable_dns_support": \u001b[4m"maybe"\u001b[0m\u001b[0m
\u001b[31m│\u001b[0m \u001b[0m
\u001b[31m│\u001b[0m \u001b[0mInappropriate value for attribute "enable_dns_support": a bool is required.
\u001b[31m╵\u001b[0m\u001b[0m
`,
};

const LOCKED = `
Error: Error acquiring the state lock

Error message: resource temporarily unavailable
Lock Info:
  ID:        31b87e7f-8939-404a-41a9-fb5fd3d5c06f
  Path:      s.tfstate
  Operation: OperationTypeApply
  Who:       someone@laptop
  Version:   1.11.4
  Created:   2026-11-22 16:22:07.435911783 +0000 UTC
  Info:      


Terraform acquires a state lock to protect the state from being written
by multiple users at the same time. Please resolve the issue above and try
again. For most commands, you can disable locking with the "-lock=false"
flag, but this is not recommended.
`;

describe("Terraform's diagnostics", () => {
  it.each(Object.entries(WRONG_TYPE))('are read from its %s output', (_, output) => {
    expect(readDiagnostics(output)).toEqual([
      {
        severity: 'error',
        summary: 'Incorrect attribute value type',
        detail: 'Inappropriate value for attribute "enable_dns_support": a bool is required.',
        address: 'aws_vpc.Vpc',
        file: 'cdk.tf.json',
        line: 9,
        snippet: expect.stringMatching(/^ *"enable_dns_support": "maybe"$/),
      },
    ]);
  });

  it('keep apart what is said of several resources, and warnings from errors', () => {
    const output = `
Warning: Deprecated

  with aws_eip.Old,
  on cdk.tf.json line 3, in resource.aws_eip.Old:
   3:       {

Use domain.

Error: creating EC2 VPC: quota

  with aws_vpc.Vpc,
  on cdk.tf.json line 9, in resource.aws_vpc.Vpc:
   9:       {

`;
    expect(readDiagnostics(output).map(({ severity, address, summary }) => [severity, address, summary])).toEqual([
      ['warning', 'aws_eip.Old', 'Deprecated'],
      ['error', 'aws_vpc.Vpc', 'creating EC2 VPC: quota'],
    ]);
  });

  it('are none in output without any', () => {
    expect(readDiagnostics('No changes. Your infrastructure matches the configuration.\n{ not json')).toEqual([]);
    expect(readDiagnostics('{"format_version":"1.2","planned_values":{}}')).toEqual([]);
  });
});

describe('a failure of Terraform', () => {
  it('is one error: the stack, the command, the address, the place, the line, the log', () => {
    const failure = fail({ stdout: WRONG_TYPE.json, logFile: 'dist/logs/region-us-vpc.log' });
    expect(failure.message).toBe(
      [
        'region-us-vpc: terraform plan failed',
        '  aws_vpc.Vpc (cdk.tf.json:9): Incorrect attribute value type',
        '      | "enable_dns_support": "maybe"',
        '    Inappropriate value for attribute "enable_dns_support": a bool is required.',
        '  log: dist/logs/region-us-vpc.log',
      ].join('\n'),
    );
    expect(failure).toMatchObject({ exitCode: 1, kind: 'other', stackName: 'region-us-vpc' });
    expect(failure.stack).toContain('failure.ts');
  });

  it('shows every error and no warning', () => {
    const failure = fail({
      stdout: [
        uiLine({ severity: 'error', summary: 'first', detail: '' }),
        uiLine({ severity: 'warning', summary: 'by the way', detail: '' }),
        uiLine({ severity: 'error', summary: 'second', detail: '' }),
      ].join('\n'),
    });
    expect(failure.message).toMatch(/first[\s\S]*second/);
    expect(failure.message).not.toContain('by the way');
    expect(failure.diagnostics).toHaveLength(2);
  });

  it('shortens a line that is the whole configuration', () => {
    const code = `{"resource":${'x'.repeat(5000)}}`;
    const failure = fail({ stdout: uiLine({ severity: 'error', summary: 's', detail: '', snippet: { code } }) });
    expect(failure.message.length).toBeLessThan(400);
  });

  it('says who holds the lock, since when, and how it is released', () => {
    const failure = fail({ stderr: LOCKED, args: ['apply', 'plan.bin'] });
    expect(failure.message).toMatch(
      /^region-us-vpc: terraform apply failed: the state is locked by someone@laptop since 2026-11-22 16:22:07 UTC \(OperationTypeApply, lock 31b87e7f-\S+\); wait until that run has ended; if it has died, .* force-unlock 31b87e7f-/,
    );
    expect(failure.lock).toEqual({
      id: '31b87e7f-8939-404a-41a9-fb5fd3d5c06f',
      who: 'someone@laptop',
      since: '2026-11-22 16:22:07 UTC',
      operation: 'OperationTypeApply',
    });
    expect(fail({ stderr: LOCKED }, { unlockCommand: ({ id }) => `our-unlock ${id}` }).message).toContain(
      'our-unlock 31b8',
    );
  });

  it.each([
    [
      'provider-installation',
      'Failed to query available provider packages',
      'could not connect to registry.terraform.io: Get "https://registry.terraform.io/.well-known/terraform.json": dial tcp: lookup registry.terraform.io: connect: network is unreachable',
      /the AWS provider cannot be installed; reach registry\.terraform\.io, or name a folder .* PLATFORM_PROVIDER_MIRROR/,
    ],
    [
      'provider-checksum',
      'Failed to install provider',
      "the local package for registry.terraform.io/hashicorp/aws 5.100.0 doesn't match any of the checksums previously recorded in the dependency lock file",
      /another checksum than \.terraform\.lock\.hcl records; remove the provider from the mirror/,
    ],
    [
      'no-credentials',
      'No valid credential sources found',
      'Error: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata',
      /there are no AWS credentials; sign in/,
    ],
    [
      'expired-credentials',
      'validating provider credentials',
      'operation error STS: GetCallerIdentity, https response error StatusCode: 403, api error ExpiredToken: The security token included in the request is expired',
      /the AWS credentials have expired; sign in again/,
    ],
    [
      'expired-credentials',
      'No valid credential sources found',
      'Error: failed to refresh cached credentials, refresh cached SSO token failed, unable to refresh SSO token',
      /the AWS credentials have expired; sign in again/,
    ],
    [
      'invalid-credentials',
      'validating provider credentials',
      'operation error STS: GetCallerIdentity, api error InvalidClientTokenId: The security token included in the request is invalid.',
      /AWS does not know these credentials/,
    ],
    [
      'wrong-account',
      'AWS account ID not allowed: 111122223333',
      '',
      /belong to another account: 111122223333; sign in to the account that infra\.config\.ts gives/,
    ],
    [
      'role-refused',
      'Cannot assume IAM Role',
      'IAM Role (arn:aws:iam::111122223333:role/deploy) cannot be assumed.',
      /cannot be assumed: arn:aws:iam::111122223333:role\/deploy; check that the role exists/,
    ],
    [
      'no-state-bucket',
      'Error refreshing state',
      'S3 bucket "acme-state" does not exist.',
      /the bucket for the state does not exist: acme-state; deploy global\/state first/,
    ],
    [
      'not-visible-yet',
      'reading EC2 Transit Gateway Direct Connect Gateway Attachment',
      'no matching EC2 Transit Gateway Direct Connect Gateway Attachment found',
      /does not show the new Transit Gateway attachment yet; wait a few minutes, then plan and deploy again/,
    ],
    ['stale-plan', 'Saved plan is stale', 'The given plan file can no longer be applied.', /plan again, and review/],
    [
      'state-not-saved',
      'Failed to save state',
      'Error saving state: failed to upload state: dial tcp: connect: connection refused',
      /what was changed is not in the state; .* delete nothing in .* state push errored\.tfstate/,
    ],
    [
      'disk-full',
      'Failed to install provider',
      'write .terraform/x: no space left on device',
      /the disk is full; free some space/,
    ],
    [
      'read-only-folder',
      'Error while installing hashicorp/aws',
      'mkdir .terraform: read-only file system',
      /a folder cannot be written; make the folder writable/,
    ],
    [
      'network',
      'validating provider credentials',
      'request send failed, Post "https://sts.us-east-1.amazonaws.com/": dial tcp 127.0.0.1:1: connect: connection refused',
      /an endpoint cannot be reached: https:\/\/sts\.us-east-1\.amazonaws\.com\/; check the connection/,
    ],
    [
      'network',
      'reading SNS Topic',
      'operation error SNS: GetTopicAttributes, exceeded maximum number of attempts, 2, https response error StatusCode: 0, RequestID: , request send failed, Post "https://sns.us-east-1.amazonaws.com/": EOF',
      /an endpoint cannot be reached: https:\/\/sns\.us-east-1\.amazonaws\.com\/; check the connection/,
    ],
    [
      'crash',
      'Plugin did not respond',
      'The plugin encountered an error, and failed to respond to the plugin.(*GRPCProvider).PlanResourceChange call.',
      /a program crashed/,
    ],
  ])('knows %s by "%s", and says what to do', (kind, summary, detail, message) => {
    for (const output of [
      { stdout: uiLine({ severity: 'error', summary, detail }) },
      { stderr: `\nError: ${summary}\n\n${detail}\n` },
    ]) {
      const failure = fail(output);
      expect(failure.kind).toBe(kind);
      expect(failure.message.split('\n')[0]).toMatch(message);
      expect(failure.message).toContain(summary);
    }
  });

  it('knows a phrase that Terraform has wrapped', () => {
    const stderr =
      '\nError: Failed to install provider\n\nError while installing: write .terraform/x: no space left\non device\n';
    expect(fail({ stderr }).kind).toBe('disk-full');
  });

  it('distinguishes other lock errors from a held lock', () => {
    const detail = 'Error message: operation error S3: PutObject, api error AccessDenied: Access Denied';
    const failure = fail({ stdout: uiLine({ severity: 'error', summary: 'Error acquiring the state lock', detail }) });
    expect(failure.kind).toBe('other');
  });

  it("does not take AWS's refusal of an action for a folder that cannot be written", () => {
    const detail = 'operation error EC2: CreateVpc, api error UnauthorizedOperation: You are not authorized';
    expect(fail({ stdout: uiLine({ severity: 'error', summary: 'creating EC2 VPC', detail }) }).kind).toBe('other');
  });

  it('shows the last lines where Terraform said nothing that can be read', () => {
    const stderr = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
    expect(fail({ stderr }).message.split('\n').slice(1)).toEqual(
      Array.from({ length: 15 }, (_, line) => `  line ${line + 25}`),
    );
  });

  it('tells a killed run from an interrupted one', () => {
    expect(fail({ exitCode: 137 })).toMatchObject({ kind: 'killed' });
    expect(fail({ exitCode: 137 }).message).toMatch(
      /Terraform was killed; if it was the system, it was short of memory/,
    );
    expect(fail({ exitCode: 1, interrupted: true }).message).toMatch(
      /terraform plan was interrupted; what was finished/,
    );
  });
});

const notSaved = uiLine({
  severity: 'error',
  summary: 'Failed to save state',
  detail: 'Error saving state: failed to upload state: AccessDenied',
});
const lockStays = uiLine({
  severity: 'error',
  summary: 'Error releasing the state lock',
  detail:
    'Error message: AccessDenied\n\nLock Info:\n  ID:        1234-abcd\n  Who:       me@here\n  Created:   2026-01-02',
});

test('a run that was interrupted and could not save its state does not say that all is saved', () => {
  const failure = fail({ interrupted: true, stdout: notSaved });
  expect(failure.kind).toBe('state-not-saved');
  expect(failure.message).toContain('what was changed is not in the state');
  expect(failure.message).not.toContain('what was finished is in the state');
});

test('a lock that stays after all went well is its own, with the command that releases it', () => {
  const unlockCommand = ({ id }: { id: string }) => `unlock ${id}`;
  const failure = fail({ args: ['apply'], stdout: lockStays }, { unlockCommand });
  expect(failure.kind).toBe('lock-not-released');
  expect(failure.message).toContain(
    'terraform apply failed: its work is done and in the state, but its own lock 1234-abcd could not be released; release it: unlock 1234-abcd, then repeat',
  );
  expect(failure.message).not.toContain('locked by');
});

test('a lock that stays beside a worse error is not the headline', () => {
  expect(fail({ stdout: `${lockStays}\n${notSaved}` })).toMatchObject({ kind: 'state-not-saved' });
});

test('a state that neither the bucket nor the full disk took names the file that has it', () => {
  const full = uiLine({
    severity: 'error',
    summary: 'Failed to create local state file',
    detail: 'Error creating local state file for recovery: write errored.tfstate: no space left on device',
  });
  const emergencyState = '/tmp/errored-stack.tfstate';
  const { kind, message } = fail({ cwd: '/live/stack', stdout: `${full}\n${notSaved}`, emergencyState });
  expect(kind).toBe('state-not-saved');
  expect(message).toContain('neither the bucket nor the disk, which is full, took it');
  expect(message).toContain(`the state is in ${emergencyState} (readable by you only)`);
  expect(message).toContain('move that file to /live/stack/errored.tfstate');
});

test('an unsaved state of a serial that another run has written is late', () => {
  const stderr =
    'Failed to write state: cannot overwrite existing state with serial 6 with a different state that has the same serial\n';
  expect(fail({ args: ['state', 'push', 'errored.tfstate'], stderr })).toMatchObject({ kind: 'unsaved-state-late' });
});

describe('a failure of the file system', () => {
  const context = { stack: 'region-us-vpc' };
  const error = (code: string) => Object.assign(new Error(`${code}: it does not work`), { code, path: '/there/file' });

  it.each([
    ['ENOSPC', 'disk-full'],
    ['EROFS', 'read-only-folder'],
    ['EACCES', 'read-only-folder'],
  ])('%s is %s', (code, kind) => {
    const failure = fileSystemFailure(error(code), context);
    expect(failure).toMatchObject({ kind, exitCode: 1 });
    expect(failure!.message).toMatch(/^region-us-vpc: \/there\/file cannot be written: .*; /);
  });

  it('is nothing else', () => {
    expect(fileSystemFailure(error('ENOENT'), context)).toBeUndefined();
  });
});

test('a state that was left behind and is too old now: what to do with the file, without the colours of a terminal', () => {
  const said =
    '\u001b[31mFailed to write state: cannot import state with serial 2 over newer state with serial 6\u001b[0m\u001b[0m\n';
  const { kind, message } = fail({ args: ['state', 'push', 'errored.tfstate'], stderr: said });
  expect(kind).toBe('unsaved-state-late');
  expect(message).toMatch(
    /^region-us-vpc: terraform state failed: what an earlier apply could not write does not continue the state of today; compare .+errored\.tfstate with the state as docs\/runbooks\/lost-state\.md says, then move that file out/,
  );
  expect(message).toContain('\n  Failed to write state: cannot import state with serial 2 over newer');
  expect(message).not.toContain('\u001b');
});

test('a command that names a folder with a space in its path can be pasted', () => {
  const { message } = fail({ cwd: '/a b/stack', stderr: 'Error: Failed to save state\n' });
  expect(message).toContain("by hand: terraform -chdir='/a b/stack' state push errored.tfstate");
  const quoted = fail({ cwd: "/o'brien/stack", stderr: 'Error: Failed to save state\n' });
  expect(quoted.message).toContain("-chdir='/o'\\''brien/stack' state push");
});
