import { Argument, Command, Option } from 'commander';
import { adoptionLevels } from '@platform/libs/settings/adoption';
import { modes } from '@platform/libs/settings/organisation';
import { oneOf, WrongUse } from '@platform/libs/settings/problem';
import { emulatorProfiles } from '@platform/tools/emulator/profile';
import type { EmulatorAction, EmulatorOptions } from './emulator-command';
import { targets, type Target } from '@platform/tools/terraform/target';
import { liveTargets } from '@platform/tools/aws/live-target-names';
import type { AdoptCommandOptions } from './adopt-command';
import type { DemoCommandOptions } from './demo-command';
import type { DeployOptions } from './deploy-command';
import type { DestroyOptions } from './destroy-command';
import type { LiveOptions } from './live-options';
import type { RolloutCommandOptions } from './rollout-command';
import type { BootstrapCommandOptions } from './bootstrap-command';
import type { StateOptions } from './state-command';
import type { EstateOptions } from './estate-options';
import type { RoutesOptions } from './routes-command';

type EstateCommand = (projects: string[], options: EstateOptions) => Promise<number>;

const whichStacks =
  'projects by folder or name, single stacks, or patterns (region-us/vpc, shared-tgw-us, region-us/*); default: all';

const whichEnvironment =
  'environment of infra.config.ts; default: PLATFORM_ENVIRONMENT, else the first where the command changes nothing';

/** Every command with its arguments and options. */
export const program = new Command('platform')
  .description('Synthesise, check and plan the estate. Results go to stdout, talk to stderr.')
  .exitOverride();

// Commands are loaded when they are called: synth must not wait for what only plans need.
estateCommand('synth', 'turn the TypeScript of the estate into Terraform JSON below dist/synth', async (...given) =>
  (await import('./synth-command')).synthCommand(...given),
);
estateCommand('validate', 'let Terraform validate every stack', async (...given) =>
  (await import('./plan-command')).validateCommand(...given),
);
estateCommand(
  'plan',
  'preview every stack with the real Terraform and provider, offline',
  async (projects, options) => {
    const { target = 'preview', ...rest } = options as EstateOptions & { target?: Target };
    if (target === 'preview') return (await import('./plan-command')).planCommand(projects, rest);
    const supposed = (['level', 'mode'] as const).find((name) => rest[name] !== undefined);
    if (supposed) {
      throw new WrongUse(
        `--${supposed}: only a preview supposes one, and the target is ${target}; write it into infra.config.ts`,
      );
    }
    return (await import('./deploy-command')).livePlanCommand(projects, { ...rest, target });
  },
)
  .addOption(
    new Option('--target <target>', 'plan against the real states there instead; deploy applies that plan')
      .env('PLATFORM_TARGET')
      .choices(targets),
  )
  .option('--lock-timeout <seconds>', "with a target: how long to wait for somebody else's lock; default: 60");

liveCommand('deploy', 'apply the reviewed plans, in the order of what reads what', (command) =>
  command
    .option('--unreviewed', 'plan what nobody has planned, and apply it: for environments that nobody reviews')
    .option('--include-stateful', 'also take away buckets and keys that states are kept in')
    .action(async (projects: string[], options: DeployOptions) => {
      process.exitCode = await (await import('./deploy-command')).deployCommand(projects, options);
    }),
);

liveCommand('drift', 'compare the states with real infrastructure', (command) =>
  command.action(async (projects: string[], options: LiveOptions) => {
    process.exitCode = await (await import('./drift-command')).driftCommand(projects, options);
  }),
);

liveCommand('reconcile', 'let the states follow what a failover or scaling has changed', (command) =>
  command.action(async (projects: string[], options: LiveOptions) => {
    process.exitCode = await (await import('./reconcile-command')).reconcileCommand(projects, options);
  }),
);

