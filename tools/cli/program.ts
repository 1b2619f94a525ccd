import { Argument, Command, Option } from 'commander';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import { oneOf, WrongUse } from '@platform/libs/settings/problem';
import { generators } from '@platform/tools/actions/new/generator-options';
import type { RoleUse } from '@platform/tools/actions/pull-request/workflow-role';
import { emulatorProfiles } from '@platform/tools/emulator/profile';
import type { EmulatorAction, EmulatorOptions } from './emulator-command';
import { targets, type Target } from '@platform/tools/terraform/target';
import { liveTargets } from '@platform/tools/aws/live-target-names';
import type { AffectedOptions } from './affected-command';
import type { AdoptCommandOptions } from './adopt-command';
import type { CiOptions, CommentOptions, IssuesOptions, ReviewedOptions, SarifOptions } from './ci-command';
import type { DemoCommandOptions } from './demo-command';
import type { DeployOptions } from './deploy-command';
import type { DestroyOptions } from './destroy-command';
import type { PreviewCommandOptions } from './plan-command';
import { failoverActions, type FailoverAction } from '@platform/tools/model/failover';
import { gameDayActions, type GameDayAction } from '@platform/tools/model/outage';
import type { GameDayCommandOptions } from './gameday-command';
import type { FailoverOptions } from './failover-command';
import type { LiveOptions } from './live-options';
import type { MapOptions } from './map-command';
import type { ReleaseCommandOptions } from './release-command';
import { releaseVerbs, type ReleaseVerb } from '@platform/tools/actions/release/release-verbs';
import type { RolloutCommandOptions } from './rollout-command';
import type { BootstrapCommandOptions } from './bootstrap-command';
import type { SettingsOptions } from './settings-command';
import type { StateOptions } from './state-command';
import type { EstateOptions } from './estate-options';
import type { ReviewOptions } from './review-command';
import type { PricesOptions } from './prices-command';
import type { ResilienceOptions } from './resilience-command';
import type { RoutesOptions } from './routes-command';
import type { SimulateOptions } from './simulate-command';
import type { TestOptions } from './test-command';

type EstateCommand = (projects: string[], options: EstateOptions) => Promise<number>;

const whichStacks =
  'projects by folder or name, single stacks, or patterns (region-us/vpc, shared-tgw-us, region-us/*); default: all';

const whichEnvironment =
  'environment of infra.config.ts; default: PLATFORM_ENVIRONMENT, else the first. Commands that change an environment need it';

/** Every command with its arguments and options. */
export const program = new Command('platform')
  .description(
    'Synthesises, plans and deploys the estate. Results go to stdout, progress and errors to stderr.\n' +
      'Exit codes: 0 success, 1 the command failed or found a problem, 2 wrong options or settings, 3 blocked by review.',
  )
  .usage('<command> [projects...] [options]')
  .configureHelp({ subcommandTerm: (command) => command.name() })
  .addHelpCommand(
    new Command('help')
      .argument('[command]')
      .description('show the options and examples of a command')
      .helpGroup('Work on this repository:'),
  )
  .exitOverride();

program.commandsGroup('Look at the estate, without credentials:');

// Commands are loaded when they are called: synth must not wait for what only plans need.
estateCommand('synth', 'write the Terraform JSON of every stack to dist/synth', async (...given) =>
  (await import('./synth-command')).synthCommand(...given),
);
withCache(
  estateCommand('validate', 'run terraform validate on every stack', async (...given) =>
    (await import('./plan-command')).validateCommand(...given),
  ),
);
withCache(
  estateCommand(
    'plan',
    'plan every stack offline; with --target, plan against the real states',
    async (projects, options) => {
      const { target = 'preview', ...rest } = options as PreviewCommandOptions & { target?: Target };
      if (target === 'preview') return (await import('./plan-command')).planCommand(projects, rest);
      const supposed = (['level', 'mode'] as const).find((name) => rest[name] !== undefined);
      if (supposed) {
        throw new WrongUse(`--${supposed}: only the target preview accepts it, not ${target}; change infra.config.ts`);
      }
      return (await import('./deploy-command')).livePlanCommand(projects, { ...rest, target });
    },
  ),
)
  .addOption(
    new Option('--target <target>', 'where; default: preview, which needs no credentials')
      .env('PLATFORM_TARGET')
      .choices(targets),
  )
  .option('--show', 'also print the output of terraform show for each plan')
  .option('--role <name>', 'with --target: IAM role to assume in every account; default: deployRole of the settings')
  .option('--lock-timeout <seconds>', 'with --target: how long to wait for the lock of another run; default: 60');

