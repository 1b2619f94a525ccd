/** The part of a provider's schemas that says of which types the attributes of resources are, by resource type. */
export type ResourceSchemas = Readonly<Record<string, { readonly version: number; readonly block: SchemaBlock }>>;

/** What the providers of a configuration say of the types that it uses. */
export interface TypeSchemas {
  readonly resources: ResourceSchemas;
  /** Of data sources, by type. */
  readonly dataSources: ResourceSchemas;
}

export interface SchemaBlock {
  readonly attributes?: Readonly<Record<string, { readonly type?: unknown; readonly nested_type?: unknown }>>;
  readonly block_types?: Readonly<Record<string, { readonly nesting_mode: string; readonly block: SchemaBlock }>>;
}
