/**
 * How fast synth, plan and deploy are, as ratios within one run: `npm run bench [-- rounds]` for synth, plan and
 * review, `npm run bench -- rounds review` for reviews alone, `npm run bench -- rounds deploy [projects...]` for deploys with nothing to do, which first makes the estate on an emulator.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startInBackground, stopEmulators } from '@platform/tools/emulator/background';
import type { DeployedStack } from '@platform/tools/actions/deploy/deploy-estate';
import { appliedFile, planFiles } from '@platform/tools/session/plan-stack';
import { openSession } from '@platform/tools/session/open-session';
import { planFolderOf } from '@platform/tools/actions/plan/preview-estate';
import { previewEnvironment } from '@platform/tools/terraform/shared-provider/preview-environment';
import { bundle, estateSource, loadSettings } from '@platform/tools/workspace/load-estate';
import { findTerraform } from '@platform/tools/terraform/find-terraform';
import { findProviderSource, requiredProvider } from '@platform/tools/terraform/provider-source';
import { bundleFunction } from '@platform/libs/stack/function-code';
import { growWorkspace } from '@platform/e2e/fixtures/grown-workspace';
import { measureInTurns, median, ratio, type Contender, type Measured } from './measure';

const root = process.cwd();
const [roundsGiven = '3', part, ...projects] = process.argv.slice(2);
const rounds = Number(roundsGiven);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`bench: "${roundsGiven}" is not a number of rounds; use a whole number from 1\n`);
  process.exit(2);
}
if (part !== undefined && part !== 'deploy' && part !== 'review') {
  process.stderr.write(
    `bench: "${part}" is no part of it; use review, deploy, or nothing for synth, plan and review\n`,
  );
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), 'platform-bench-'));
const environment = Object.keys(loadSettings(root).settings.environments)[0]!;
const platform = [process.execPath, join(root, 'tools/cli/platform.cjs')] as const;

void main().finally(() => rmSync(scratch, { recursive: true, force: true }));

async function main(): Promise<void> {
  if (part === 'deploy') return compareDeploys();
  if (part === 'review') return compareReviews();
  compareSynth();
  await compareGrowth();
  await comparePlans();
  compareReviews();
  compareColdStart();
}

/**
 * What people wait for while they change the code, on a copy of the workspace with a commit: nothing has changed, or one
 * range of a VPC has, which no run before had. Base, its states and all previews of it are cached.
 */
function compareReviews(): void {
  const workspace = join(scratch, 'reviewed');
  cpSync(root, workspace, {
    recursive: true,
    filter: (path) => !['.git', 'node_modules', 'dist', '.nx', '.cache'].some((name) => path === join(root, name)),
  });
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-q', '--no-gpg-sign', '-m', 'base'],
  ]) {
    spawnSync('git', args, { cwd: workspace, stdio: 'inherit' });
  }
  const verb = (name: string, args: readonly string[], prepare?: () => void): Contender => ({
    name: `npx platform ${args.join(' ')}: ${name}`,
    command: [...platform, ...args, '-c', environment],
    cwd: workspace,
    environment: { NX_DAEMON: 'false' },
    // A review that blocks is as good a review: another range replaces a VPC.
    exitCodes: args[0] === 'review' ? [0, 3] : [0],
    ...(prepare ? { prepare } : {}),
  });
  const ranges = rangesOfOneVpc(workspace);
  const since = ['--base', 'main'];
  compare('Plans and reviews with warm caches', [
    verb('whole estate', ['synth']),
    verb('nothing changed', ['plan'], ranges.restore),
    verb('nothing changed', ['affected', ...since]),
    verb('nothing changed', ['review', ...since]),
    verb('another range of a VPC', ['review', ...since], ranges.another),
  ]);
}

/** What a first call of traffic control waits for before it can decide: its code and the clients of the SDK. */
function compareColdStart(): void {
  const folder = join(scratch, 'function');
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.js'), bundleFunction('libs/traffic-control/lambda/handler.ts'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const start = (name: string, code: string): Contender => ({
    name,
    command: [process.execPath, '-e', code],
    cwd: folder,
  });
  compare('Cold start of the traffic control function', [
    start('its code with the AWS SDK', "require('./index.js')"),
    start('bare Node process', ''),
  ]);
}

/** Changes the range of the first region's first VPC to a part of it, another one each time. */
function rangesOfOneVpc(workspace: string): { readonly another: () => void; readonly restore: () => void } {
  const [region] = loadSettings(workspace).regions;
  const [vpc] = Object.values(region!.vpcs);
  const range = vpc!.cidrs[environment]!;
  const file = join(workspace, `region-${region!.key}`, 'region.ts');
  const text = readFileSync(file, 'utf8');
  const [address, length] = range.split('/') as [string, string];
  const bytes = address.split('.').map(Number);
  let count = 0;
  const another = () => {
    // Halves, then quarters: as many parts as rounds, the one that warms up included.
    const more = Math.floor(Math.log2(count + 2));
    const part = count + 2 - 2 ** more;
    const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0) + part * 2 ** (32 - Number(length) - more);
    const dotted = [24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join('.');
    const at = text.lastIndexOf(`'${range}'`);
    if (at < 0) throw new Error(`${file}: has no '${range}'`);
    writeFileSync(file, `${text.slice(0, at)}'${dotted}/${Number(length) + more}'${text.slice(at + range.length + 2)}`);
    count++;
  };
  return { another, restore: () => writeFileSync(file, text) };
}

