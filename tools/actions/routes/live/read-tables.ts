import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Entry } from './promised-routes';

/** An entry as AWS has it. */
export interface FoundEntry extends Entry {
  /** `associated`, `enabled`, `active`, `blackhole`, or a state on the way there. */
  readonly state: string;
  /** Whether somebody wrote it: routes that an attachment propagates are not. */
  readonly isStatic: boolean;
  /** Attachment that propagates the route. */
  readonly attachmentId?: string;
}

/** What was found of one table, or why it could not be read. `unsupported`: the target does not have the call. */
export type FoundTable =
  | { readonly entries: readonly FoundEntry[] }
  | { readonly error: string; readonly call: string; readonly isUnsupported: boolean };

/** Answers of an emulator to calls that it does not have. */
const unsupportedErrors = ['InvalidAction', 'NotImplemented', 'UnsupportedOperation', 'NotImplementedError'];

/** A route table of a Transit Gateway: associations, propagations and routes. Three kinds of calls, all of which read. */
export async function readHubTable(client: EC2Client, tableId: string): Promise<FoundTable[]> {
  const ec2 = await import('@aws-sdk/client-ec2');
  const TransitGatewayRouteTableId = tableId;
  return Promise.all([
    attempt('ec2:GetTransitGatewayRouteTableAssociations', async () => {
      const entries: FoundEntry[] = [];
      for await (const { Associations = [] } of ec2.paginateGetTransitGatewayRouteTableAssociations(
        { client },
        { TransitGatewayRouteTableId },
      )) {
        for (const { TransitGatewayAttachmentId, State } of Associations) {
          entries.push({
            kind: 'association',
            tableId,
            of: TransitGatewayAttachmentId!,
            state: State ?? '',
            isStatic: true,
          });
        }
      }
      return entries;
    }),
    attempt('ec2:GetTransitGatewayRouteTablePropagations', async () => {
      const entries: FoundEntry[] = [];
      for await (const {
        TransitGatewayRouteTablePropagations = [],
      } of ec2.paginateGetTransitGatewayRouteTablePropagations({ client }, { TransitGatewayRouteTableId })) {
        for (const { TransitGatewayAttachmentId, State } of TransitGatewayRouteTablePropagations) {
          entries.push({
            kind: 'propagation',
            tableId,
            of: TransitGatewayAttachmentId!,
            state: State ?? '',
            isStatic: true,
          });
        }
      }
      return entries;
    }),
    // Without MaxResults AWS returns up to 1000, which is also the most (EC2 API reference, SearchTransitGatewayRoutes).
    attempt('ec2:SearchTransitGatewayRoutes', async () => {
      const { Routes = [], AdditionalRoutesAvailable } = await client.send(
        new ec2.SearchTransitGatewayRoutesCommand({
          TransitGatewayRouteTableId,
          Filters: [{ Name: 'state', Values: ['active', 'blackhole'] }],
        }),
      );
      if (AdditionalRoutesAvailable) throw new Error(`${tableId} has more than 1000 routes, and AWS returns no more`);
      return Routes.filter(({ DestinationCidrBlock }) => DestinationCidrBlock).map((route): FoundEntry => {
        const attachmentId = route.TransitGatewayAttachments?.[0]?.TransitGatewayAttachmentId;
        return {
          kind: 'route',
          tableId,
          of: route.DestinationCidrBlock!,
          state: route.State ?? '',
          isStatic: route.Type !== 'propagated',
          ...(attachmentId ? { attachmentId } : {}),
        };
      });
    }),
  ]);
}

/** Route tables of VPCs: the routes that somebody wrote. */
export async function readVpcTables(client: EC2Client, tableIds: readonly string[]): Promise<FoundTable> {
  const ec2 = await import('@aws-sdk/client-ec2');
  return attempt('ec2:DescribeRouteTables', async () => {
    const entries: FoundEntry[] = [];
    for await (const { RouteTables = [] } of ec2.paginateDescribeRouteTables(
      { client },
      { Filters: [{ Name: 'route-table-id', Values: [...tableIds] }] },
    )) {
      for (const { RouteTableId, Routes = [] } of RouteTables) {
        for (const { DestinationCidrBlock, State, Origin, GatewayId } of Routes) {
          if (!DestinationCidrBlock || GatewayId === 'local') continue;
          entries.push({
            kind: 'vpc-route',
            tableId: RouteTableId!,
            of: DestinationCidrBlock,
            state: State ?? 'active',
            isStatic: Origin !== 'EnableVgwRoutePropagation',
          });
        }
      }
    }
    return entries;
  });
}

async function attempt(call: string, read: () => Promise<FoundEntry[]>): Promise<FoundTable> {
  try {
    return { entries: await read() };
  } catch (error) {
    const { name, message } = error as Error;
    return { call, error: `${name}: ${message}`, isUnsupported: unsupportedErrors.includes(name) };
  }
}
