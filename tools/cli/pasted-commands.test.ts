import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  commandsInSentences,
  platformArguments,
  runbookCommands,
  runbookScripts,
  runbooks,
} from '@platform/e2e/fixtures/runbook-commands';
import { program } from './program';

const tools = join(__dirname, '..');

/** Commands that are refused without a target: what is printed of them has to name it. */
const unfinished =
  /(?:npm run|npx platform) (?:bootstrap|state|deploy|drift|reconcile|rollout|destroy|adopt|output)\b(?!.*--target)/;

test('a printed command that touches something real names its target, so that it can be pasted', () => {
  const sources = readdirSync(tools, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('testing') && !/^bench\b/.test(name),
  );
  const found = sources.flatMap((name) =>
    readFileSync(join(tools, name), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(\*|\/\*\*|\/\/)/.test(line) && unfinished.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

/** What the commands' own parser says against a command line; nothing is run. */
function complaint(line: string): string | undefined {
  let said = '';
  const silence = (command: Command): void => {
    command.configureOutput({ writeErr: (text) => (said += text) });
    if (command.commands.length === 0) command.action(() => {});
    command.commands.forEach(silence);
  };
  silence(program);
  try {
    program.parse(platformArguments(line) ?? [line], { from: 'user' });
    return undefined;
  } catch (error) {
    return `${line}: ${said || String(error)}`;
  }
}

/** Packages of the SDK by the words of the AWS CLI. */
const services: Readonly<Record<string, string>> = {
  ec2: 'ec2',
  elbv2: 'elastic-load-balancing-v2',
  iam: 'iam',
  organizations: 'organizations',
  rds: 'rds',
  route53: 'route-53',
  secretsmanager: 'secrets-manager',
  'service-quotas': 'service-quotas',
  ssm: 'ssm',
  sts: 'sts',
};

/** The AWS CLI has the SDK's operations, with hyphens between words: `describe-db-clusters` is `DescribeDBClusters`. */
async function hasOperation(service: string, operation: string): Promise<boolean> {
  // The CLI makes it itself.
  if (operation === 'generate-db-auth-token') return true;
  const named = `${operation.replaceAll('-', '')}command`;
  const found = (await import(`@aws-sdk/client-${service}`)) as object;
  return Object.keys(found).some((name) => name.toLowerCase() === named);
}

/** Whether the command, or one below it, has an option `--target`. */
function takesTarget(line: string): boolean {
  const [name] = platformArguments(line)!;
  const command = program.commands.find((each) => each.name() === name)!;
  return [command, ...command.commands].some(({ options }) => options.some(({ long }) => long === '--target'));
}

test('a plan against real states can wait for a lock as long as a deploy can', () => {
  for (const script of ['plan', 'deploy', 'drift', 'destroy', 'rollout', 'reconcile']) {
    expect(complaint(`npm run ${script} -- region-us/vpc --target aws --lock-timeout 300`)).toBeUndefined();
  }
});

describe('every command of a runbook', () => {
  const target = process.env['PLATFORM_TARGET'];
  beforeAll(() => delete process.env['PLATFORM_TARGET']);
  afterAll(() => {
    if (target !== undefined) process.env['PLATFORM_TARGET'] = target;
  });

  test.each(runbooks())('%s: is one that can be pasted, also in the middle of a sentence', (page) => {
    const commands = [...runbookCommands(page), ...commandsInSentences(page)].filter(platformArguments);
    expect(commands.map(complaint).filter(Boolean)).toEqual([]);
    // A plan without a target is a preview, and no command of a page means that. One route is asked of the code.
    const withoutTarget = commands.filter(
      (line) => takesTarget(line) && !/ --target (aws|emulator)( |$)/.test(line) && !/ routes .*--from /.test(line),
    );
    expect(withoutTarget).toEqual([]);
    // What changes an environment is refused without one.
    const unnamed = commands.filter((line) => takesTarget(line) && / --target aws/.test(line) && !/ -c \S/.test(line));
    expect(unnamed).toEqual([]);
  });

  test.each(runbooks())('%s: a shell can read each of its blocks', (page) => {
    for (const script of runbookScripts(page)) {
      // The reader replaces `<project>` and the like.
      const { status, stderr } = spawnSync('bash', ['-n'], {
        input: script.replace(/<[\w -]+>/g, 'word'),
        encoding: 'utf8',
      });
      expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
    }
  });

  test('calls operations that AWS has, as far as the SDK of the service is here', async () => {
    const calls = runbooks().flatMap((page) =>
      [...runbookScripts(page), ...commandsInSentences(page)].flatMap((script) =>
        [...script.matchAll(/\baws ([a-z0-9-]+) ([a-z0-9-]+)/g)].map(([, service, operation]) => ({
          page,
          service: service!,
          operation: operation!,
        })),
      ),
    );
    const known = calls.filter(({ service }) => services[service]);
    expect(known.length).toBeGreaterThan(10);
    for (const call of known) {
      const exists = await hasOperation(services[call.service]!, call.operation);
      expect({ ...call, exists }).toEqual({ ...call, exists: true });
    }
  });

  test('is refused without its target', () => {
    expect(complaint('npm run drift -- region-us/vpc')).toContain("required option '--target <target>' not specified");
  });
});