withCache(
  estateCommand(
    'review',
    'plan what the checkout changes and review it; write dist/review',
    async (projects, options) => (await import('./review-command')).reviewCommand(projects, options as ReviewOptions),
  ),
)
  .option(
    '--base <ref>',
    'branch, tag or commit; compared is what it has in common with HEAD; default: what the CI event says, else the default branch',
  )
  .option('--no-base', 'compare with nothing: review every stack as new')
  .option('--plans <pattern...>', 'review plan files by terraform show -json instead: files, folders or patterns')
  .addOption(
    new Option('--target <target>', 'plan against the real states; default: preview, which needs no credentials')
      .env('PLATFORM_TARGET')
      .choices(targets),
  )
  .option('--role <name>', 'with --target: IAM role to assume in every account; default: deployRole of the settings')
  .option(
    '--checker <command>',
    'also run this command on each plan: it reads the JSON on stdin and prints SARIF; repeatable; default: PLATFORM_REVIEW_CHECKER',
    (command: string, given: string[] = []) => [...given, command],
  )
  .option('--affected', 'with --target: plan only the stacks that differ from base, and their readers')
  .option('--detailed-exitcode', 'exit with 2 if there are changes')
  .option('--write-reference', 'write docs/review-rules.md and docs/review.schema.json instead')
  .option('--lock-timeout <seconds>', 'with --target: how long to wait for the lock of another run; default: 60');

withEstateOptions(program.command('affected'))
  .description('list the stacks that differ in meaning from a base, each with the reasons')
  .option(
    '--base <ref>',
    'branch, tag or commit; compared is what it has in common with HEAD; default: what the CI event says, else the default branch',
  )
  .option('--matrix', 'print the stacks as JSON in waves of contract order, for the matrix of a CI run')
  .option('--no-nx', 'do not ask Nx how many projects it would name')
  .action(async (options: AffectedOptions) => {
    process.exitCode = await (await import('./affected-command')).affectedCommand(options);
  });

estateCommand(
  'scan',
  'run checkov and the security checks on every stack; default level: the highest',
  async (...given) => (await import('./scan-command')).scanCommand(...given),
);

withEstateOptions(program.command('cost'))
  .description('show what an environment costs a month, by stack, owner and level')
  .action(async (options: EstateOptions) => {
    process.exitCode = (await import('./cost-command')).costCommand(options);
  });

withEstateOptions(program.command('levels'))
  .description('compare the adoption levels: price, availability, RTO, quotas, and what going down destroys')
  .action(async (options: EstateOptions) => {
    process.exitCode = (await import('./levels-command')).levelsCommand(options);
  });

program
  .command('prices')
  .description('print the list prices that costs are computed with')
  .option('--update', "take current prices from AWS's public price list, which needs the network")
  .option('--json', 'print the result as JSON')
  .action(async (options: PricesOptions) => {
    process.exitCode = await (await import('./prices-command')).pricesCommand(options);
  });

withEstateOptions(program.command('resilience'))
  .description('compare availability, RTO and RPO of every user path with its objectives; exit with 3 if one is broken')
  .option('--without <region>', 'print what works, what is stale and what is gone without this region')
  .action(async (options: ResilienceOptions) => {
    process.exitCode = (await import('./resilience-command')).resilienceCommand(options);
  });