/** How synth grows: a third region with 10 and with 40 more VPC stacks, and what each stack in between costs. */
async function compareGrowth(): Promise<void> {
  const sizes = [10, 40];
  const grown = await Promise.all(sizes.map((vpcs) => growWorkspace({ vpcs })));
  try {
    const measured = measureInTurns(
      grown.map((cwd, index) => ({
        name: `with ${sizes[index]} more VPC stacks`,
        command: [...platform, 'synth'],
        cwd,
      })),
      rounds,
    );
    print('Synth as the estate grows', measured);
    const [small, large] = measured.map(({ seconds }) => median(seconds));
    const perStack = ((large! - small!) / (sizes[1]! - sizes[0]!)) * 1000;
    process.stdout.write(`  ${perStack.toFixed(0).padStart(8)} ms for each stack more\n`);
  } finally {
    for (const folder of grown) rmSync(folder, { recursive: true, force: true });
  }
}

function compareSynth(): void {
  const cdktf = join(
    dirname(createRequire(join(root, 'bench')).resolve('cdktf-cli/package.json')),
    'bundle/bin/cdktf.js',
  );
  // Inside the workspace, so that it finds the packages.
  const bareFolder = join(root, 'dist', 'bench');
  try {
    compare('Synth of the whole estate', [
      { name: 'npx platform synth', command: [...platform, 'synth'], cwd: root },
      {
        name: 'stock cdktf synth',
        command: [process.execPath, cdktf, 'synth'],
        cwd: root,
        environment: { CHECKPOINT_DISABLE: '1' },
      },
      { name: 'bare Node process', command: [process.execPath, writeBareSynth(bareFolder)], cwd: root },
    ]);
  } finally {
    rmSync(bareFolder, { recursive: true, force: true });
  }
}

/** The estate as one JavaScript file that writes the same bytes: no TypeScript, no bundling, no checks. */
function writeBareSynth(folder: string): string {
  const outdir = join(scratch, 'synth');
  const source = [
    estateSource(root),
    `import { App } from 'cdktf';`,
    `import { selectEnvironment } from '@platform/libs/settings/environment';`,
    `const app = new App({ outdir: ${JSON.stringify(outdir)} });`,
    `const environment = selectEnvironment(settings, ${JSON.stringify(environment)});`,
    `for (const builders of projects.values()) for (const build of builders) build(app, environment);`,
    `app.synth();`,
  ].join('\n');
  mkdirSync(outdir, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'bare-synth.cjs');
  writeFileSync(file, bundle(root, source));
  return file;
}

async function comparePlans(): Promise<void> {
  const folders = join(scratch, 'plans');
  const binary = await findTerraform();
  const terraform = `"${binary.path}"`;
  const each = [
    'cd "$1/$2"',
    `${terraform} init -input=false >init.log`,
    `${terraform} plan -input=false -lock=false -refresh=false -out=bare.tfplan >plan.log`,
    `${terraform} show -json bare.tfplan >plan.json`,
  ].join(' && ');
  const loopEnvironment: NodeJS.ProcessEnv = { CHECKPOINT_DISABLE: '1' };
  compare('Preview plan of the whole estate', [
    { name: 'npx platform plan --no-cache', command: [...platform, 'plan', '--no-cache'], cwd: root },
    {
      name: 'shell loop of terraform init, plan, show -json, two at once',
      command: ['sh', '-c', `ls "$1" | xargs -P 2 -I {} sh -c '${each}' - "$1" {}`, '-', folders],
      cwd: root,
      environment: loopEnvironment,
      // The same configurations, overrides and upstream states that the round before has planned.
      prepare: () => {
        copyPlanFolders(folders);
        Object.assign(loopEnvironment, previewEnvironment(process.env), mirrorEnvironment(folders));
      },
    },
  ]);

  function mirrorEnvironment(planFolders: string): NodeJS.ProcessEnv {
    const [stack] = readdirSync(planFolders);
    const configuration = JSON.parse(readFileSync(join(planFolders, stack!, 'cdk.tf.json'), 'utf8'));
    const requirement = requiredProvider(configuration)!;
    return findProviderSource({ requirement, configFolder: join(scratch, 'cli'), product: binary.product }).environment;
  }
}

/**
 * A deploy that finds nothing to do, and live plans, against a bare loop of plans in the folders in which they work: configurations, overrides, states and provider are the same.
 */