liveCommand('rollout', 'deploy one region after the other, standby first, with a gate between two', (command) =>
  command
    .option('--unreviewed', 'plan what nobody has planned, and apply it')
    .option(
      '--gate-command <command>',
      'has to exit with 0 before the next region, instead of the gate of the settings',
    )
    .option('--gate-url <url>', 'has to answer with 2xx before the next region, instead of the gate of the settings')
    .option('--gate-wait <seconds>', 'how long the gate has to stay green; default: that of the settings')
    .action(async (projects: string[], options: RolloutCommandOptions) => {
      process.exitCode = await (await import('./rollout-command')).rolloutCommand(projects, options);
    }),
);

liveCommand('destroy', 'destroy stacks in reverse order', (command) =>
  command
    .option('--confirm <environment>', 'the name of the environment, where nobody can type it')
    .option('--include-stateful', 'also what holds data')
    .option('--dry-run', 'only plan, and list what would be destroyed')
    .option('--removed', 'the stacks whose projects are gone, from the configuration that was applied last')
    .action(async (projects: string[], options: DestroyOptions) => {
      process.exitCode = await (await import('./destroy-command')).destroyCommand(projects, options);
    }),
);

estateCommand('scan', 'let checkov look at every stack, at the highest level if none is given', async (...given) =>
  (await import('./scan-command')).scanCommand(...given),
);

withEstateOptions(program.command('routes'))
  .description('prove from the synthesised JSON who reaches whom; fails when a promise of the settings is broken')
  .option(
    '--from <network>',
    'one question: name of a network (us/vpc, external/<name>, on-premises) or an address in it',
  )
  .option('--to <network>', 'the other one of the question: likewise, "internet", or an address there')
  .action(async (options: RoutesOptions) => {
    process.exitCode = await (await import('./routes-command')).routesCommand(options);
  });

withLiveOptions(program.command('bootstrap'))
  .description('make the buckets of all states, and move their own state into the first of them')
  .option('--dry-run', 'only show what would be made')
  .option('--yes', 'do not ask')
  .action(async (options: BootstrapCommandOptions) => {
    process.exitCode = await (await import('./bootstrap-command')).bootstrapCommand(options);
  });

const state = program.command('state').description('look at the states of stacks, restore them, move the global ones');
withLiveOptions(state.command('where <project>'))
  .description('where the states of a project lie, and who works with them')
  .action(async (project: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).whereCommand(project, options);
  });
withLiveOptions(state.command('list <project>'))
  .description("the versions of a stack's state, newest first")
  .option('--limit <versions>', 'how many; default: 20')
  .action(async (project: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).listCommand(project, options);
  });
withLiveOptions(state.command('show <stack> [address]'))
  .description("the addresses of a stack's resources, or the values of one; sensitive values are masked")
  .action(async (stack: string, address: string | undefined, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).showCommand(stack, address, options);
  });
withLiveOptions(state.command('restore <project> <version>'))
  .description('make an old version of a state the present one; what it replaces stays as a version')
  .option('--dry-run', 'only show what would change')
  .option('--lineage <lineage>', 'that of a version which belongs to another state than the present one')
  .action(async (project: string, version: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).restoreCommand(project, version, options);
  });
withLiveOptions(state.command('unlock <project> <lock>'))
  .description('release a lock whose run has died')
  .action(async (project: string, lock: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).unlockCommand(project, lock, options);
  });
withLiveOptions(state.command('untaint <project> <address>'))
  .description('take what an apply has made in part as it is; the next plan changes what differs, and destroys nothing')
  .action(async (project: string, address: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).untaintCommand(project, address, options);
  });
withLiveOptions(state.command('switch-home'))
  .description('compare the global states with their copies, and make the region of the copies the home region')
  .option('--write', 'change the settings, where the copies allow it')
  .action(async (options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).switchHomeCommand(options);
  });

withLiveOptions(program.command('output <stack>'))
  .description('the outputs of a stack; sensitive ones are masked')
  .action(async (stack: string, options: LiveOptions) => {
    process.exitCode = await (await import('./state-command')).outputCommand(stack, options);
  });