withEstateOptions(program.command('routes'))
  .description('show which network reaches which; check the reachability policy')
  .option(
    '--from <network>',
    'ask about one route: a network (us/vpc, external/<name>, on-premises) or an address in it',
  )
  .option('--to <network>', 'its destination: a network, an address, or "internet"')
  .addOption(
    // Without the variable of the others: the check of the code needs no account, and stays the default in CI.
    new Option('--target <target>', 'compare the route tables of the accounts with what the states promise').choices(
      targets,
    ),
  )
  .option('--role <name>', 'with --target: IAM role to assume in every account; default: deployRole of the settings')
  .action(async (options: RoutesOptions & { readonly target?: Target; readonly role?: string }) => {
    const { target = 'preview', from, to, level, mode, ...rest } = options;
    if (target === 'preview') {
      process.exitCode = await (await import('./routes-command')).routesCommand(options);
      return;
    }
    const refused = Object.entries({ from, to, level, mode }).find(([, value]) => value !== undefined);
    if (refused) throw new WrongUse(`--${refused[0]}: only the target preview accepts it, not ${target}; leave it out`);
    process.exitCode = await (await import('./live-routes-command')).liveRoutesCommand({ ...rest, target });
  });

withEstateOptions(program.command('map'))
  .description('draw the estate: regions, networks, data, owners; writes dist/map')
  .option('--output <file>', 'also write the picture to this file, as SVG')
  .action(async (options: MapOptions) => {
    process.exitCode = (await import('./map-command')).mapCommand(options);
  });

program
  .command('simulate')
  .description('run traffic control on generated telemetry; check its invariants')
  .option('-c, --configuration <environment>', 'use the settings of this environment; default: the defaults', givenName)
  .option('--runs <runs>', 'runs of each scenario; default: 1000')
  .option('--seed <seed>', 'seed of the first run; default: 1')
  .option('--output <folder>', 'also draw one run of each scenario, as SVG')
  .option('--json', 'print the result as JSON')
  .action(async (options: SimulateOptions) => {
    process.exitCode = (await import('./simulate-command')).simulateCommand(options);
  });

program
  .command('settings')
  .description('show every setting of an environment and its origin')
  .option('-c, --configuration <environment>', whichEnvironment, givenName)
  .option('--json', 'print the result as JSON')
  .option('--environments', 'print the names of the environments instead')
  .option('--write-reference', 'write docs/settings.md instead')
  .action(async (options: SettingsOptions) => {
    process.exitCode = await (await import('./settings-command')).settingsCommand(options);
  });

program.commandsGroup('Change real infrastructure:');
withLiveOptions(program.command('preflight'))
  .description('compare what the estate needs with what AWS has: roles, quotas, zones, types, names; changes nothing')
  .action(async (options: LiveOptions) => {
    process.exitCode = await (await import('./preflight-command')).preflightCommand(options);
  });

withLiveOptions(program.command('bootstrap'))
  .description('create the state buckets and the roles of an environment; update the roles')
  .option('--dry-run', 'show what would be created, and stop')
  .option('--yes', 'do not ask for confirmation')
  .action(async (options: BootstrapCommandOptions) => {
    process.exitCode = await (await import('./bootstrap-command')).bootstrapCommand(options);
  });

liveCommand('deploy', 'apply the saved plans, in dependency order', (command) =>
  withAcceptance(command).action(async (projects: string[], options: DeployOptions) => {
    process.exitCode = await (await import('./deploy-command')).deployCommand(projects, options);
  }),
);

liveCommand('drift', 'compare the states with the real infrastructure', (command) =>
  command.action(async (projects: string[], options: LiveOptions) => {
    process.exitCode = await (await import('./drift-command')).driftCommand(projects, options);
  }),
);

liveCommand('reconcile', 'update the states with changes of operations, such as a failover', (command) =>
  command.action(async (projects: string[], options: LiveOptions) => {
    process.exitCode = await (await import('./reconcile-command')).reconcileCommand(projects, options);
  }),
);

