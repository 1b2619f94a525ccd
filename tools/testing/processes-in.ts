import { readdirSync, readlinkSync } from 'node:fs';

/** Process ids whose working folder lies in `folder`: Terraform's and, as they start there too, its providers'. Linux only. */
export function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        return false;
      }
    })
    .map(Number);
}
