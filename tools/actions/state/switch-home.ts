import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateBucketName } from '@platform/libs/stack/state-location';
import { WrongUse } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';
import { isUnreachable } from '@platform/tools/aws/callers-failure';
import type { LiveSession } from '@platform/tools/session/live-session';
import { ifDamaged } from '@platform/tools/aws/state-store';
import { stateLocation, type StateLocation } from '@platform/tools/model/configuration';
import { type TerraformState } from '@platform/tools/model/state';
import { regionOf } from '@platform/tools/actions/bootstrap/adopt';
import { stateStack } from '@platform/tools/actions/bootstrap/bootstrap';
import type { HeldLock } from '@platform/tools/aws/state-lock';
import { StateInUse, stateLockOf, withStateLock } from '@platform/tools/session/state-lock';
import { forgetDigest } from './forget-digest';

/** A stack whose state lives in the home region, and how its copy compares. */
export interface HomeStack {
  readonly stack: string;
  /** Absent: never deployed. `unreachable`: unknown, for example while the region is lost. `damaged`: it is not a state. */
  readonly homeSerial: number | 'unreachable' | 'damaged' | undefined;
  readonly copySerial: number | 'damaged' | undefined;
  /**
   * `equal`: nothing is lost. `behind`: the copy is older, or of another origin. `damaged`: one of both is not a state. `none`:
   * there is no copy of a state that exists. `unknown`: the home region does not answer, so that the copy may be late, and
   * where there is none the stack may have been deployed or not.
   */
  readonly copy: 'equal' | 'behind' | 'damaged' | 'unknown' | 'none';
  /** A lock that was copied with the state. Its holder works with the original, so the copy locks nothing. */
  readonly copiedLock?: HeldLock;
}

/** Compares the states of the home region with their copies in another. */
export async function compareHome(session: LiveSession, to: RegionSettings): Promise<HomeStack[]> {
  const { environment } = session.options;
  const stacks = session.stacks.all.filter(({ contract }) => contract.stateRegion.key === environment.home);
  const found: HomeStack[] = [];
  for (const { stack, project } of stacks) {
    if (!project.startsWith('global/')) continue;
    const location = stateLocation(session.stacks.configuration(stack));
    const copyAt = copyLocation(session, stack, to);
    const copy = await session.states.at(copyAt, stack).catch(ifDamaged);
    const copiedLock = await session.calls.make(
      stack,
      () => stateLockOf(session, stack, copyAt).holder(),
      copyAt.bucket,
    );
    let home: TerraformState | Error | undefined;
    let reached = true;
    try {
      home = await session.states.at(location, stack).catch(ifDamaged);
    } catch (error) {
      // Without the right to read the originals, the region is not lost.
      if (!isUnreachable(error)) throw error;
      reached = false;
    }
    if (reached && !home && !copy) continue;
    found.push({
      stack,
      homeSerial: reached ? serialOf(home) : 'unreachable',
      copySerial: serialOf(copy),
      copy: verdict(home, copy, reached),
      ...(copiedLock ? { copiedLock } : {}),
    });
  }
  return found;
}

/** Where the copy of a global stack's state lies. */
export function copyLocation(session: LiveSession, stack: string, to: RegionSettings): StateLocation {
  const { key } = stateLocation(session.stacks.configuration(stack));
  return { key, bucket: stateBucketName(session.options.environment, to.key), region: to.awsRegion };
}

const serialOf = (state: TerraformState | Error | undefined) => (state instanceof Error ? 'damaged' : state?.serial);

function verdict(
  home: TerraformState | Error | undefined,
  copy: TerraformState | Error | undefined,
  reached: boolean,
): HomeStack['copy'] {
  if (!reached) return 'unknown';
  if (home instanceof Error || copy instanceof Error) return 'damaged';
  if (!copy) return 'none';
  return !home || (home.lineage === copy.lineage && copy.serial >= home.serial) ? 'equal' : 'behind';
}

