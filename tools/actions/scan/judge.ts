import type { Waiver } from '@platform/libs/stack/waive';
import type { Block, StackJson } from '@platform/libs/testing/synthesised-stack';
import type { StackFile } from '@platform/tools/actions/routes/estate-json';
import type { EstateManifest } from '@platform/tools/actions/synth/synth';
import type { CheckResult } from './run-checkov';

/** A check that a resource fails. */
export interface Finding {
  readonly check: string;
  readonly title: string;
  readonly stack: string;
  /** Project folder: `region-us/vpc`. */
  readonly project: string;
  readonly owner: string;
  /** As Terraform writes it. */
  readonly address: string;
  /** Construct path below the stack: where in the code the resource is made. */
  readonly construct: string;
  /** File of the stack's code: `region-us/vpc/stack.ts`. */
  readonly source: string;
  /** Synthesised file and line, from the folder that was scanned. */
  readonly file: string;
}

/** A finding that the code allows. */
export interface WaivedFinding extends Finding {
  readonly reason: string;
}

/** A waiver for a check that does not fail. */
export interface StaleWaiver extends Waiver {
  readonly stack: string;
  readonly project: string;
  readonly owner: string;
}

/** What `npx platform scan --json` prints and `dist/scan/<environment>/report.json` holds. */
export interface ScanReport {
  readonly environment: string;
  readonly level: string;
  readonly mode: string;
  readonly stacks: readonly string[];
  /** How many checks passed. */
  readonly passed: number;
  readonly failed: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
  readonly stale: readonly StaleWaiver[];
}

/**
 * Puts together what checkov found and what the code allows.
 * @param fileOf the synthesised configuration of a stack, and where its code is
 * @param chosen names of the stacks to judge; the others were only looked at
 * @throws Error when a stack was not looked at, or a finding belongs to no resource: a hole in the scan is not a pass
 */
export function judge(
  { environment, level, mode, stacks }: EstateManifest,
  fileOf: (stack: string) => Pick<StackFile, 'json' | 'source'>,
  results: readonly CheckResult[],
  chosen: ReadonlySet<string> = new Set(stacks.map(({ stack }) => stack)),
): ScanReport {
  const byStack = new Map(stacks.map(({ stack }) => [stack, [] as CheckResult[]]));
  for (const result of results) {
    const [, stack] = /^stacks\/([^/]+)\//.exec(result.file) ?? [];
    const known = stack === undefined ? undefined : byStack.get(stack);
    if (!known) throw new Error(`scan: checkov scanned ${result.file}, which belongs to no stack`);
    known.push(result);
  }
  const failed: Finding[] = [];
  const waived: WaivedFinding[] = [];
  const stale: StaleWaiver[] = [];
  const judged = stacks.filter(({ stack }) => chosen.has(stack));
  for (const { stack, project, owner, waivers } of judged) {
    const seen = byStack.get(stack)!;
    // checkov checks every provider for credentials: no result means that it did not read the file.
    if (!seen.some(({ check }) => check.startsWith('CKV'))) {
      throw new Error(`scan: checkov skipped stack ${stack}`);
    }
    const { json, source } = fileOf(stack);
    const blocks = blocksOf(json);
    const used = new Set<Waiver>();
    for (const { check, title, file, line, block } of seen.filter(({ passed }) => !passed)) {
      const { address, construct } = find(blocks, block, stack);
      const finding = { check, title, stack, project, owner, address, construct, source, file: `${file}:${line}` };
      const waiver = waivers.find((candidate) => candidate.address === address && candidate.check === check);
      if (waiver) used.add(waiver);
      if (waiver) waived.push({ ...finding, reason: waiver.reason });
      else failed.push(finding);
    }
    for (const waiver of waivers) if (!used.has(waiver)) stale.push({ ...waiver, stack, project, owner });
  }
  return {
    environment,
    level,
    mode,
    stacks: judged.map(({ stack }) => stack),
    passed: judged.flatMap(({ stack }) => byStack.get(stack)!.filter((result) => result.passed)).length,
    failed: sorted(failed),
    waived: sorted(waived),
    stale: sorted(stale),
  };
}

interface NamedBlock {
  readonly address: string;
  readonly construct: string;
}

/** Blocks by each of the names that checkov may give them. */
function blocksOf(json: StackJson): ReadonlyMap<string, readonly NamedBlock[]> {
  const byName = new Map<string, NamedBlock[]>();
  const add = (name: string, block: NamedBlock) => byName.set(name, [...(byName.get(name) ?? []), block]);
  for (const [kind, prefix] of [
    ['resource', ''],
    ['data', 'data.'],
  ] as const) {
    for (const [type, blocks] of Object.entries(json[kind] ?? {})) {
      for (const [id, block] of Object.entries(blocks)) {
        const address = `${prefix}${type}.${id}`;
        add(`${kind}.${id}`, { address, construct: constructOf(block, address) });
        add(address, { address, construct: constructOf(block, address) });
      }
    }
  }
  return byName;
}

function find(blocks: ReadonlyMap<string, readonly NamedBlock[]>, name: string, stack: string): NamedBlock {
  if (name.startsWith('provider.')) return { address: name, construct: name };
  const found = blocks.get(name) ?? [];
  if (found.length === 1) return found[0]!;
  const what = found.length === 0 ? 'no block' : `${found.map(({ address }) => address).join(' and ')}`;
  throw new Error(`scan: checkov reports ${name} in stack ${stack}, which is ${what}`);
}

function constructOf(block: Block, address: string): string {
  const path = String(block['//']?.metadata?.path ?? '');
  return path.slice(path.indexOf('/') + 1) || address;
}

function sorted<T extends { readonly check: string; readonly stack: string; readonly address: string }>(
  findings: readonly T[],
): readonly T[] {
  const key = ({ check, stack, address }: T) => JSON.stringify([check, stack, address]);
  return [...findings].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
