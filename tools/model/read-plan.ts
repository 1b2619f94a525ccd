import { z } from 'zod';
import type { PlanJson } from './plan';

/** A file that holds no plan: what it is, and what to do. */
export class UnreadablePlan extends Error {
  override readonly name = 'UnreadablePlan';
}

const words = z.array(z.string());
/** Terraform marks parts of a value by a value of the same shape, or the whole by `true`. */
const change = z.looseObject({
  actions: words.min(1),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).nullish(),
});
const resource = z.looseObject({
  address: z.string().min(1),
  type: z.string().min(1),
  mode: z.string().nullish(),
  previous_address: z.string().nullish(),
  deposed: z.string().nullish(),
  action_reason: z.string().nullish(),
  change,
});
const check = z.looseObject({
  address: z.looseObject({ to_display: z.string() }),
  status: z.string(),
  instances: z
    .array(
      z.looseObject({
        address: z.looseObject({ to_display: z.string().nullish() }).nullish(),
        status: z.string().nullish(),
        problems: z.array(z.looseObject({ message: z.string().nullish() })).nullish(),
      }),
    )
    .nullish(),
});
const planSchema = z.looseObject({
  format_version: z.string().nullish(),
  terraform_version: z.string().nullish(),
  errored: z.boolean().nullish(),
  resource_changes: z.array(resource).nullish(),
  resource_drift: z.array(resource).nullish(),
  deferred_changes: z
    .array(z.looseObject({ resource_change: z.looseObject({ address: z.string() }).nullish() }))
    .nullish(),
  action_invocations: z.array(z.looseObject({ address: z.string().nullish() })).nullish(),
  output_changes: z.record(z.string(), change).nullish(),
  checks: z.array(check).nullish(),
  planned_values: z.looseObject({}).nullish(),
  configuration: z.looseObject({}).nullish(),
});

/** Deepest nesting that is read. Terraform's own limit for values is far below; deeper files would exhaust the stack. */
const DEEPEST = 500;

const howToShow = 'run: terraform show -json <plan file>';

/**
 * A plan as `terraform show -json <plan>` and `tofu show -json <plan>` write it, also with a byte order mark or in UTF-16,
 * which PowerShell redirects to.
 * @throws UnreadablePlan with one line: what is wrong and what to do, without a value of the file
 */
export function readPlan(bytes: Buffer): PlanJson {
  const text = textOf(bytes);
  if (text.trim() === '') throw new UnreadablePlan(`the file is empty; ${howToShow}`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UnreadablePlan(notJson(text, error as Error));
  }
  if (deeperThan(document, DEEPEST)) {
    throw new UnreadablePlan(`the JSON is nested deeper than ${DEEPEST} levels; ${howToShow}`);
  }
  const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
  if (!isObject) throw new UnreadablePlan(`the file holds ${kindOf(document)} and not a plan; ${howToShow}`);
  const fields = document as Record<string, unknown>;
  const otherKind = notAPlan(fields);
  if (otherKind) throw new UnreadablePlan(`${otherKind}; ${howToShow}`);
  const parsed = planSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue!.path.reduce<string>(
      (path, part) =>
        typeof part === 'number' ? `${path}[${part}]` : path === '' ? clean(part) : `${path}.${clean(part)}`,
      '',
    );
    throw new UnreadablePlan(`${where}: ${clean(issue!.message)}; the file is damaged: ${howToShow}`);
  }
  // As given: parsing would cost a copy of every value.
  return withoutNulls(fields) as PlanJson;
}

/** Fields that hold nothing, as if they were absent. */
function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(even).swap16().toString('utf16le');
  }
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

function notJson(text: string, { message }: Error): string {
  if (text.startsWith('PK')) return `the file is a saved plan and not its JSON; ${howToShow}`;
  if (text.startsWith('\u001f')) return `the file is compressed; unpack it, or ${howToShow}`;
  if (text.includes('\u0000')) return `the file is binary; ${howToShow}`;
  const [first = ''] = text.trim().split('\n');
  if (/^\{.*"@level"/.test(first)) return `the file is the log of terraform plan -json; ${howToShow}`;
  if (/Terraform will perform|Terraform used the selected|OpenTofu (will|used)|No changes\./.test(text)) {
    return `the file is the text of a plan and not its JSON; ${howToShow}`;
  }
  // V8 quotes a part of the text, which may hold a secret.
  const [, position] = /position (\d+)/.exec(message) ?? [];
  const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
  const ends = /end of JSON|Unterminated/.test(message);
  const place = line === undefined ? '' : ` in line ${line}`;
  return `the file is not JSON${ends ? ': it ends too early' : place}; ${howToShow}`;
}

function notAPlan(fields: Record<string, unknown>): string | undefined {
  const version = fields['format_version'];
  if ('@level' in fields) return 'the file is the log of terraform plan -json';
  if (version === undefined) {
    // What is cut out of a plan, as policy tools take it.
    if (Array.isArray(fields['resource_changes'])) return undefined;
    if ('lineage' in fields && 'serial' in fields) return 'the file is a state and not a plan';
    if ('resource' in fields || 'terraform' in fields) return 'the file is a configuration and not a plan';
    return 'format_version: missing, so the file is no plan of Terraform';
  }
  if (typeof version !== 'string' || !/^\d+\.\d+$/.test(version)) return 'format_version: is not a version like "1.2"';
  if (Number(version.split('.')[0]) > 1) return `format_version: ${version} is newer than 1.x, which this tool reads`;
  if (!('resource_changes' in fields) && !('planned_values' in fields) && !('output_changes' in fields)) {
    return 'values' in fields
      ? 'the file shows a state and not a plan'
      : 'resource_changes and planned_values: missing, so the file is no plan of Terraform';
  }
  return undefined;
}

/** Text of a damaged file, fit for one line. */
function clean(text: unknown): string {
  const visible = String(text).replace(/\p{C}+/gu, ' ');
  return visible.length > 80 ? `${visible.slice(0, 80)}…` : visible;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** Iterative, for what it guards against is recursion. */
function deeperThan(document: unknown, limit: number): boolean {
  let level: unknown[] = [document];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const inside of Array.isArray(value) ? value : Object.values(value)) {
        if (typeof inside === 'object' && inside !== null) next.push(inside);
      }
    }
    level = next;
  }
  return false;
}
