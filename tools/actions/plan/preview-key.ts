import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Configuration } from '@platform/tools/model/configuration';
import { requiredProvider, type ProviderSource } from '@platform/tools/terraform/provider-source';
import type { TerraformBinary } from '@platform/tools/terraform/find-terraform';
import { sha256 } from '@platform/tools/workspace/file-digests';

/** What all previews of a run share. */
export interface PreviewTools {
  readonly root: string;
  readonly binary: TerraformBinary;
  readonly source: ProviderSource;
}

/** Folders of this tool that decide what a preview is, from the workspace root. */
const TOOL_FOLDERS = ['tools/actions/change', 'tools/actions/plan', 'tools/model', 'tools/terraform'];

/**
 * Expressions whose value depends on more than the files of the stack's folder: its place, the clock, files elsewhere.
 * Source: Terraform's function reference, "Filesystem Functions" and "plantimestamp".
 */
const dependsOnMore =
  /\b(abspath|pathexpand|plantimestamp)\s*\(|\bpath\.cwd\b|\b(file\w*|templatefile)\s*\(\s*\\?"(\/|~|\.\.)/;

/** What is written in the place of a stack's folder. */
const FOLDER = '«folder»';

/** The folder as it stands inside JSON strings. */
const inJson = (folder: string) => JSON.stringify(folder).slice(1, -1);

/** JSON that names a stack's folder, in the same words wherever the folder lies; and back. */
export const withoutFolder = (json: string, folder: string) => json.replaceAll(inJson(folder), FOLDER);
export const withFolder = (json: string, folder: string) => json.replaceAll(FOLDER, inJson(folder));

/** Digest of the code of this tool that decides what a preview is. */
export function toolDigest(root: string): string {
  const files = TOOL_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.c?[jt]s$/.test(name) && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  );
  return sha256(
    files
      .sort()
      .map((file) => `${file}\n${readFileSync(join(root, file), 'utf8')}`)
      .join('\0'),
  );
}

/** Name and version of the programs; undefined where the version of the provider is known only once Terraform has chosen it. */
export function programsKey({ binary, source }: PreviewTools, configuration: Configuration): string | undefined {
  const { source: provider, version } = requiredProvider(configuration)!;
  const isExact = /^\d+\.\d+\.\d+$/.test(version);
  if (!isExact && !source.executable) return undefined;
  const program = source.executable ? basename(source.executable) : '';
  return [binary.product, binary.version, provider, version, program].join(' ');
}

/**
 * Digest of everything that decides what a preview in a prepared folder says: its files, the configuration, and what
 * `others` has. Undefined where the preview depends on more.
 */
export function previewKey(
  folder: string,
  configuration: Configuration,
  others: readonly unknown[],
): string | undefined {
  const text = JSON.stringify(configuration);
  if (dependsOnMore.test(text)) return undefined;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !madeByTerraform.test(name))
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return [name, sha256(name.endsWith('.json') ? withoutFolder(bytes.toString(), folder) : bytes)];
    });
  return sha256(JSON.stringify([files, text, ...others]));
}

/** What an earlier run in the same folder left. */
const madeByTerraform = /^(\.terraform\/|terraform\.log$|preview\.tfplan$|plan\.json$|\.terraform\.lock\.hcl$)/;
