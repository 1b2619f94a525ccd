/** The kinds of values in a contract, with the TypeScript type that a stack sees. */
interface FieldTypes {
  readonly text: string;
  readonly list: string[];
  readonly map: Record<string, string>;
}
export type FieldKind = keyof FieldTypes;

/** One named output. Offline plans use the example while no real or planned value is known. */
export interface Field<K extends FieldKind = FieldKind> {
  readonly kind: K;
  readonly description: string;
  readonly example: FieldTypes[K];
  /** Not shown by Terraform and reviews. */
  readonly sensitive?: true;
  /** Of a map: the setting that names its entries, `tables`. */
  readonly setting?: string;
}

export type Fields = Readonly<Record<string, Field>>;

/** The values that a consumer reads and a producer must publish: one per field, of the field's type. */
export type Values<F extends Fields> = { readonly [name in keyof F]: FieldTypes[F[name]['kind']] };

/** A single string, such as an id, ARN or DNS name. */
export function text(description: string, example: string): Field<'text'> {
  return { kind: 'text', description, example };
}

/**
 * A single string that plans and reviews do not show. Only for a value that AWS accepts only as an argument of two
 * stacks, and that is therefore in their states anyway; for a password, publish the ARN.
 */
export function sensitiveText(description: string, example: string): Field<'text'> {
  return { kind: 'text', description, example, sensitive: true };
}

/** Strings in a defined order, such as one subnet per zone. */
export function list(description: string, example: string[]): Field<'list'> {
  return { kind: 'list', description, example };
}

/**
 * Strings by key, such as route tables by segment.
 * @param setting whose keys these are, for messages about one that is missing. Default: none is known.
 */
export function map(description: string, example: Record<string, string>, setting?: string): Field<'map'> {
  return { kind: 'map', description, example, ...(setting === undefined ? {} : { setting }) };
}

/** Location of a stack's state, and its outputs. */
export interface Contract<F extends Fields = Fields> {
  /** Stack name, also the state key: `region-us-vpc`, `shared-tgw-ap`. */
  readonly stack: string;
  /** Folder of the project, also its tag: `region-us/vpc`. */
  readonly project: string;
  /** Region whose bucket holds the state. */
  readonly stateRegion: { readonly key: string; readonly awsRegion: string };
  readonly fields: F;
  /**
   * `primary-first`: while the counterpart stacks do not exist, the primary region's stack is created before the
   * others, for example for a replication that the first member starts. It is not a read of its state, without which
   * the others could not be planned once that region is lost. Later deploys go standby first. Default: no order among
   * counterpart stacks.
   */
  readonly creation?: 'primary-first';
}

/**
 * Declares a stack's contract: its outputs, what consumers may read, and the examples for offline plans. Not for
 * secrets: publish the ARN of the secret.
 */
export function defineContract<const F extends Fields>(contract: Contract<F>): Contract<F> {
  // Callers pass whole regions; the contract keeps only the part that it needs.
  const { key, awsRegion } = contract.stateRegion;
  return { ...contract, stateRegion: { key, awsRegion } };
}
