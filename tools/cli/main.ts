import { CommanderError } from 'commander';
import { WrongUse } from '@platform/libs/settings/problem';
import { readable as readableError } from '@platform/tools/aws/callers-failure';
import { outliveReaders } from './output';
import { program } from './program';
import { refuseSwallowed } from './swallowed-options';

// The SDK's versions are pinned: that later ones need a newer Node.js is for who raises them, not for who deploys.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

outliveReaders();
process.once('beforeExit', refuseToEndEarly);
run()
  .catch((error: unknown) => {
    process.exitCode = exitCodeOf(error);
  })
  .finally(() => process.off('beforeExit', refuseToEndEarly));

async function run(): Promise<void> {
  refuseSwallowed(program, process.argv.slice(2), process.env);
  await program.parseAsync();
}

/** Node ends, with 0, as soon as nothing can happen any more, also where something is waited for that never comes. */
function refuseToEndEarly(): void {
  process.stderr.write(`platform ${process.argv[2]}: internal error: the command exited before it completed\n`);
  process.exitCode = 1;
}

/** Prints the error and returns its exit code: a message if the user can fix it, the stack trace if not. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // Commander has printed its message, or the help of a command that needs another word.
    if (error.code !== 'commander.help') {
      const command = program.commands.find((each) => each.name() === process.argv[2]);
      process.stderr.write(`see npx platform ${command ? `${command.name()} ` : ''}--help\n`);
    }
    return new WrongUse().exitCode;
  }
  const readable = readableError(error, `platform ${process.argv[2]}`);
  const { exitCode } = readable as { exitCode?: number };
  // Must be set before the first read of the stack trace: it then shows source files, not the bundle.
  if (exitCode === undefined) process.setSourceMapsEnabled(true);
  process.stderr.write(`${exitCode === undefined ? readable.stack : readable.message}\n`);
  return exitCode ?? 1;
}
