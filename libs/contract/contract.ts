/** The kinds of value that a contract can promise, with the TypeScript type that a stack sees. */
interface FieldTypes {
  readonly text: string;
  readonly list: string[];
  readonly map: Record<string, string>;
}
export type FieldKind = keyof FieldTypes;

/** One named promise. The example stands in for the value in a preview plan when nothing real is known yet. */
export interface Field<K extends FieldKind = FieldKind> {
  readonly kind: K;
  readonly description: string;
  readonly example: FieldTypes[K];
  /** Not shown by Terraform and reviews. */
  readonly sensitive?: true;
}

export type Fields = Readonly<Record<string, Field>>;

/** What a consumer reads and a producer must publish: one value per field, of the field's type. */
export type Values<F extends Fields> = { readonly [name in keyof F]: FieldTypes[F[name]['kind']] };

/** A single string, such as an id, ARN or DNS name. */
export function text(description: string, example: string): Field<'text'> {
  return { kind: 'text', description, example };
}

/**
 * A single string that plans and reviews do not show. Only for a value that AWS takes in no other way than as an argument
 * of two stacks, and which therefore stands in their states anyway; of a password promise the ARN.
 */
export function sensitiveText(description: string, example: string): Field<'text'> {
  return { kind: 'text', description, example, sensitive: true };
}

/** Strings in an order that is part of the promise, such as one subnet per zone. */
export function list(description: string, example: string[]): Field<'list'> {
  return { kind: 'list', description, example };
}

/** Strings by key, such as route tables by segment. */
export function map(description: string, example: Record<string, string>): Field<'map'> {
  return { kind: 'map', description, example };
}

/** Where a stack's state lives and what it promises to others. */
export interface Contract<F extends Fields = Fields> {
  /** Stack name, also the state key: `region-us-vpc`, `shared-tgw-ap`. */
  readonly stack: string;
  /** Folder of the project, also its tag: `region-us/vpc`. */
  readonly project: string;
  /** Region whose bucket holds the state. */
  readonly stateRegion: { readonly key: string; readonly awsRegion: string };
  readonly fields: F;
  /**
   * `primary-first`: as long as the twins do not exist, the primary region's stack is made before the others', as in a
   * replication that the first member starts. Not a read of its state, which nobody could plan without once that region
   * is lost; and no rule for later deploys, which go standby first. Default: no order among twins.
   */
  readonly creation?: 'primary-first';
}

/**
 * Declares what one stack promises to others: its outputs, what consumers may read, and the examples for previews.
 * Sensitive values do not belong here: promise the ARN of the secret.
 */
export function defineContract<const F extends Fields>(contract: Contract<F>): Contract<F> {
  // Callers pass whole regions; what else these hold is no part of the promise.
  const { key, awsRegion } = contract.stateRegion;
  return { ...contract, stateRegion: { key, awsRegion } };
}
