import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepEmergencyState, takeEmergencyState } from './emergency-state';
import { runTerraform } from './run-terraform';

const folder = mkdtempSync(join(tmpdir(), 'emergency-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const state = { version: 4, serial: 7, lineage: 'l', resources: [{ password: 'hunter2' }] };
const uiLine = (dump: unknown) =>
  JSON.stringify({ '@level': 'info', '@message': 'Emergency state dump', state: dump, type: 'state_dump' });
const failed = '{"@level":"error","@message":"Error: Failed to save state","type":"diagnostic"}';

test.each([
  ['as a line of the machine-readable output', uiLine(state)],
  ['as text in such a line', uiLine(JSON.stringify(state))],
  ['as JSON over several lines', JSON.stringify(state, null, 2)],
])('a state that is printed %s is taken out whole', (_, dump) => {
  const { state: taken, rest } = takeEmergencyState(`before\n${dump}\n${failed}\n`);
  expect(JSON.parse(taken!)).toEqual(state);
  expect(rest).not.toContain('hunter2');
  expect(rest).toContain('before\n');
  expect(rest).toContain(failed);
});

test.each([
  ['a line', uiLine(state)],
  ['several lines', JSON.stringify(state, null, 2)],
])('a state in %s that is cut short is taken out too, and kept by nothing', (_, dump) => {
  const { state: taken, rest } = takeEmergencyState(dump.slice(0, dump.indexOf('hunter2') + 7));
  expect(taken).toBeUndefined();
  expect(rest).not.toContain('hunter2');
});

test('output without a state stays as it is', () => {
  const output = `${failed}\n{\n  "version": 3\n}\n`;
  expect(takeEmergencyState(output)).toEqual({ rest: output });
});

test('the state goes into the folder, readable by this user only, also over an empty file, and never over another state', () => {
  const file = join(folder, 'errored.tfstate');
  writeFileSync(file, '');
  expect(keepEmergencyState(folder, '{"a":1}')).toBe(file);
  const elsewhere = keepEmergencyState(folder, '{"b":2}')!;
  expect(elsewhere).not.toBe(file);
  expect([file, elsewhere].map((path) => readFileSync(path, 'utf8'))).toEqual(['{"a":1}', '{"b":2}']);
  expect(statSync(elsewhere).mode & 0o777).toBe(0o600);
  rmSync(elsewhere);
});

test('a call that prints a state gives it in a file, and in no output', async () => {
  const cwd = mkdtempSync(join(folder, 'stack-'));
  const script = join(cwd, 'print.sh');
  writeFileSync(
    script,
    `cat <<'END'\n${uiLine(state)}\nEND\ncat >&2 <<'END'\nError: Failed to save state\nEND\nexit 1\n`,
  );
  const logFile = join(cwd, 'terraform.log');
  const result = await runTerraform({ binary: { path: '/bin/sh' }, cwd, args: [script], logFile });
  expect(result.emergencyState).toBe(join(cwd, 'errored.tfstate'));
  expect(JSON.parse(readFileSync(result.emergencyState!, 'utf8'))).toEqual(state);
  expect(result.stdout + result.stderr).not.toContain('hunter2');
  expect(statSync(result.emergencyState!).mode & 0o777).toBe(0o600);
  const log = readFileSync(logFile, 'utf8');
  expect(log).not.toContain('hunter2');
  expect(log).toContain('Error: Failed to save state');
});

test.each([uiLine(state), JSON.stringify(state, null, 2)])(
  'a state that a call without an end has left in the log is kept, and its place in the log stays',
  async (dump) => {
    const cwd = mkdtempSync(join(folder, 'stack-'));
    const logFile = join(cwd, 'terraform.log');
    const after = '{"type":"apply_complete","of":"é"}';
    writeFileSync(logFile, `$ terraform apply\n${dump}\n${after}\n`);
    const place = Buffer.from(`$ terraform apply\n${dump}\n`).length;
    await runTerraform({ binary: { path: '/bin/sh' }, cwd, args: ['-c', 'true'], logFile });
    expect(readFileSync(logFile, 'utf8')).not.toContain('hunter2');
    expect(readFileSync(logFile).subarray(place).toString().split('\n')[0]).toBe(after);
    expect(JSON.parse(readFileSync(join(cwd, 'errored.tfstate'), 'utf8'))).toEqual(state);
  },
);
