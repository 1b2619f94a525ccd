import type { Command, Option } from 'commander';
import { WrongUse } from '@platform/libs/settings/problem';

/** Options of ours by the name that npm has for them: its own `-c` is `--call`. */
const npmsOwn: Readonly<Record<string, string>> = { '-c': 'call' };

/** Often in people's npm settings. If npm swallows it, the command asks. */
const harmless = ['--yes'];

/**
 * Refuses options of an npm script (`npm run plan -c staging`) that npm takes for itself because no `--` comes before
 * them. The command would run without them. `npx platform` hands on all options.
 *
 * @param args of the command line, the command first
 * @param variables of the process; npm sets `npm_config_*` for its scripts
 * @throws WrongUse with what to write instead
 */
export function refuseSwallowed(program: Command, args: readonly string[], variables: NodeJS.ProcessEnv): void {
  const [name] = args;
  const command = program.commands.find((each) => each.name() === name);
  // Else these are the variables of another script, which has started this command.
  if (!command || variables['npm_lifecycle_event'] !== name) return;
  const swallowed = [command, ...command.commands]
    .flatMap(({ options }) => options)
    .filter((option) => !harmless.includes(option.long!) && !isGiven(option, args))
    .map((option) => asWritten(option, variables))
    .filter((text) => text !== undefined);
  const lines = [...new Set(swallowed)].map(
    (text) => `${text.split(' ')[0]}: npm took it for itself; write npx platform ${name} ${text}`,
  );
  if (lines.length > 0) throw new WrongUse(lines.join('\n'));
}

function isGiven({ long, short }: Option, args: readonly string[]): boolean {
  return args.some((arg) => arg === long || arg.startsWith(`${long}=`) || (short && arg.startsWith(short)));
}

/** The option as a person wrote it, if npm has it. */
function asWritten({ long, short, flags, required }: Option, variables: NodeJS.ProcessEnv): string | undefined {
  const npmHas = (word: string) => {
    const value = variables[`npm_config_${word.replaceAll('-', '_')}`];
    return value === 'false' ? undefined : value || undefined;
  };
  const called = short && npmsOwn[short] ? npmHas(npmsOwn[short]) : undefined;
  if (called) return `${short} ${called}`;
  const value = npmHas(long!.slice(2));
  if (value === undefined) return undefined;
  if (!required) return long;
  // Of `--level x` npm makes a switch, and hands on the x as if it were a project.
  return value === 'true' ? flags.replace(/^-\w, /, '') : `${long} ${value}`;
}