/** The region that holds the copies: where the replication of the state stack leads. */
export function copyRegion(session: LiveSession): RegionSettings {
  const { environment, estate } = session.options;
  const configuration = session.stacks.configuration(stateStack);
  const [replication] = Object.values(configuration.resource?.['aws_s3_bucket_replication_configuration'] ?? {});
  const name = /aws_s3_bucket\.([\w-]+)/.exec(JSON.stringify(replication?.['rule'] ?? ''))?.[1];
  const bucket = name ? configuration.resource?.['aws_s3_bucket']?.[name] : undefined;
  const region = bucket && estate.regions.find(({ awsRegion }) => awsRegion === regionOf(configuration, bucket));
  if (region) return region;
  throw new WrongUse(`home: there is no other region than ${environment.home}; nothing is copied`);
}

/** The two places that say which region is home, with what they say afterwards. */
export function homeEdits(
  root: string,
  from: string,
  to: string,
): readonly { readonly file: string; readonly text: string }[] {
  return [
    edit(root, 'infra.config.ts', `home: '${from}'`, `home: '${to}'`),
    edit(root, 'global/home.ts', `/region-${from}/region'`, `/region-${to}/region'`),
  ];
}

export interface SwitchHomeOptions {
  readonly session: LiveSession;
  readonly to: RegionSettings;
  /** What {@link compareHome} found. */
  readonly compared: readonly HomeStack[];
  readonly edits: ReturnType<typeof homeEdits>;
}

/**
 * Makes `to` the home region, while the states are locked where they are: a deploy in between would write a state that the
 * copy does not have. While the home region does not answer, the copies are locked instead; a lock that was copied with its
 * state has no holder any more.
 * @throws StateInUse while another run holds one of the locks, or where it has changed a state since the comparison
 */
export async function switchHome({ session, to, compared, edits }: SwitchHomeOptions): Promise<void> {
  const locked = (rest: readonly HomeStack[]): Promise<void> => {
    const [first, ...others] = rest;
    if (!first) return write();
    const isLost = first.homeSerial === 'unreachable';
    if (isLost && first.copiedLock) return locked(others);
    const place = isLost ? copyLocation(session, first.stack, to) : undefined;
    return withStateLock(session, first.stack, 'state switch-home', () => locked(others), place);
  };
  const write = async () => {
    const serials = (stacks: readonly HomeStack[]) =>
      JSON.stringify(stacks.map(({ stack, homeSerial, copySerial }) => [stack, homeSerial, copySerial]));
    if (serials(await compareHome(session, to)) !== serials(compared)) {
      throw new StateInUse('home: a state was changed by another meanwhile; compare again: run this command once more');
    }
    // The copies have come past Terraform, and the region may have been home before.
    for (const { stack } of compared) {
      await session.calls.make(stack, () => forgetDigest(session, stack, copyLocation(session, stack, to)));
    }
    writeEdits(session.options.root, edits);
  };
  await locked(compared);
}

/** Writes what {@link homeEdits} says, each file by one rename, and none where one of them cannot be written. */
export function writeEdits(root: string, edits: ReturnType<typeof homeEdits>): void {
  const aside = (file: string) => join(root, `${file}.new`);
  try {
    for (const { file, text } of edits) {
      writeFileSync(aside(file), text);
      chmodSync(aside(file), statSync(join(root, file)).mode);
    }
    for (const { file } of edits) renameSync(aside(file), join(root, file));
  } finally {
    for (const { file } of edits) rmSync(aside(file), { force: true });
  }
}

function edit(root: string, file: string, before: string, after: string) {
  const text = readFileSync(join(root, file), 'utf8');
  if (text.split(before).length !== 2) {
    throw new WrongUse(`${file}: \`${before}\` does not stand there exactly once; make the change by hand: ${after}`);
  }
  return { file, text: text.replace(before, after) };
}