liveCommand('rollout', 'deploy one region at a time, standby first, with a gate between', (command) =>
  withAcceptance(command)
    .option(
      '--gate-command <command>',
      'command that must exit with 0 before the next region; replaces the gate of the settings',
    )
    .option(
      '--gate-url <url>',
      'address that must answer with 2xx before the next region; replaces the gate of the settings',
    )
    .option('--gate-wait <seconds>', 'how long the gate must stay green; default: that of the settings')
    .action(async (projects: string[], options: RolloutCommandOptions) => {
      process.exitCode = await (await import('./rollout-command')).rolloutCommand(projects, options);
    }),
);

withRegion(withLiveOptions(program.command('release')))
  .description('move requests from one release of an application to the other, by steps, while alarms are quiet')
  .addArgument(new Argument('<verb>', 'what to do').choices(releaseVerbs))
  .argument('[application]', 'name in the settings; default: app')
  .option('--wait <seconds>', 'how long alarms must stay quiet after a move; default: that of the settings')
  .option('--dry-run', 'print each call instead of making it')
  .action(async (verb: ReleaseVerb, application: string | undefined, options: ReleaseCommandOptions) => {
    process.exitCode = await (await import('./release-command')).releaseCommand(verb, application, options);
  });

liveCommand('destroy', 'destroy stacks, in reverse dependency order', (command) =>
  command
    .option('--confirm <environment>', 'environment name, for non-interactive use')
    .option('--include-stateful', 'also destroy resources that hold data')
    .option(
      '--accept-unrecorded',
      'continue although a killed apply left objects out of the state; import or delete each one first',
    )
    .option('--dry-run', 'list what would be destroyed, and stop')
    .option('--removed', 'destroy the stacks whose projects were removed')
    .action(async (projects: string[], options: DestroyOptions) => {
      process.exitCode = await (await import('./destroy-command')).destroyCommand(projects, options);
    }),
);

withLiveOptions(program.command('failover'))
  .description('show who writes and who takes traffic; move both to a region, and back')
  .addArgument(new Argument('<action>', 'what to do').choices(failoverActions))
  .option('--to <region>', 'key of the region that takes over; default of back: the primary of the settings')
  .option('--lost <region>', 'key of the region that is lost: nothing is asked of it')
  .option('--evacuate <region>', 'key of a region that gets no traffic afterwards, although it is well')
  .option('--allow-data-loss', 'accept the loss of writes that were not replicated')
  .option('--confirm <region>', 'key of the region that takes over, for non-interactive use')
  .action(async (action: FailoverAction, options: FailoverOptions) => {
    process.exitCode = await (await import('./failover-command')).failoverCommand(action, options);
  });

program
  .command('gameday')
  .description('rehearse a loss: check, act, measure, put back; write evidence')
  .addArgument(new Argument('<action>', 'what to do').choices(gameDayActions))
  .argument('[name]', 'rehearsal: a file of gamedays/')
  .option('-c, --configuration <environment>', whichEnvironment, givenName)
  .addOption(
    new Option('--target <target>', 'where: AWS, or the emulator at AWS_ENDPOINT_URL')
      .env('PLATFORM_TARGET')
      .choices(liveTargets),
  )
  .option('--role <name>', 'IAM role to assume in every account; default: deployRole of the settings')
  .option('--url <url>', "what is read from outside; default: the health path of the API's name")
  .option('--write-url <url>', 'what is written to: POST {"id"}, read back at <url>/<id>; default: nothing is written')
  .option('--limit <seconds>', 'time after which everything is put back; default: 1800')
  .option('--stop-alarm <names...>', 'alarms that stop the rehearsal')
  .option('--approved-by <who>', 'who agreed, for the evidence; needed on AWS unless the profile is development')
  .option('--confirm <environment>', 'environment name, for non-interactive use')
  .option('--json', 'print the result as JSON')
  .action(async (action: GameDayAction, name: string | undefined, options: GameDayCommandOptions) => {
    process.exitCode = await (await import('./gameday-command')).gameDayCommand(action, name, options);
  });

