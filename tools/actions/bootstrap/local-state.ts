import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformState } from '@platform/tools/model/state';

/** A state on this machine that cannot be read. */
export class DamagedState extends Error {
  override readonly name = 'DamagedState';
  readonly exitCode = 1;
}

/**
 * The state that Terraform keeps in a folder; nothing where there is none, or an empty one. Terraform writes it in place, so
 * a machine that dies can cut it short.
 * @throws DamagedState
 */
export function readLocalState(folder: string): TerraformState | undefined {
  const file = join(folder, 'terraform.tfstate');
  const content = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (content === '') return undefined;
  let state: TerraformState;
  try {
    state = JSON.parse(content) as TerraformState;
  } catch {
    const before = existsSync(`${file}.backup`)
      ? `. ${file}.backup is the state before the last step: copy it to ${file} to go on from there`
      : '';
    throw new DamagedState(
      `${file}: it is cut short, and no state; move it out of the folder and repeat the command: what exists already is taken over, by its name${before}`,
    );
  }
  return (state.resources ?? []).length > 0 ? state : undefined;
}
