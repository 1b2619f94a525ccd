import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveSession } from '@platform/tools/session/live-session';

/**
 * Runs `work` in a folder that knows where the state of a stack lies, and nothing of its resources: for Terraform's own
 * commands on states, which need neither provider nor configuration.
 */
export async function inStateFolder<T>(
  session: LiveSession,
  stack: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'state-'));
  try {
    const override = session.options.target.override(
      session.stacks.get(stack),
      session.stacks.configuration(stack),
    ) as {
      readonly terraform: { readonly backend: object };
    };
    writeFileSync(
      join(folder, 'backend.tf.json'),
      JSON.stringify({ terraform: { backend: override.terraform.backend } }),
    );
    await session.terraform.run(folder, stack, ['init', '-input=false', '-no-color'], { reads: true, log: false });
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
