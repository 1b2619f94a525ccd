import type { Contract } from '@platform/libs/contract/contract';
import type { Configuration } from './configuration';
import { hasTrue, type PlanJson } from './plan';
import { MADE_UP } from './state-of-plan';
import type { UpstreamValues } from './upstream-values';

/** A reference that is the whole of a text: `${aws_vpc.Network.cidr_block}`, `${local.name}`. */
const wholeReference = /^\$\{(?:local\.(\w+)|([a-z]\w*)\.([A-Za-z_][\w-]*)\.(\w+))\}$/;

/** References to references: deeper ones are a circle. */
const DEEPEST = 8;

/**
 * Outputs as far as the configuration tells their values without a plan; where it does not, the contract's examples, for
 * the single entry of a list or map where possible.
 */
export function configuredValues(contract: Contract, configuration: Configuration): UpstreamValues {
  return Object.fromEntries(
    Object.entries(contract.fields).map(([name, { example, sensitive }]) => {
      const output = configuration.output?.[name]?.value;
      const value = sensitive ? undefined : resolve(output, configuration, example, 0);
      return [
        name,
        value === undefined ? { value: example, source: 'example' } : { value, source: 'planned' },
      ] as const;
    }),
  );
}

function resolve(value: unknown, configuration: Configuration, example: unknown, depth: number): unknown {
  if (value === undefined || depth > DEEPEST) return undefined;
  if (Array.isArray(value)) {
    const examples = Array.isArray(example) && example.length === value.length ? (example as unknown[]) : [];
    return whole(value.map((each, index) => resolve(each, configuration, examples[index], depth) ?? examples[index]));
  }
  if (typeof value === 'object' && value !== null) {
    const examples = (typeof example === 'object' && example !== null ? example : {}) as Record<string, unknown>;
    const entries = Object.entries(value).map(
      ([key, each]) => [key, resolve(each, configuration, examples[key], depth) ?? examples[key]] as const,
    );
    return whole(entries.map(([, each]) => each)) && Object.fromEntries(entries);
  }
  if (typeof value !== 'string' || !value.includes('${')) return value;
  const [, local, type, name, attribute] = wholeReference.exec(value) ?? [];
  if (local !== undefined) return resolve(configuration.locals?.[local], configuration, example, depth + 1);
  return type && resolve(configuration.resource?.[type]?.[name!]?.[attribute!], configuration, example, depth + 1);
}

/** All of them, or nothing where one is missing. */
function whole<T>(values: readonly T[]): readonly T[] | undefined {
  return values.includes(undefined as T) ? undefined : values;
}

export interface HeadValuesOptions {
  readonly contract: Contract;
  /** The plan of head on the state that base leaves. */
  readonly plan: PlanJson;
  /** The values that were given to the readers of base; absent where base does not have the stack. */
  readonly base?: UpstreamValues;
  /** Head's {@link configuredValues}. */
  readonly configured: UpstreamValues;
}

/**
 * The outputs that head gives to its readers: base's where the plan does not change them, else the planned one. One that is
 * known only after the apply, as the id of a replaced resource, becomes another value of the same form.
 */
export function headValues({ contract, plan, base, configured }: HeadValuesOptions): UpstreamValues {
  return Object.fromEntries(
    Object.keys(contract.fields).map((name) => {
      const [was, is] = [base?.[name], configured[name]!];
      if (!was || !same(was.value, is.value)) return [name, is];
      const change = plan.output_changes?.[name];
      if (!change || change.actions.join() === 'no-op') return [name, was];
      const isKnown = !hasTrue(change.after_unknown) && !hasTrue(change.after_sensitive) && !hasMadeUp(change.after);
      if (isKnown && change.after !== undefined) return [name, { value: change.after, source: 'planned' }];
      return [
        name,
        { value: changed(was.value, change.before, change.after, change.after_unknown), source: 'example' },
      ];
    }),
  );
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const hasMadeUp = (value: unknown) => JSON.stringify(value ?? null).includes(MADE_UP);

/** A value with other text of the same form in those entries that the plan changes. */
function changed(value: unknown, before: unknown, after: unknown, unknown: unknown): unknown {
  if (typeof value === 'string') return otherText(value);
  if (typeof value !== 'object' || value === null) return value;
  const part = (whole: unknown, key: string) => (whole as Record<string, unknown> | null | undefined)?.[key];
  const entry = (key: string, each: unknown) =>
    unknown !== true && same(part(before, key), part(after, key)) && !hasTrue(part(unknown, key))
      ? each
      : otherText(each);
  if (Array.isArray(value)) return value.map((each: unknown, index) => entry(String(index), each));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, entry(key, each)]));
}

/** Another id, ARN, address or name of the same form: its last letter or digit differs. */
function otherText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, (last) =>
    /\d/.test(last) ? String((Number(last) + 1) % 10) : last === 'a' ? 'b' : 'a',
  );
}
