import { isEstateFolder, projectName } from '@platform/tools/workspace/stack-folders';

/** What a folder is: `stack` has a Terraform state, `region` says what regions there are and differ in, the rest is code. */
export type ProjectKind = 'stack' | 'region' | 'lib' | 'tool' | 'e2e';

/** A folder that is a project of the workspace. */
export interface FoundProject {
  /** Path from the workspace root: `region-us/vpc`. */
  readonly folder: string;
  /** The path with `-` between its segments: `region-us-vpc`. */
  readonly name: string;
  readonly kind: ProjectKind;
  /** Where a stack or a region's settings belong; absent for code. */
  readonly scope?: 'global' | 'shared' | 'region';
  /** Region key of what lies in `region-<key>/`. */
  readonly region?: string;
  /** The file that makes the folder a project. */
  readonly evidence: string;
}

/**
 * The projects that `files` (paths from the workspace root) show, sorted by folder: a `main.ts` below an estate folder
 * makes a stack, code directly inside an estate folder (`region-<key>/region.ts`, `shared/regions.ts`, `global/home.ts`)
 * makes that a region project, and every folder directly below one of {@link codeFolders} is one of code. Paths are
 * compared by segment, so `region-us/vpc` has nothing to do with `region-us/vpc-peering`.
 */
export function findProjects(files: readonly string[]): FoundProject[] {
  const found = new Map<string, FoundProject>();
  for (const evidence of [...files].sort()) {
    const project = projectOf(evidence);
    if (project && !found.has(project.folder)) found.set(project.folder, project);
  }
  return [...found.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** Folders whose folders are projects of code. */
export const codeFolders: readonly string[] = ['libs', 'libs/regional', 'tools', 'tools/actions', 'e2e'];

/** Top-level folders of code, and what a folder in them is. */
const codeKinds: Readonly<Record<string, ProjectKind>> = { libs: 'lib', tools: 'tool', e2e: 'e2e', gamedays: 'tool' };

/** Top-level folders of code that are one project each. */
export const wholeFolders: readonly string[] = ['gamedays'];

function projectOf(evidence: string): FoundProject | undefined {
  const segments = evidence.split('/');
  const [top, second] = segments;
  if (!top || !second) return undefined;
  const kind = codeKinds[top];
  if (kind) {
    if (wholeFolders.includes(top)) return { folder: top, name: top, kind, evidence };
    const depth = codeFolders.includes(`${top}/${second}`) ? 3 : 2;
    if (segments.length <= depth) return undefined;
    const folder = segments.slice(0, depth).join('/');
    return { folder, name: projectName(folder), kind, evidence };
  }
  if (!isEstateFolder(top)) return undefined;

  const place = top.startsWith('region-')
    ? { scope: 'region' as const, region: top.slice('region-'.length) }
    : { scope: top as 'global' | 'shared' };
  if (segments.at(-1) === 'main.ts' && segments.length > 2) {
    const folder = segments.slice(0, -1).join('/');
    return { folder, name: projectName(folder), kind: 'stack', ...place, evidence };
  }
  if (segments.length === 2 && second.endsWith('.ts') && !second.endsWith('.test.ts')) {
    return { folder: top, name: top, kind: 'region', ...place, evidence };
  }
  return undefined;
}
