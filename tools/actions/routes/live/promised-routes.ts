import type { AccountRole } from '@platform/libs/settings/organisation';
import { placedResources, type PlacedStack } from '@platform/tools/model/placed-resources';
import type { TerraformState } from '@platform/tools/model/state';

/** What a route table has an entry of. `vpc-route` is of a VPC's table, the rest of a Transit Gateway's. */
export const entryKinds = ['association', 'propagation', 'route', 'vpc-route'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** An entry of a route table, by its content. */
export interface Entry {
  readonly kind: EntryKind;
  readonly tableId: string;
  /** Id of an attachment for associations and propagations, a CIDR for routes. */
  readonly of: string;
}

/** Where a route table is. */
export interface TablePlace {
  readonly role: AccountRole;
  readonly awsRegion: string;
}

/** An entry that the estate promises. */
export interface PromisedEntry extends TablePlace {
  readonly stack: string;
  /** `aws_ec2_transit_gateway_route.ProdToShared` */
  readonly address: string;
  readonly kind: EntryKind;
  /** Absent: the stack's state has no such resource, so it is not deployed. */
  readonly entry?: Entry;
  /** State that its route must have. Absent for associations and propagations. */
  readonly state?: 'active' | 'blackhole';
}

/** Arguments of each type: the table, and what the entry is of. */
const types: Readonly<Record<string, readonly [kind: EntryKind, table: string, of: string]>> = {
  aws_ec2_transit_gateway_route_table_association: [
    'association',
    'transit_gateway_route_table_id',
    'transit_gateway_attachment_id',
  ],
  aws_ec2_transit_gateway_route_table_propagation: [
    'propagation',
    'transit_gateway_route_table_id',
    'transit_gateway_attachment_id',
  ],
  aws_ec2_transit_gateway_route: ['route', 'transit_gateway_route_table_id', 'destination_cidr_block'],
  aws_route: ['vpc-route', 'route_table_id', 'destination_cidr_block'],
};

/**
 * The entries that the code of the estate has, with the ids that the states have for them. Routes to a prefix list are left
 * out: AWS writes those of gateway endpoints itself.
 */
export function promisedEntries(
  stacks: readonly PlacedStack[],
  states: ReadonlyMap<string, TerraformState | undefined>,
): PromisedEntry[] {
  return stacks.flatMap((stack) => {
    const attributes = attributesOf(states.get(stack.stack.stack));
    return placedResources(stack).flatMap(
      ({ type, name, body, role, awsRegion, stack: stackName }): PromisedEntry[] => {
        const shape = types[type];
        if (!shape) return [];
        const [kind, table, of] = shape;
        if (body[of] === undefined) return [];
        const address = `${type}.${name}`;
        const known = attributes.get(address);
        const [tableId, value] = [known?.[table], known?.[of]];
        return [
          {
            stack: stackName,
            address,
            kind,
            role,
            awsRegion,
            ...(typeof tableId === 'string' && typeof value === 'string'
              ? { entry: { kind, tableId, of: value } }
              : {}),
            ...(kind === 'route' || kind === 'vpc-route'
              ? { state: body['blackhole'] === true ? ('blackhole' as const) : ('active' as const) }
              : {}),
          },
        ];
      },
    );
  });
}

function attributesOf(state: TerraformState | undefined): Map<string, Readonly<Record<string, unknown>>> {
  return new Map(
    (state?.resources ?? [])
      .filter(({ mode, module }) => mode === 'managed' && !module)
      .flatMap(({ type, name, instances = [] }) =>
        instances
          .filter(({ deposed, index_key: index }) => deposed === undefined && index === undefined)
          .map(({ attributes }) => [`${type}.${name}`, (attributes ?? {}) as Record<string, unknown>] as const),
      ),
  );
}
