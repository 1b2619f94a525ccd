import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  commandsInSentences,
  platformArguments,
  runbookCommands,
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
    // A plan without a target is a preview, and no command of a page means that.
    const withoutTarget = commands.filter((line) => takesTarget(line) && !/ --target (aws|emulator)( |$)/.test(line));
    expect(withoutTarget).toEqual([]);
    // What changes an environment is refused without one.
    const unnamed = commands.filter((line) => takesTarget(line) && / --target aws/.test(line) && !/ -c \S/.test(line));
    expect(unnamed).toEqual([]);
  });

  test('is refused without its target', () => {
    expect(complaint('npm run drift -- region-us/vpc')).toContain("required option '--target <target>' not specified");
  });
});
