import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processesIn } from '@platform/e2e/fixtures/processes-in';
import { findProviderSource } from './provider-source';
import { findTerraform } from './find-terraform';
import type { TerraformBinary } from './find-terraform';
import { runTerraform, terraformEnvironment } from './run-terraform';
import type { RunTerraformOptions } from './run-terraform';

jest.setTimeout(400_000);

const AWS = { source: 'hashicorp/aws', version: '5.100.0' };

async function until(condition: () => boolean, what: string, limitMs = 90_000): Promise<void> {
  for (const end = Date.now() + limitMs; !condition(); await delay(30)) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${limitMs} ms`);
  }
}

const none = (folder: string) => until(() => processesIn(folder).length === 0, `the end of every process in ${folder}`);

describe('running Terraform', () => {
  let binary: TerraformBinary;
  let folder: string;
  const run = (args: string[], more: Partial<RunTerraformOptions> = {}) =>
    runTerraform({ binary, cwd: folder, args, ...more });
  const configure = (configuration: object) =>
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(configuration, null, 2));

  /** One resource that is there at once, and one that takes a minute. */
  const slow = async () => {
    configure({
      terraform: { backend: { local: { path: 'written.tfstate' } } },
      resource: {
        terraform_data: {
          First: { input: 'first' },
          Second: {
            input: '${terraform_data.First.output}',
            provisioner: [{ 'local-exec': { command: 'touch begun; sleep 60' } }],
          },
        },
      },
    });
    expect(await run(['init', '-no-color'], { stop: 'kill' })).toMatchObject({ exitCode: 0 });
  };
  const begun = () => until(() => existsSync(join(folder, 'begun')), 'the slow resource');
  const stateAddresses = () =>
    (
      JSON.parse(readFileSync(join(folder, 'written.tfstate'), 'utf8')) as { resources: { name: string }[] }
    ).resources.map(({ name }) => name);
  const isLocked = () => existsSync(join(folder, '.written.tfstate.lock.info'));

  /** A Node process of its own that runs Terraform here, to be ended from outside. */
  const start = (args: string[], options: object, first = '') => {
    const script = join(folder, 'parent.ts');
    const source = (name: string) => JSON.stringify(join(__dirname, name));
    writeFileSync(
      script,
      `import { killAllOnExit, runTerraform } from ${source('run-terraform')};
       ${first}
       void runTerraform(${JSON.stringify({ binary, cwd: folder, args, ...options })}).then(
         (result) => console.log('ended ' + result.exitCode + ' ' + result.interrupted), (error) => console.log(error.name));`,
    );
    return spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  };

  beforeAll(async () => {
    binary = await findTerraform();
  });
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'run terraform ')));
  });
  afterEach(async () => {
    for (const pid of processesIn(folder)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(['interrupt', 'kill'] as const)('in the way of %s', (stop) => {
    it('gives exit code, output and lines, and appends all of it to the log', async () => {
      configure({ output: { greeting: { value: 'grüße aus dem ordner mit leerzeichen' } } });
      const logFile = join(folder, 'logs', 'deep', 'stack.log');
      const lines: string[] = [];
      const options = { stop, logFile, onLine: (line: string, stream: string) => lines.push(`${stream} ${line}`) };
      const planned = await run(['plan', '-no-color'], options);
      expect(planned).toMatchObject({ exitCode: 0, interrupted: false, stderr: '', logFile });
      expect(planned.stdout).toContain('grüße aus dem ordner mit leerzeichen');
      expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^stdout .*greeting = "grüße/)]));
      expect(planned.seconds).toBeGreaterThan(0);

      const failed = await run(['plan', '-no-color', '-target=!'], options);
      expect(failed.exitCode).toBe(1);
      expect(failed.stderr).toContain('Invalid target');
      expect(failed.stdout).not.toContain('greeting');
      const log = readFileSync(logFile, 'utf8');
      expect(log.match(/^\$ terraform plan .*$/gm)).toEqual([
        '$ terraform plan -no-color',
        '$ terraform plan -no-color -target=!',
      ]);
      expect(log).toContain('greeting');
      expect(log).toContain('Invalid target');
    });
  });

  it('asks nothing: a missing variable is an error', async () => {
    configure({ variable: { name: { type: 'string' } }, output: { name: { value: '${var.name}' } } });
    const result = await run(['plan', '-no-color'], { stop: 'kill' });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/No value for required variable/);
  });

  it('passes arguments as they are, through no shell', async () => {
    configure({ variable: { v: { type: 'string' } }, output: { v: { value: '${var.v}' } } });
    const result = await run(['plan', '-no-color', '-var', 'v=$(touch hacked) "; exit 7'], { stop: 'kill' });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout).toContain('$(touch hacked)');
    expect(existsSync(join(folder, 'hacked'))).toBe(false);
  });

  it('says which folder is missing', async () => {
    await expect(run(['plan'], { cwd: join(folder, 'none') })).rejects.toThrow(/none: this folder does not exist/);
  });

  it('does not begin when it is stopped already', async () => {
    await expect(run(['version'], { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'RunStopped' });
  });

  it('interrupts an apply on abort: the state is written and the lock released', async () => {
    await slow();
    const stop = new AbortController();
    const applying = run(['apply', '-auto-approve', '-no-color'], { signal: stop.signal });
    await begun();
    expect(isLocked()).toBe(true);
    stop.abort();
    const result = await applying;
    expect(result).toMatchObject({ exitCode: 1, interrupted: true });
    expect(result.stdout).toContain('Interrupt received');
    expect(stateAddresses()).toContain('First');
    expect(isLocked()).toBe(false);
    await none(folder);
  });

  it('kills on abort where nothing can be lost', async () => {
    await slow();
    const stop = new AbortController();
    const applying = run(['apply', '-auto-approve', '-no-color'], { signal: stop.signal, stop: 'kill' });
    await begun();
    stop.abort();
    expect(await applying).toMatchObject({ exitCode: 137, interrupted: true });
    await none(folder);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('on %s to the parent an apply ends well, then the parent, with %i', async (signal, code) => {
    await slow();
    const parent = start(['apply', '-auto-approve', '-no-color'], { stop: 'interrupt' }, 'killAllOnExit();');
    const said: string[] = [];
    parent.stdout.on('data', (chunk) => said.push(String(chunk)));
    await begun();
    parent.kill(signal);
    expect(await once(parent, 'close')).toEqual([code, null]);
    expect(said.join('')).toContain('ended 1 true');
    expect(stateAddresses()).toContain('First');
    expect(isLocked()).toBe(false);
    await none(folder);
  });

  it('a parent that is killed leaves an apply time to write its state and to say so in the log', async () => {
    await slow();
    const logFile = join(folder, 'apply.log');
    const parent = start(['apply', '-auto-approve', '-no-color'], { stop: 'interrupt', logFile });
    await begun();
    parent.kill('SIGKILL');
    await none(folder);
    expect(stateAddresses()).toContain('First');
    expect(isLocked()).toBe(false);
    expect(readFileSync(logFile, 'utf8')).toContain('Interrupt received');
  });

  describe('a parent that is told several times', () => {
    /** Stands in for a Terraform that takes its time: writes down each interrupt, and leaves at the second. */
    const startSlowToStop = async () => {
      const path = join(folder, 'terraform');
      const onInterrupt = 'n=$((n+1)); echo told >> told; if [ $n = 2 ]; then exit 1; fi';
      const wait = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do sleep 0.2; done; echo finished >> told';
      writeFileSync(path, `#!/bin/sh\nn=0; trap '${onInterrupt}' INT; touch begun; ${wait}\n`, { mode: 0o755 });
      const parent = start([], { binary: { path } }, 'killAllOnExit();');
      await begun();
      return parent;
    };
    const told = () => readFileSync(join(folder, 'told'), 'utf8').trim().split('\n');

    it('does not count one Ctrl-C twice that npm or Nx passes on, nor the SIGTERM of a machine after it', async () => {
      const parent = await startSlowToStop();
      parent.kill('SIGINT');
      await delay(100);
      parent.kill('SIGINT');
      await delay(200);
      parent.kill('SIGTERM');
      expect(await once(parent, 'close')).toEqual([130, null]);
      expect(told()).toEqual(['told', 'finished']);
    });

    it('lets Terraform finish when it is killed after it was told', async () => {
      const parent = await startSlowToStop();
      parent.kill('SIGTERM');
      await delay(300);
      parent.kill('SIGKILL');
      await none(folder);
      expect(told()).toEqual(['told', 'finished']);
    });

    it('makes Terraform leave at a second Ctrl-C', async () => {
      const parent = await startSlowToStop();
      parent.kill('SIGINT');
      await delay(1700);
      parent.kill('SIGINT');
      expect(await once(parent, 'close')).toEqual([130, null]);
      expect(told()).toEqual(['told', 'told']);
    });
  });

  describe('with the AWS provider', () => {
    let endpoint: Server;
    let asked: boolean;
    let environment: NodeJS.ProcessEnv;
    let configured: string;

    // One init for all: Terraform's folder is linked into each test's.
    beforeAll(async () => {
      // An endpoint that never answers keeps a plan in the middle of a call.
      endpoint = createServer(() => {
        asked = true;
      });
      await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
      configured = mkdtempSync(join(tmpdir(), 'run terraform config '));
      const source = findProviderSource({ requirement: AWS, configFolder: configured, cwd: configured });
      environment = { ...process.env, ...source.environment };
      delete environment['AWS_CA_BUNDLE'];
      const provider = {
        region: 'us-east-1',
        access_key: 'mock',
        secret_key: 'mock',
        skip_credentials_validation: true,
        skip_requesting_account_id: true,
        skip_metadata_api_check: 'true',
        endpoints: [{ ec2: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}` }],
      };
      const configuration = {
        terraform: { required_providers: { aws: AWS } },
        provider: { aws: [provider] },
        data: { aws_availability_zones: { Zones: {} } },
      };
      writeFileSync(join(configured, 'cdk.tf.json'), JSON.stringify(configuration));
      const initialised = await run(['init', '-no-color'], { cwd: configured, environment, stop: 'kill' });
      expect(initialised).toMatchObject({ exitCode: 0, stderr: '' });
    });
    afterAll(() => {
      endpoint.closeAllConnections();
      endpoint.close();
      rmSync(configured, { recursive: true, force: true });
    });
    beforeEach(() => {
      asked = false;
      cpSync(configured, folder, { recursive: true, verbatimSymlinks: true });
    });

    const commandLine = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const providers = () => processesIn(folder).filter((pid) => /terraform-provider-aws/.test(commandLine(pid)));
    const planning = async () => {
      await until(() => asked, 'a call of the provider');
      expect(providers()).toHaveLength(1);
    };

    it('an abort ends the provider too', async () => {
      const stop = new AbortController();
      const plan = run(['plan', '-no-color'], { environment, stop: 'kill', signal: stop.signal });
      await planning();
      stop.abort();
      expect(await plan).toMatchObject({ exitCode: 137, interrupted: true });
      await none(folder);
    });

    it.each(['kill', 'interrupt'])('a parent that is killed leaves no provider behind (%s)', async (stop) => {
      const parent = start(['plan', '-no-color'], { environment, stop });
      await planning();
      parent.kill('SIGKILL');
      await none(folder);
    });

    it('a Terraform that is killed alone leaves no provider behind', async () => {
      const plan = run(['plan', '-no-color'], { environment });
      await planning();
      const terraform = processesIn(folder).find((pid) => /^\S*terraform\0plan/.test(commandLine(pid)))!;
      process.kill(terraform, 'SIGKILL');
      expect(await plan).toMatchObject({ exitCode: 137, interrupted: false });
      await none(folder);
    });
  });
});

describe("Terraform's environment", () => {
  it('keeps what it is given and adds what makes runs silent and alike', () => {
    expect(terraformEnvironment({ A: '1', TF_INPUT: '1' })).toEqual({
      A: '1',
      CHECKPOINT_DISABLE: '1',
      GOGC: '400',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
    });
  });

  it('collects garbage as often as the caller says, where the caller says it', () => {
    expect(terraformEnvironment({ GOGC: '50' })).toMatchObject({ GOGC: '50' });
  });

  it('does not let the shell of the caller choose another workspace or data folder', () => {
    process.env['TF_WORKSPACE'] = 'mine';
    try {
      expect(terraformEnvironment()).not.toHaveProperty('TF_WORKSPACE');
      expect(terraformEnvironment({ TF_DATA_DIR: '/given/by/the/tool' })).toHaveProperty('TF_DATA_DIR');
    } finally {
      delete process.env['TF_WORKSPACE'];
    }
  });

  it('drops a CLI configuration that does not exist, and keeps one that does', () => {
    expect(terraformEnvironment({ TF_CLI_CONFIG_FILE: '/does/not/exist' })).not.toHaveProperty('TF_CLI_CONFIG_FILE');
    expect(terraformEnvironment({ TF_CLI_CONFIG_FILE: __filename })).toHaveProperty('TF_CLI_CONFIG_FILE', __filename);
  });
});
