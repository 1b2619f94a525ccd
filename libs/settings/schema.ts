import { z } from 'zod';

/**
 * Sets of defaults for one kind of environment: `production` keeps and protects, `development` is small and disposable.
 */
export const profiles = ['production', 'development'] as const;
/** One of {@link profiles}. */
export type Profile = (typeof profiles)[number];

/** What the schema says of a setting beside its type, for the reference page, messages and defaults. */
export interface SettingNote {
  /** Description, in one or a few sentences. */
  readonly is: string;
  /** Unit of a number: `s`, `days`, `GiB`; `number` for identifiers, such as a port. */
  readonly unit?: string;
  /** Limits that the type does not express. */
  readonly limits?: string;
  /** When a change takes effect. Default: as for the containing setting. */
  readonly applies?: string;
  /** What a change replaces in AWS. Default: nothing. */
  readonly replaces?: string;
  /** Reason for the default. */
  readonly because?: string;
  /** Default in a profile, if it differs from the schema's. */
  readonly inProfile?: Readonly<Partial<Record<Profile, unknown>>>;
}

const registry = z.registry<Partial<SettingNote>>();

type Note = Omit<SettingNote, 'inProfile' | 'because'>;

/** A value as code reads it: complete and read-only. */
export type Settings<S extends z.ZodType> = DeepReadonly<z.infer<S>>;
/** A value as people write it: settings with a default are optional. */
export type Written<S extends z.ZodType> = DeepReadonly<z.input<S>>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

function annotated<S extends z.ZodType>(schema: S, note: Partial<SettingNote>): S {
  registry.add(schema, note);
  return schema;
}

export function text(note: Note) {
  return annotated(z.string(), note);
}

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(words: Words, note: Note) {
  return annotated(z.enum(words), note);
}

/** A whole number within inclusive bounds. */
export function whole(note: Note & { readonly unit: string; readonly from: number; readonly to: number }) {
  const { from, to, ...rest } = note;
  return annotated(z.int().min(from).max(to), rest);
}

/** One of a few numbers. */
export function oneNumberOf<N extends number>(numbers: readonly N[], note: Note & { readonly unit: string }) {
  return annotated(z.literal(numbers), note);
}

/** A number that need not be whole. */
export function number(note: Note & { readonly unit: string; readonly from: number; readonly to: number }) {
  const { from, to, ...rest } = note;
  return annotated(z.number().min(from).max(to), rest);
}

/** Exactly these keys. */
export function section<const Shape extends Readonly<Record<string, z.ZodType>>>(note: Note | string, shape: Shape) {
  return annotated(z.strictObject(shape), typeof note === 'string' ? { is: note } : note);
}

/** Values under names that people choose. */
export function named<Value extends z.ZodType>(note: Note | string, value: Value) {
  return annotated(z.record(z.string(), value), typeof note === 'string' ? { is: note } : note);
}

export function list<Element extends z.ZodType>(note: Note | string, element: Element) {
  return annotated(z.array(element), typeof note === 'string' ? { is: note } : note);
}

/** One of several types. */
export function either<const Options extends readonly [z.ZodType, ...z.ZodType[]]>(note: Note, options: Options) {
  return annotated(z.union(options), note);
}

/** The same setting with a default, and its reason. */
export function byDefault<S extends z.ZodType>(schema: S, value: z.input<S>, because?: string) {
  return annotated(z._default(schema, value as never), because ? { because } : {});
}

/** The same setting with a default per profile, and the reason for the difference. */
export function byProfile<S extends z.ZodType>(
  schema: S,
  values: Readonly<Record<Profile, z.input<S>>>,
  because?: string,
) {
  return annotated(z._default(schema, values.production as never), {
    inProfile: values,
    ...(because ? { because } : {}),
  });
}

type Def = {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly defaultValue?: unknown;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
};

const defOf = (schema: z.ZodType) => (schema as unknown as { readonly _zod: { readonly def: Def } })._zod.def;

/** A schema without its default and optionality, and their documentation. */
export interface Unwrapped {
  readonly schema: z.ZodType;
  readonly def: Def;
  readonly note: Partial<SettingNote>;
  /** May be absent, without a default. */
  readonly isOptional: boolean;
  /** Whether it may be omitted because all its parts have defaults. */
  readonly isSectionOfDefaults: boolean;
  /** By profile; the same value if profiles do not differ. */
  readonly defaults?: Readonly<Record<Profile, unknown>>;
}

const unwrapped = new WeakMap<z.ZodType, Unwrapped>();

export function unwrap(schema: z.ZodType): Unwrapped {
  const known = unwrapped.get(schema);
  if (known) return known;
  const def = defOf(schema);
  const own = registry.get(schema) ?? {};
  const inner = def.innerType && unwrap(def.innerType);
  const found: Unwrapped = inner
    ? {
        ...inner,
        note: { ...inner.note, ...own },
        ...(def.type === 'optional' ? { isOptional: true } : {}),
        ...(def.type === 'prefault' ? { isSectionOfDefaults: true } : {}),
        ...(def.type === 'default'
          ? {
              defaults: Object.fromEntries(
                profiles.map((profile) => [profile, own.inProfile ? own.inProfile[profile] : def.defaultValue]),
              ) as Record<Profile, unknown>,
            }
          : {}),
      }
    : { schema, def, note: own, isOptional: false, isSectionOfDefaults: false };
  unwrapped.set(schema, found);
  return found;
}

/** The union member that a value is meant to be; undefined if it could be any. */
export function optionFor({ def }: Unwrapped, value: unknown): z.ZodType | undefined {
  const options = def.options ?? [];
  const { discriminator } = def;
  if (discriminator) {
    const given = isPlain(value) ? value[discriminator] : undefined;
    return options.find((option) => {
      const field = unwrap(unwrap(option).def.shape![discriminator]!);
      return given === undefined ? field.defaults !== undefined : field.schema.safeParse(given).success;
    });
  }
  return options.find((option) => {
    const { type } = unwrap(option).def;
    return type === 'object' || type === 'record' ? isPlain(value) : typeof value === 'string';
  });
}

/** An object of keys and values, neither a list nor a class instance, from any realm. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
