import { Command, CommanderError, Option } from 'commander';
import { adoptionLevels } from '@platform/libs/settings/adoption';
import { SettingsError } from '@platform/libs/settings/problem';
import { modes } from '@platform/libs/settings/organisation';
import { EstateLoadError } from '@platform/tools/synth/load-estate';
import { UnknownProjectError } from '@platform/tools/preview/preview-estate';
import { planCommand, synthCommand, validateCommand, type EstateCommandOptions } from './estate-commands';

const wrongUse = 2;

const program = new Command('platform')
  .description('Synthesise, check and plan the estate. Results go to stdout, talk to stderr.')
  .exitOverride();

/** Options that every command over the estate shares. */
function estateCommand(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[projects...]', 'folders or names of projects; all when none is named')
    .option('-c, --configuration <environment>', 'environment of infra.config.ts; default: the first')
    .addOption(new Option('--level <level>', 'as if the settings had this adoption level').choices(adoptionLevels))
    .addOption(new Option('--mode <mode>', 'as if the settings had this mode').choices(modes))
    .option('--json', 'print the result as JSON');
}

estateCommand('synth', 'turn the TypeScript of the estate into Terraform JSON below dist/synth').action(
  run(synthCommand),
);
estateCommand('validate', 'let Terraform validate every stack').action(run(validateCommand));
estateCommand('plan', 'preview every stack with the real Terraform and provider, offline, without credentials').action(
  run(planCommand),
);

function run(command: (projects: string[], options: EstateCommandOptions) => Promise<number>) {
  return async (projects: string[], options: EstateCommandOptions) => {
    process.exitCode = await command(projects, options);
  };
}

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : wrongUse;
  } else if (
    error instanceof SettingsError ||
    error instanceof UnknownProjectError ||
    error instanceof EstateLoadError
  ) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = wrongUse;
  } else if (error instanceof Error && error.name === 'AbortError') {
    process.stderr.write('stopped\n');
    process.exitCode = 130;
  } else {
    process.stderr.write(
      `${error instanceof Error ? (error.name === 'Error' ? error.stack : error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  }
});