const state = program
  .command('state')
  .description('show, restore and unlock states; move the home region')
  // With the arguments of its commands.
  .configureHelp({})
  .helpCommand(false);
withLiveOptions(state.command('where <project>'))
  .description('show where the states of a project are, and who holds their locks')
  .action(async (project: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).whereCommand(project, options);
  });
withLiveOptions(state.command('list <project>'))
  .description('list the versions of a state, newest first')
  .option('--limit <versions>', 'how many versions to list; default: 20')
  .action(async (project: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).listCommand(project, options);
  });
withLiveOptions(state.command('show <stack> [address]'))
  .description('list the resources of a stack, or print the values of one; sensitive values are masked')
  .action(async (stack: string, address: string | undefined, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).showCommand(stack, address, options);
  });
withLiveOptions(state.command('restore <project> <version>'))
  .description('make an old version of a state the current one; the replaced one stays as a version')
  .option('--dry-run', 'show what would change, and stop')
  .option('--lineage <lineage>', 'lineage of the version, if it differs from that of the current state')
  .action(async (project: string, version: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).restoreCommand(project, version, options);
  });
withLiveOptions(
  state
    .command('unlock <project> <lock>')
    .option('--force', 'also release the lock of a running command of this checkout'),
)
  .description('release a lock that a killed run left')
  .action(async (project: string, lock: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).unlockCommand(project, lock, options);
  });
withLiveOptions(state.command('untaint <project> <address>'))
  .description('remove the taint of a resource; the next plan updates it instead of replacing it')
  .action(async (project: string, address: string, options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).untaintCommand(project, address, options);
  });
withLiveOptions(state.command('switch-home'))
  .description('compare the global states with their copies, and move the home region there')
  .option('--write', 'change the settings, if the copies allow it')
  .action(async (options: StateOptions) => {
    process.exitCode = await (await import('./state-command')).switchHomeCommand(options);
  });

withLiveOptions(program.command('output <stack>'))
  .description('print the outputs of a stack; sensitive values are masked')
  .action(async (stack: string, options: LiveOptions) => {
    process.exitCode = await (await import('./state-command')).outputCommand(stack, options);
  });

withLiveOptions(program.command('adopt <stack> <address> <id>'))
  .description('import an existing resource into the state of a stack; show the plan first')
  .option('--dry-run', 'show what would change, and stop')
  .option('--yes', 'do not ask for confirmation')
  .action(async (stack: string, address: string, id: string, options: AdoptCommandOptions) => {
    process.exitCode = await (await import('./adopt-command')).adoptCommand(stack, address, id, options);
  });

program.commandsGroup('Try it without an AWS account:');
program
  .command('emulator')
  .description('install, start or stop an emulator of AWS')
  .addArgument(new Argument('<action>', 'what to do').choices(['install', 'start', 'stop', 'status']))
  .addOption(new Option('--profile <profile>', 'which emulator; default: moto').choices(emulatorProfiles))
  .option('--port <port>', 'loopback port; default: a free one')
  .action(async (action: EmulatorAction, options: EmulatorOptions) => {
    process.exitCode = await (await import('./emulator-command')).emulatorCommand(action, options);
  });

program
  .command('demo')
  .description('run bootstrap, deploy, drift, repair and destroy on an emulator')
  .argument(
    '[projects...]',
    'folders or names of projects; the stacks that they read are added; default: a small selection',
  )
  .option(
    '-c, --configuration <environment>',
    'environment of infra.config.ts; default: one without deletion protection',
    givenName,
  )
  .addOption(new Option('--profile <profile>', 'which emulator; default: moto').choices(emulatorProfiles))
  .option('--all', 'every stack that the emulator supports')
  .action(async (projects: string[], options: DemoCommandOptions) => {
    process.exitCode = await (await import('./demo-command')).demoCommand(projects, options);
  });