withLiveOptions(program.command('adopt <stack> <address> <id>'))
  .description('take an existing resource into the state of a stack, after a plan that is shown')
  .option('--dry-run', 'only show what would change')
  .option('--yes', 'do not ask')
  .action(async (stack: string, address: string, id: string, options: AdoptCommandOptions) => {
    process.exitCode = await (await import('./adopt-command')).adoptCommand(stack, address, id, options);
  });

program
  .command('emulator')
  .description('emulators of AWS for trying the lifecycle without an account')
  .addArgument(new Argument('<action>', 'what to do').choices(['install', 'start', 'stop', 'status']))
  .addOption(new Option('--profile <profile>', 'which one; start: moto if none is named').choices(emulatorProfiles))
  .option('--port <port>', 'port of loopback; default: a free one')
  .action(async (action: EmulatorAction, options: EmulatorOptions) => {
    process.exitCode = await (await import('./emulator-command')).emulatorCommand(action, options);
  });

program
  .command('demo')
  .description('the whole life of an estate on an emulator: bootstrap, deploy, drift, repair, destroy')
  .argument(
    '[projects...]',
    'folders or names of projects, with what they read; a few that show enough when none is named',
  )
  .option('-c, --configuration <environment>', 'environment of infra.config.ts; default: one that protects nothing')
  .addOption(new Option('--profile <profile>', 'which emulator to start; default: moto').choices(emulatorProfiles))
  .option('--all', 'all that the emulator carries')
  .action(async (projects: string[], options: DemoCommandOptions) => {
    process.exitCode = await (await import('./demo-command')).demoCommand(projects, options);
  });

/** A command over the estate, with the options that all of them share. */
function estateCommand(name: string, description: string, command: EstateCommand): Command {
  return withStackOptions(withEstateOptions(program.command(name)))
    .description(description)
    .argument('[projects...]', whichStacks)
    .action(async (projects: string[], options: EstateOptions) => {
      process.exitCode = await command(projects, options);
    });
}

/** Options that all commands over the estate share. */
function withEstateOptions(command: Command): Command {
  return command
    .option('-c, --configuration <environment>', whichEnvironment)
    .addOption(
      oneWord('--level', adoptionLevels, 'as if the settings had this adoption level; default: PLATFORM_LEVEL'),
    )
    .addOption(oneWord('--mode', modes, 'as if the settings had this mode; default: PLATFORM_MODE'))
    .option('--json', 'print the result as JSON');
}

/** An option whose wrong value is refused as everywhere in these commands, with what to do. */
function oneWord(name: `--${string}`, allowed: readonly string[], description: string): Option {
  const option = new Option(`${name} <${name.slice(2)}>`, description).choices(allowed);
  return option.argParser((given) => oneOf(name, allowed, given));
}

/** A command that touches something real. */
function liveCommand(name: string, description: string, complete: (command: Command) => void): void {
  complete(
    withStackOptions(withLiveOptions(program.command(name)))
      .description(description)
      .argument('[projects...]', whichStacks),
  );
}

/** Options that all commands share which touch something real. */
function withLiveOptions(command: Command): Command {
  return command
    .option('-c, --configuration <environment>', whichEnvironment)
    .addOption(
      new Option('--target <target>', 'where; on the emulator at AWS_ENDPOINT_URL, or in AWS')
        .env('PLATFORM_TARGET')
        .choices(liveTargets)
        .makeOptionMandatory(),
    )
    .option('--lock-timeout <seconds>', "how long to wait for somebody else's lock; default: 60")
    .option('--json', 'print the result as JSON');
}

/** Options of commands on stacks. */
function withStackOptions(command: Command): Command {
  return command
    .option('--region <key>', 'only the stacks that this region has for itself')
    .option('--parallelism <stacks>', 'stacks at once; default: one per processor, four at most');
}