async function compareDeploys(): Promise<void> {
  // A workspace whose `dist` is its own.
  const workspace = join(scratch, 'workspace');
  mkdirSync(workspace);
  for (const name of readdirSync(root)) {
    if (['node_modules', 'libs', 'tools', 'e2e', '.cache'].includes(name))
      symlinkSync(join(root, name), join(workspace, name));
    else if (!name.startsWith('.') && name !== 'dist')
      cpSync(join(root, name), join(workspace, name), { recursive: true });
  }
  // One that writes to a file: this process waits for its commands, and reads nothing meanwhile.
  const emulator = await startInBackground({ root: workspace, profile: 'moto', note: talk });
  const given: NodeJS.ProcessEnv = {
    AWS_ENDPOINT_URL: emulator.endpoint,
    PLATFORM_TARGET: 'emulator',
    PLATFORM_ENVIRONMENT: 'prod',
  };
  try {
    talk('making the estate');
    run('bootstrap', '--yes');
    const made = JSON.parse(run('deploy', ...projects, '--unreviewed', '--json')) as DeployedStack[];
    const folder = join(workspace, 'dist', 'live', 'emulator', environment);
    const session = await openSession({ root: workspace, target: 'emulator', environment, emulator });
    const targets = join(scratch, 'targets');
    mkdirSync(targets);
    for (const { stack } of made) {
      const parts = session.unsupported.targetArguments(stack);
      writeFileSync(join(targets, stack), parts.join(' '));
    }
    session.close();
    const variables = session.terraform.variables;
    // A project takes part as a whole.
    const isMade = (project: string) =>
      made.every((each) => each.project !== project || ['applied', 'untouched', 'unsupported'].includes(each.result));
    const deployed = made.filter(({ project, result }) => result === 'applied' && isMade(project));
    const fine = [...new Set(deployed.map(({ project }) => project))];
    if (fine.length === 0) throw new Error(`nothing was made: ${JSON.stringify(made)}`);
    const stacks = deployed.map(({ stack }) => stack);
    const forget = (...files: string[]) => {
      for (const stack of stacks) for (const file of files) rmSync(join(folder, stack, file), { force: true });
    };
    // The same parts as ours. That a plan finds changes (2), where the emulator has read back something wrong, is no failure.
    const each = `cd "$0/$2" && "${session.terraform.binary.path}" plan -input=false -lock=false -detailed-exitcode $(cat "$1/$2") >bare.log; test $? -ne 1`;
    const loop: Contender = {
      name: 'shell loop of terraform plan -detailed-exitcode, two at once',
      command: [
        'sh',
        '-c',
        `printf '%s\\n' ${stacks.join(' ')} | xargs -P 2 -I {} sh -c '${each}' "$0" "$1" {}`,
        folder,
        targets,
      ],
      cwd: workspace,
      environment: variables,
    };
    const ours = (name: string, command: string, prepare: () => void): Contender => ({
      name,
      command: [...platform, command, ...fine],
      cwd: workspace,
      environment: given,
      prepare,
    });
    const size = `${stacks.length} of ${made.length} stacks, on ${emulator.profile}`;
    compare(`Nothing to do: ${size}`, [
      ours('npx platform deploy', 'deploy', () => {}),
      loop,
      // What was applied is known beside the states alone.
      ours('npx platform deploy from a clean checkout', 'deploy', () => forget(appliedFile)),
    ]);
    compare(`Plans against the states: ${size}`, [
      ours('npx platform plan', 'plan', () => forget(...Object.values(planFiles))),
      loop,
    ]);
  } finally {
    await stopEmulators(workspace);
  }

  /** What a command prints; that it fails for some stacks does not end the comparison. */
  function run(...args: string[]): string {
    const [program, ...before] = platform;
    const { stdout } = spawnSync(program, [...before, ...args], {
      cwd: workspace,
      env: { ...process.env, ...given },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return stdout;
  }
}

function talk(text: string): void {
  process.stderr.write(`${text}\n`);
}

function copyPlanFolders(to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(planFolderOf(root, environment), to, {
    recursive: true,
    filter: (path) => !/\/(\.terraform[^/]*|plan\.json|summary\.json|[^/]*\.(tfplan|log))$/.test(path),
  });
}

function compare(title: string, contenders: readonly Contender[]): void {
  const measured = measureInTurns(contenders, rounds);
  const [ours, ...others] = measured;
  print(title, measured);
  for (const other of others) {
    process.stdout.write(`  ${ratio(ours!, other).toFixed(3).padStart(8)}    ${ours!.name} / ${other.name}\n`);
  }
}

function print(title: string, measured: readonly Measured[]): void {
  process.stdout.write(`${title} (${environment}), median of ${rounds} rounds in turns\n`);
  for (const { name, seconds } of measured) {
    process.stdout.write(`  ${median(seconds).toFixed(2).padStart(8)} s  ${name}\n`);
  }
}