program.commandsGroup('Work on this repository:');
program
  .command('test')
  .description('run lint, type checks, tests and an offline plan of every stack')
  .argument('[arguments...]', 'arguments of nx run-many')
  .allowUnknownOption()
  .option('--scan', 'also run checkov, which needs Python')
  .option('--all', 'also run the tests that take long: faults, lifecycles, every level and mode')
  .action(async (nxArguments: string[], options: TestOptions) => {
    process.exitCode = await (await import('./test-command')).testCommand(nxArguments, options);
  });

program
  .command('owners')
  .description('write .github/CODEOWNERS from infra.config.ts')
  .option('--check', 'only compare; exit with 1 if the file is out of date')
  .action(async (options: { readonly check?: boolean }) => {
    process.exitCode = (await import('./owners-command')).ownersCommand(options);
  });

program
  .command('atlantis')
  .description('write atlantis.yaml from the stacks of every environment')
  .option('--check', 'only compare; exit with 1 if the file is out of date')
  .action(async (options: { readonly check?: boolean }) => {
    process.exitCode = (await import('./atlantis-command')).atlantisCommand(options);
  });

const ci = program
  .command('ci')
  .description('steps of the GitHub workflows: comments, findings, issues, what was reviewed')
  .configureHelp({})
  .helpCommand(false);
ci.command('matrix')
  .description('print the environments and, for many stacks, the waves of previews, as outputs of a step')
  .option('--per-runner <stacks>', 'stacks that one runner previews at least; default: 20')
  .action(async (options: { readonly perRunner?: string }) => {
    process.exitCode = await (await import('./ci-command')).matrixCommand(options);
  });
withConfiguration(ci.command('previews <stacks...>'))
  .description('preview what the checkout changes in some stacks, into .cache/previews')
  .action(async (stacks: string[], options: CiOptions) => {
    process.exitCode = await (await import('./ci-command')).previewsCommand(stacks, options);
  });
withConfiguration(ci.command('role'))
  .description('print the role that a workflow may assume, as outputs of a step: name, arn')
  .addArgument(new Argument('<use>', 'what for').choices(['review', 'drift', 'deploy']))
  .action(async (use: RoleUse, options: CiOptions) => {
    process.exitCode = (await import('./ci-command')).roleCommand(use, options);
  });
withConfiguration(ci.command('comment'))
  .description('write the review as the comment of the pull request, over the one that is there')
  .option('--review <folder>', 'folder of the review; default: dist/review/<environment>')
  .option('--artifact <name>', 'artifact of this run that has the folder; default: review-<environment>')
  .action(async (options: CommentOptions) => {
    process.exitCode = await (await import('./ci-command')).commentCommand(options);
  });
withConfiguration(ci.command('sarif'))
  .description('give the findings of a review to code scanning')
  .option('--file <file>', 'SARIF file; default: dist/review/<environment>/review.sarif')
  .action(async (options: SarifOptions) => {
    process.exitCode = await (await import('./ci-command')).sarifCommand(options);
  });
ci.command('reviewed')
  .description('find what was reviewed of the pull request that a commit merged')
  .option('--commit <commit>', 'merged commit; default: GITHUB_SHA')
  .requiredOption('--output <folder>', 'folder for <environment>.json and <environment>.stacks')
  .action(async (options: ReviewedOptions) => {
    process.exitCode = await (await import('./ci-command')).reviewedCommand(options);
  });
withConfiguration(ci.command('issues'))
  .description('write an issue per owner of what a drift check found; close those of owners without drift')
  .requiredOption('--drift <file>', 'output of drift --json')
  .action(async (options: IssuesOptions) => {
    process.exitCode = await (await import('./ci-command')).issuesCommand(options);
  });

const make = program
  .command('new')
  .description('add a region, VPC, environment, application or stack; fill in the first settings');
