import type { CheckId, Waiver } from '@platform/libs/stack/waive';
import type { Block, StackJson } from '@platform/libs/testing/synthesised-stack';
import type { CheckResult } from './run-checkov';

type Resources = NonNullable<StackJson['resource']>;

/** Changes a resource, or others of its stack, so that a check fails. */
export type Change = (block: Block, resource: Resources, type: string) => unknown;

/** One row of the table: what must hold for some resource types. */
export interface SecurityCheck {
  /** In the report and in waivers, after `PLATFORM_`. */
  readonly id: string;
  /** Resource types; `*` is every type. */
  readonly types: readonly string[];
  /** Finishes the sentence "it must …". */
  readonly must: string;
  /** Reason or source. */
  readonly why: string;
  readonly holds: (block: Block, around: Surroundings) => boolean;
  /** Changes that must make it fail, each for every type; a change for `*` names its type. */
  readonly breaks: readonly (Change | { readonly type: string; readonly change: Change })[];
  /** Which resource the changes are for. Default: the first of the type. */
  readonly of?: (block: Block) => boolean;
}

/** What a check may ask about the stack around a resource. */
export interface Surroundings {
  readonly type: string;
  /** Resources of a type whose argument refers to this one: `those('aws_flow_log', 'vpc_id')`. */
  those(type: string, argument: string): readonly Block[];
  /** The resource that an argument of this one refers to, if it is of the type and in the same stack. */
  referred(type: string, argument: string): Block | undefined;
  /** Whether a check of this resource is waived. */
  waived(check: CheckId): boolean;
}

/** A synthesised stack and the waivers in its code. */
export interface ScannedStack {
  readonly stack: string;
  readonly json: StackJson;
  readonly waivers: readonly Waiver[];
}

/** Results of the table for every resource of a stack. A type that the table does not have is a failure. */
export function runSecurityChecks(
  { stack, json, waivers }: ScannedStack,
  table: readonly SecurityCheck[],
  exempt: ReadonlySet<string>,
): readonly CheckResult[] {
  const file = `stacks/${stack}/cdk.tf.json`;
  const text = JSON.stringify(json, null, 2);
  return Object.entries(json.resource ?? {}).flatMap(([type, blocks]) =>
    Object.entries(blocks).flatMap(([id, block]) => {
      const address = `${type}.${id}`;
      const line = text.slice(0, Math.max(0, text.indexOf(`"${id}": {`))).split('\n').length;
      const result = (check: string, must: string, passed: boolean): CheckResult => ({
        check: `PLATFORM_${check}`,
        title: `it must ${must}`,
        passed,
        file,
        line,
        block: address,
      });
      const known = exempt.has(type) || table.some(({ types }) => types.includes(type));
      const around = surroundings(json, type, address, block, waivers);
      return [
        ...(known
          ? []
          : [result('TYPE', `have a row in tools/actions/scan/security-checks.ts: ${type} is a new type`, false)]),
        ...table
          .filter(({ types }) => types.includes(type) || types.includes('*'))
          .map(({ id, must, why, holds }) => result(id, `${must} (${why})`, holds(block, around))),
      ];
    }),
  );
}

function surroundings(
  json: StackJson,
  type: string,
  address: string,
  block: Block,
  waivers: readonly Waiver[],
): Surroundings {
  const refersTo = (value: unknown, target: string) =>
    typeof value === 'string' && value.startsWith(`\${${target}.`) && value.endsWith('}');
  return {
    type,
    those: (other, argument) =>
      Object.values(json.resource?.[other] ?? {}).filter((each) => refersTo(at(each, argument), address)),
    referred: (other, argument) =>
      Object.entries(json.resource?.[other] ?? {}).find(([id]) => refersTo(at(block, argument), `${other}.${id}`))?.[1],
    waived: (check) => waivers.some((waiver) => waiver.address === address && waiver.check === check),
  };
}

/** The argument at a path such as `rule.0.apply_server_side_encryption_by_default.sse_algorithm`. */
export function at(block: Block, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Block | undefined)?.[key], block);
}

export const on = (value: unknown) => value === true || value === 'true';
/** A block or list of blocks as a list. */
export const list = (value: unknown) => (Array.isArray(value) ? (value as Block[]) : value ? [value as Block] : []);

/** Changes of rows: sets arguments, */
export const set =
  (changes: Block): Change =>
  (block) =>
    Object.assign(block, changes);
/** removes arguments, */
export const unset =
  (...names: readonly string[]): Change =>
  (block) =>
    names.forEach((name) => delete block[name]);
/** removes the argument at a path, */
export const off =
  (path: string): Change =>
  (block) => {
    const keys = path.split('.');
    const parent = keys.length > 1 ? (at(block, keys.slice(0, -1).join('.')) as Block) : block;
    delete parent[keys.at(-1)!];
  };
/** removes all resources of a type, */
export const removed =
  (type: string): Change =>
  (_, resource) =>
    delete resource[type];
/** changes all resources of a type, */
export const all =
  (type: string, change: Change): Change =>
  (_, resource) =>
    Object.values(resource[type] ?? {}).forEach((block) => change(block, resource, type));
/** or does what a map has for the type. */
export const keyed =
  <T>(values: Readonly<Record<string, T>>, change: (value: T) => Change): Change =>
  (block, resource, type) =>
    change(values[type]!)(block, resource, type);
