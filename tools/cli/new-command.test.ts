import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { findRoot } from '@platform/tools/workspace/find-root';

/*
 * Prompts of `npx platform new` on a pseudo-terminal, which Python's `pty` makes.
 */
jest.setTimeout(120_000);
const root = exampleWorkspace();
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs a command on a terminal; arguments: JSON of the command, and of pairs (text to wait for, keys to send). */
const terminal = `
import fcntl, json, os, pty, struct, sys, termios
command, dialogue = (json.loads(each) for each in sys.argv[1:])
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 50, 200, 0, 0))
    os.execvp(command[0], command)
seen = ''
while True:
    try:
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    seen += data.decode('utf8', 'replace')
    sys.stdout.write(data.decode('utf8', 'replace'))
    if dialogue and dialogue[0][0] in seen:
        seen = ''
        os.write(fd, dialogue.pop(0)[1].encode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
const hasTerminals = spawnSync('python3', ['-c', 'import pty; pty.openpty()']).status === 0;
const onTerminal = hasTerminals ? test : test.skip;

const platform = join(findRoot(__dirname), 'tools', 'cli', 'platform.cjs');
const { CI: _, ...environment } = process.env;

function run(args: readonly string[], dialogue?: readonly (readonly [wait: string, keys: string])[]) {
  const command = [process.execPath, platform, ...args];
  const [program, ...rest] = dialogue
    ? ['python3', '-c', terminal, JSON.stringify(command), JSON.stringify(dialogue)]
    : command;
  const child = spawn(program!, rest, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  return new Promise<{ code: number | null; said: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, said })),
  );
}

onTerminal('asks for the argument and the required option that are missing', async () => {
  const { code, said } = await run(
    ['new', 'region', '--dry-run'],
    [
      ['key: ', 'eu\r'],
      ['aws-region: ', 'eu-west-1\r'],
    ],
  );
  expect(said).toContain('CREATE region-eu/region.ts');
  expect(code).toBe(0);
});

onTerminal('asks for the first settings, regions included, and keeps what has an empty answer', async () => {
  const { code, said } = await run(
    ['new', 'init'],
    [
      ['organisation: ', 'acme-pay\r'],
      ['domain: ', '\r'],
      ['account: ', '\r'],
      ['region: ', 'us=us-west-2\r'],
      ['range: ', '\r'],
    ],
  );
  expect([code, said]).toEqual([0, expect.stringContaining('UPDATE region-us/region.ts')]);
  const [settings, region] = ['infra.config.ts', 'region-us/region.ts'].map((file) =>
    readFileSync(join(root, file), 'utf8'),
  );
  // Formatted without the workspace's configuration, which the fixture does not have.
  expect(settings).toMatch(/organisation: .acme-pay.,/);
  expect(settings).toMatch(/domain: .example\.com.,/);
  expect(region).toMatch(/awsRegion: .us-west-2.,[^]*zones: \[.usw2-az1., .usw2-az2./);
});

onTerminal('writes nothing when the person cancels', async () => {
  const { code, said } = await run(['new', 'vpc'], [['name: ', '\u0003']]);
  expect(said).not.toMatch(/CREATE|UPDATE/);
  expect(code).toBe(1);
});

test('without a terminal, names every missing option', async () => {
  const { code, said } = await run(['new', 'environment', 'perf']);
  expect(code).toBe(2);
  for (const option of ['domain', 'network-account', 'workload-account', 'edge-account', 'management-account']) {
    expect(said).toContain(`--${option}: is missing; `);
  }
  expect(await run(['new', 'region'])).toMatchObject({
    code: 2,
    said: expect.stringMatching(/<key>: is missing; [^]*--aws-region: is missing; /),
  });
});