for (const generator of generators) {
  const command = make.command(generator.name).description(generator.description);
  if (generator.argument) command.argument(`[${generator.argument.name}]`, generator.argument.description);
  for (const { name, description, many } of generator.options) {
    command.option(`--${name} <${many ? 'values...' : 'value'}>`, description);
  }
  command.option('--dry-run', 'list the files that would be written');
  command.action(async (...given: unknown[]) => {
    const argument = generator.argument ? (given.shift() as string | undefined) : undefined;
    const { dryRun, ...options } = given[0] as { readonly dryRun?: boolean } & Readonly<Record<string, string>>;
    const named = Object.entries(options).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      value,
    ]);
    const values = {
      ...Object.fromEntries(named),
      ...(generator.argument && argument ? { [generator.argument.name]: argument } : {}),
    };
    process.exitCode = await (await import('./new-command')).newCommand(generator, values, dryRun ? { dryRun } : {});
  });
}

/** What comes after `npx platform <command>` in the examples of its help. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  synth: ['', '-c staging --json'],
  validate: ['region-us/vpc'],
  plan: [
    '',
    'region-us/vpc shared/tgw -c staging',
    '--level inspected --mode active-active',
    'region-us/vpc -c prod --target aws',
  ],
  review: [
    '',
    '--base main -c staging',
    '--no-base --detailed-exitcode',
    "--plans 'plans/**/*.json'",
    '-c prod --target aws',
  ],
  affected: ['', '--base main --json', '--base origin/main --matrix'],
  settings: ['-c prod', '-c staging --json', '--write-reference'],
  cost: ['-c prod', '--level inspected --json'],
  levels: ['-c prod', '-c prod --mode active-active --json'],
  prices: ['', '--update'],
  resilience: ['-c prod', '-c prod --without us', '--level accelerated --json'],
  scan: ['', 'region-us/data'],
  routes: ['-c prod', '-c prod --target aws', '--from us/vpc --to ap/vpc', '--from 10.1.2.3 --to internet'],
  simulate: ['', '-c prod --runs 5000', '--output docs/traffic-control'],
  map: ['', '-c staging', '--level inspected --output docs/estate.svg'],
  bootstrap: [
    '-c prod --target aws --role platform-bootstrap --dry-run',
    '-c prod --target aws --role platform-bootstrap',
  ],
  preflight: ['-c prod --target aws', '-c prod --target aws --json'],
  deploy: ['-c prod --target aws', 'region-us/vpc -c prod --target aws'],
  drift: ['-c prod --target aws'],
  reconcile: ['region-us/aurora -c prod --target aws'],
  rollout: ['-c prod --target aws', '-c prod --target aws --gate-url https://api.example.com/health --gate-wait 300'],
  release: [
    'status -c prod --target aws',
    'start shop -c prod --target aws --dry-run',
    'finish shop -c prod --target aws',
  ],
  destroy: ['region-us/cache -c prod --target aws --dry-run', '--removed -c prod --target aws'],
  failover: [
    'status -c prod --target aws',
    'plan --to ap --lost us -c prod --target aws',
    'run --to ap --lost us --allow-data-loss -c prod --target aws',
    'back -c prod --target aws',
  ],
  gameday: [
    'list',
    'plan instance-loss -c staging --target aws',
    'run region-evacuation -c staging --target aws --stop-alarm staging-app-errors',
  ],
  state: [
    'where region-us/vpc -c prod --target aws',
    'list region-us/vpc -c prod --target aws',
    'switch-home -c prod --target aws',
  ],
  output: ['region-us/vpc -c prod --target aws'],
  adopt: ['region-us/data aws_s3_bucket.Files example-prod-files -c prod --target aws --dry-run'],
  emulator: ['install', 'start --profile ministack', 'stop'],
  demo: ['', 'region-us/vpc', '--all --profile ministack'],
  test: ['', '--all', '--projects=region-us-*', '--targets=lint'],
  owners: ['', '--check'],
  atlantis: ['', '--check'],
  ci: ['matrix', 'comment -c prod', 'reviewed --output dist/reviewed', 'issues -c prod --drift drift.json'],
  new: [
    'region eu --aws-region eu-west-1 --dry-run',
    'vpc payments --region us --segment shared',
    'init --organisation acme --domain prod=acme.example',
  ],
};
for (const command of program.commands) {
  const lines = (examples[command.name()] ?? []).map((line) => `  $ npx platform ${command.name()} ${line}`.trimEnd());
  if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** A command over the estate, with the options that all of them share. */
function estateCommand(name: string, description: string, command: EstateCommand): Command {
  return withRegion(withEstateOptions(program.command(name)))
    .description(description)
    .argument('[projects...]', whichStacks)
    .action(async (projects: string[], options: EstateOptions) => {
      process.exitCode = await command(projects, options);
    });
}

function withConfiguration(command: Command): Command {
  return command.option('-c, --configuration <environment>', whichEnvironment, givenName);
}

/** @throws WrongUse for an empty name, as of a variable of a script that is not set: the default may be another environment */
function givenName(name: string): string {
  if (name.trim() === '') throw new WrongUse('-c: the name of the environment is empty; write one, or leave -c out');
  return name;
}

/** Options that all commands over the estate share. */
function withEstateOptions(command: Command): Command {
  return withConfiguration(command)
    .addOption(
      oneWord(
        '--level',
        adoptionLevels,
        'act as if the settings had this adoption level; default: PLATFORM_LEVEL, else the settings',
      ),
    )
    .addOption(
      oneWord('--mode', modes, 'act as if the settings had this mode; default: PLATFORM_MODE, else the settings'),
    )
    .option('--json', 'print the result as JSON');
}

/** An option with a fixed set of values. A wrong value is refused with the allowed ones. */
function oneWord(name: `--${string}`, allowed: readonly string[], description: string): Option {
  const option = new Option(`${name} <${name.slice(2)}>`, description).choices(allowed);
  return option.argParser((given) => oneOf(name, allowed, given));
}

/** A command on real infrastructure. */
function liveCommand(name: string, description: string, complete: (command: Command) => void): void {
  complete(
    withParallelism(withRegion(withLiveOptions(program.command(name))))
      .description(description)
      .argument('[projects...]', whichStacks),
  );
}

/** Options that all commands on real infrastructure share. */
function withLiveOptions(command: Command): Command {
  return command
    .option('-c, --configuration <environment>', whichEnvironment, givenName)
    .addOption(
      new Option('--target <target>', 'where: AWS, or the emulator at AWS_ENDPOINT_URL')
        .env('PLATFORM_TARGET')
        .choices(liveTargets)
        .makeOptionMandatory(),
    )
    .option('--role <name>', 'IAM role to assume in every account; default: deployRole of the settings')
    .option('--lock-timeout <seconds>', 'how long to wait for the lock of another run; default: 60')
    .option('--call-timeout <seconds>', 'how long to wait for AWS to answer a call on a state; default: 300')
    .option('--json', 'print the result as JSON');
}

/** What an apply is allowed to do, and whether it asks. */
function withAcceptance(command: Command): Command {
  return command
    .option('--unreviewed', 'also plan and apply stacks without a saved plan, or with one that is out of date')
    .option(
      '--reviewed <file>',
      'reviewed-plans.json of a review: refuse every saved plan that does something else than that review shows',
    )
    .option('--include-stateful', 'also destroy and replace resources that hold data')
    .option(
      '--replace <address>',
      'resource that may be replaced, aws_vpc.Network or region-us-vpc:aws_vpc.Network; repeatable',
      (address: string, given: string[] = []) => [...given, address],
    )
    .option(
      '--accept-unrecorded',
      'continue although a killed apply left objects out of the state; import or delete each one first',
    )
    .option('--yes', 'do not ask for confirmation');
}

/** Of commands on stacks. */
function withRegion(command: Command): Command {
  return command.option('--region <key>', 'only the stacks of this region: not links of two regions, not global ones');
}

/** Of commands that make previews. */
function withCache(command: Command): Command {
  return withParallelism(command).option(
    '--no-cache',
    'create every preview again; default: reuse previews of equal content from .cache/previews',
  );
}

/** Of commands that run Terraform. */
function withParallelism(command: Command): Command {
  return command.option('--parallelism <stacks>', 'stacks at once; default: one per processor, four at most');
}
