/** How fast synth and plan are, as ratios within one run: `npm run bench [-- rounds]`. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { previewPlainFolders } from '@platform/tools/preview/plain-folders';
import { bundle, estateSource } from '@platform/tools/synth/load-estate';
import { measureInTurns, median, ratio, type Contender } from './measure';

const root = process.cwd();
const rounds = Number(process.argv[2] ?? 3);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`bench: "${process.argv[2]}" is no number of rounds; give a whole number from 1\n`);
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), 'platform-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const platform: [string, ...string[]] = [process.execPath, '--import', 'tsx', join(root, 'tools/cli/main.ts')];

compare('synth of the whole estate', [
  { name: 'npm run synth', command: [...platform, 'synth'], cwd: root },
  {
    name: 'stock cdktf synth',
    command: [process.execPath, createRequire(join(root, 'package.json')).resolve('cdktf-cli/bundle/bin/cdktf.js'), 'synth'],
    cwd: root,
    environment: { CHECKPOINT_DISABLE: '1' },
  },
  { name: 'bare Node process', command: [process.execPath, bareSynth()], cwd: root },
]);

const plain = join(scratch, 'plans');
const bare = await previewPlainFolders({ root, outdir: plain });
compare('preview plan of the whole estate', [
  { name: 'npm run plan', command: [...platform, 'plan'], cwd: root },
  {
    name: 'bare terraform, two at once',
    command: ['sh', '-c', `ls "$0" | xargs -P 2 -I {} sh -c 'cd "$0/{}" && ${bareLoop()}' "$0"`, plain],
    cwd: root,
    environment: bare.environment,
    prepare: () => {
      for (const stack of readdirSync(plain)) rmSync(join(plain, stack, '.terraform'), { recursive: true, force: true });
    },
  },
]);

function bareLoop(): string {
  const terraform = `"${bare.binary.path}"`;
  return [
    `${terraform} init -input=false >init.log`,
    `${terraform} plan -input=false -lock=false -refresh=false -out=preview.tfplan >plan.log`,
    `${terraform} show -json preview.tfplan >plan.json`,
  ].join(' && ');
}

function compare(title: string, contenders: Contender[]): void {
  const measured = measureInTurns(contenders, rounds);
  const [ours, ...others] = measured;
  process.stdout.write(`${title}, ${rounds} rounds in turns\n`);
  for (const each of measured) process.stdout.write(`  ${median(each.seconds).toFixed(2).padStart(8)} s  ${each.name}\n`);
  for (const other of others) {
    process.stdout.write(`  ${ratio(ours!, other).toFixed(3).padStart(8)} ×  ${ours!.name} / ${other.name}\n`);
  }
}

/** The estate as one JavaScript file that writes the same bytes: no TypeScript, no bundling, no checks. */
function bareSynth(): string {
  const source = [
    estateSource(root),
    `import { App } from 'cdktf';`,
    `import { selectEnvironment } from '@platform/libs/settings/environment';`,
    `const app = new App({ outdir: ${JSON.stringify(join(scratch, 'synth'))} });`,
    `const environment = selectEnvironment(settings, Object.keys(settings.environments)[0]!);`,
    `for (const builders of projects.values()) for (const build of builders) build(app, environment);`,
    `app.synth();`,
  ].join('\n');
  mkdirSync(join(root, "dist"), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist', 'bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'bare-synth.cjs');
  writeFileSync(file, bundle(root, source));
  return file;
}
