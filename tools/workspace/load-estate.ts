import { buildSync, type BuildFailure } from 'esbuild';
import { existsSync } from 'node:fs';
import Module, { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { assertSettings } from '@platform/libs/settings/check-settings';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';
import { formatProblem, isWrongUse, WrongUse } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { StackBuilder } from '@platform/libs/stack/run-stacks';
import { findFolders, findRegionKeys, findStackFolders } from './stack-folders';

// cdktf calls it, and Node.js 22 and newer print a warning for that.
Object.assign(util, { isArray: Array.isArray });

/** The estate's code, ready to run: settings, regions, and what each project's `main.ts` adds to an app. */
export interface LoadedEstate {
  readonly settings: OrganisationSettings;
  readonly regions: readonly RegionSettings[];
  /** By project folder. */
  readonly projects: ReadonlyMap<string, readonly StackBuilder[]>;
  /**
   * Checks other settings in the place of the estate's own.
   * @throws SettingsError with everything that is wrong with them
   */
  readonly assertSettings: (settings: OrganisationSettings) => void;
}

/** The code of the estate does not compile or fails while it is loaded; the message says where. */
export class EstateLoadError extends WrongUse {
  override readonly name = 'EstateLoadError';
}

/** Only `infra.config.ts` and the regions' settings: for commands that need names, not stacks. */
export function loadSettings(root: string): Pick<LoadedEstate, 'settings' | 'regions'> {
  return evaluate<Pick<LoadedEstate, 'settings' | 'regions'>>(root, settingsSource(root));
}

/**
 * Only `infra.config.ts` and the regions' settings, found to be right: for commands that show settings.
 * @throws EstateLoadError
 * @throws SettingsError with everything that is wrong with the settings.
 */
export function loadCheckedSettings(root: string): Pick<LoadedEstate, 'settings' | 'regions'> {
  const loaded = evaluate<LoadedSettings>(root, `${settingsSource(root)}\n${listsSource(root)}`);
  assertionOf(root, loaded)(loaded.settings);
  return { settings: loaded.settings, regions: loaded.regions };
}

/** Only `infra.config.ts`: for what must work while a region's settings do not compile, such as the project graph. */
export function loadOrganisation(root: string): OrganisationSettings {
  return evaluate<{ settings: OrganisationSettings }>(root, `export { default as settings } from './infra.config';`)
    .settings;
}

/**
 * Bundles every `main.ts` below `root` with one esbuild call and evaluates the bundle in this process, afresh each time.
 * Packages stay outside the bundle and are shared with this process. No project's code runs before the settings are
 * found to be right.
 * @throws EstateLoadError
 * @throws SettingsError with everything that is wrong with the settings.
 */
export function loadEstate(root: string): LoadedEstate {
  const { loadProjects, ...loaded } = evaluate<
    LoadedSettings & { readonly loadProjects: () => LoadedEstate['projects'] }
  >(root, [settingsSource(root), listsSource(root), projectsSource(root), `export { loadProjects };`].join('\n'));
  const assert = assertionOf(root, loaded);
  assert(loaded.settings);
  return { settings: loaded.settings, regions: loaded.regions, projects: loadProjects(), assertSettings: assert };
}

/** Name of the program that an estate is bundled into, which has no file. */
const bundleName = 'estate.bundle.cjs';

type LoadedSettings = Pick<LoadedEstate, 'settings' | 'regions'> & {
  readonly listedRegions?: readonly RegionSettings[];
  readonly home?: RegionSettings;
};

function assertionOf(root: string, { regions, ...lists }: LoadedSettings): LoadedEstate['assertSettings'] {
  const folders = findFolders(root);
  const sources = {
    settings: 'infra.config.ts',
    regions: findRegionKeys(root).map((key) => `region-${key}/region.ts`),
  };
  // A file may export anything.
  const keys = {
    ...(lists.listedRegions
      ? { listedRegions: lists.listedRegions.flatMap((region?: RegionSettings) => region?.key ?? []) }
      : {}),
    ...('home' in lists ? { homeOfStacks: lists.home?.key } : {}),
  };
  return (settings) => assertSettings({ settings, regions, folders, sources, ...keys });
}

/** Files of shared and global stacks that have to agree with the settings. */
function listsSource(root: string): string {
  const exported = { 'shared/regions': 'regions as listedRegions', 'global/home': 'home' };
  return Object.entries(exported)
    .filter(([file]) => existsSync(join(root, `${file}.ts`)))
    .map(([file, name]) => `export { ${name} } from './${file}';`)
    .join('\n');
}

/** A TypeScript module that exports what {@link LoadedEstate} describes, unchecked. */
export function estateSource(root: string): string {
  return `${settingsSource(root)}\n${projectsSource(root)}\nexport const projects = loadProjects();`;
}

function projectsSource(root: string): string {
  return [
    `import { collectStacks } from '@platform/libs/stack/run-stacks';`,
    `const loadProjects = () => new Map([`,
    ...findStackFolders(root).map(
      (folder) => `  [${JSON.stringify(folder)}, collectStacks(() => require('./${folder}/main'))],`,
    ),
    `]);`,
  ].join('\n');
}

function settingsSource(root: string): string {
  const keys = findRegionKeys(root);
  return [
    `import settings from './infra.config';`,
    ...keys.map((key, index) => `import { region as region${index} } from './region-${key}/region';`),
    `const regions = [${keys.map((_, index) => `region${index}`).join(', ')}];`,
    `export { settings, regions };`,
  ].join('\n');
}

/**
 * One CommonJS file of a TypeScript module in `root` and all it imports, but for packages.
 * @throws EstateLoadError
 */
export function bundle(root: string, contents: string): string {
  try {
    const result = buildSync({
      stdin: { contents, resolveDir: root, sourcefile: 'estate.ts', loader: 'ts' },
      absWorkingDir: root,
      tsconfig: join(root, 'tsconfig.base.json'),
      bundle: true,
      packages: 'external',
      alias: { '@platform': root },
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      sourcemap: 'inline',
      sourcesContent: false,
      // A stack tells its class, which twins would else share with a number behind it.
      keepNames: true,
      write: false,
      logLevel: 'silent',
    });
    return result.outputFiles[0]!.text;
  } catch (error) {
    const messages = (error as BuildFailure).errors ?? [];
    if (messages.length === 0) throw error;
    // Each that imports a file with a top-level await has an error, and the place of the await in a note.
    const lines = messages.map(({ location: own, text, notes }) => {
      const awaited = notes.find((note) => note.text.startsWith('The top-level await'));
      const location = awaited?.location ?? own;
      return formatProblem({
        where: location ? `${location.file}:${location.line}` : 'estate',
        what: awaited || /^Top-level await/.test(text) ? 'a top-level await cannot be synthesised' : text,
        remedy: 'correct it: npm run typecheck finds all that is wrong',
      });
    });
    throw new EstateLoadError([...new Set(lines)].join('\n'));
  }
}

/**
 * Bundles a module of a workspace and evaluates it in this process; packages stay outside the bundle.
 * @throws EstateLoadError where it does not compile, or a file of settings fails
 */
export function evaluate<T>(root: string, contents: string): T {
  const code = bundle(root, contents);
  try {
    return run<T>(root, code);
  } catch (error) {
    throw isWrongUse(error) ? error : (failedSettings(error, root, code) ?? error);
  }
}

const settingsFile = /^(infra\.config|region-[^/]+\/region)\.ts$/;

/** What the code of a settings file throws, in one line with its place; undefined where other code throws, which is a bug. */
function failedSettings(error: unknown, root: string, code: string): EstateLoadError | undefined {
  const { stack = '', message = '', code: kind } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  // Node.js names the bundle as the module that asks.
  if (kind === 'MODULE_NOT_FOUND' && message.includes(bundleName)) {
    return new EstateLoadError(`estate: ${message.split('\n')[0]}; run npm ci, or remove the import`);
  }
  const place = firstPlace(stack, root, code);
  if (place === undefined || !settingsFile.test(place.file)) return undefined;
  return new EstateLoadError(
    formatProblem({
      where: `${place.file}:${place.line}`,
      what: message.split('\n')[0]!,
      remedy: 'correct the code of the settings: npm run typecheck finds most of what is wrong',
    }),
  );
}

/** File and line of the workspace's code where an error was thrown. Node.js maps stack traces only in the commands. */
function firstPlace(stack: string, root: string, code: string): { file: string; line: number } | undefined {
  for (const frame of stack.split('\n').filter((each) => /^ +at /.test(each))) {
    const [, line, column] = new RegExp(`${bundleName}:(\\d+):(\\d+)`).exec(frame) ?? [];
    if (line !== undefined) {
      const map = /^\/\/# sourceMappingURL=data:application\/json;base64,(.*)$/m.exec(code)?.[1] ?? '';
      const payload = JSON.parse(Buffer.from(map, 'base64').toString()) as SourceMapPayload;
      const entry = new SourceMap(payload).findEntry(Number(line) - 1, Number(column) - 1);
      if ('originalSource' in entry) return { file: entry.originalSource, line: entry.originalLine + 1 };
    }
    const [, file, mapped] = /^([^:]+\.ts):(\d+)/.exec(frame.split(`${root}/`)[1] ?? '') ?? [];
    if (file !== undefined) return { file, line: Number(mapped) };
  }
  return undefined;
}

function run<T>(root: string, code: string): T {
  const filename = join(root, bundleName);
  const module = new Module(filename) as Module & { _compile(code: string, filename: string): void };
  module.filename = filename;
  module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(root);
  module._compile(code, filename);
  return module.exports as T;
}
