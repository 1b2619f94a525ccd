import type { Waiver } from '@platform/libs/stack/waive';
import type { Block, StackJson } from '@platform/libs/testing/synthesised-stack';

/** A synthesised stack and the waivers that stand in its code. */
export interface ScannedStack {
  readonly stack: string;
  readonly json: StackJson;
  readonly waivers: readonly Waiver[];
}

/** What a rule may ask of the stack around a resource. */
export interface Surroundings {
  /** Resources of a type whose argument refers to this one: `those('aws_flow_log', 'vpc_id')`. */
  those(type: string, argument: string): readonly Block[];
  /** The resource that an argument of this one refers to, if it is of the type and in the same stack. */
  referred(type: string, argument: string): Block | undefined;
  /** Whether the code lets this resource fail a check of the scan. */
  waived(check: string): boolean;
}

/** What must hold of every resource of a type, in words that finish "it must …". */
export type TypeRules = Readonly<Record<string, (block: Block, around: Surroundings) => boolean>>;

/** What is wrong with one resource: `global-data aws_sqs_queue.Queue: must be encrypted by a key`. */
export type TypeFinding = string;

export interface TypeTable {
  /** By resource type. */
  readonly rules: Readonly<Record<string, TypeRules>>;
  /** Rules for every resource, whatever its type. */
  readonly everywhere: TypeRules;
  /** Types that neither hold nor carry data of their own. */
  readonly withoutRules: ReadonlySet<string>;
}

/** Holds every resource of a stack against the rules of its type. A type that the table does not know is a finding. */
export function judgeTypes({ stack, json, waivers }: ScannedStack, table: TypeTable): readonly TypeFinding[] {
  return Object.entries(json.resource ?? {}).flatMap(([type, blocks]) =>
    Object.entries(blocks).flatMap(([id, block]) => {
      const address = `${type}.${id}`;
      const own = table.rules[type];
      if (!own && !table.withoutRules.has(type)) {
        return [
          `${stack} ${address}: is of a type without rules; say what must hold of it, or that it carries nothing`,
        ];
      }
      const around = surroundings(json, address, block, waivers);
      return Object.entries({ ...own, ...table.everywhere })
        .filter(([, holds]) => !holds(block, around))
        .map(([says]) => `${stack} ${address}: must ${says}`);
    }),
  );
}

function surroundings(json: StackJson, address: string, block: Block, waivers: readonly Waiver[]): Surroundings {
  const refersTo = (value: unknown, target: string) =>
    typeof value === 'string' && value.startsWith(`\${${target}.`) && value.endsWith('}');
  return {
    those: (type, argument) =>
      Object.values(json.resource?.[type] ?? {}).filter((other) => refersTo(at(other, argument), address)),
    referred: (type, argument) =>
      Object.entries(json.resource?.[type] ?? {}).find(([id]) => refersTo(at(block, argument), `${type}.${id}`))?.[1],
    waived: (check) => waivers.some((waiver) => waiver.address === address && waiver.check === check),
  };
}

/** The argument at a path such as `rule.0.apply_server_side_encryption_by_default.sse_algorithm`. */
export function at(block: Block, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Block | undefined)?.[key], block);
}
