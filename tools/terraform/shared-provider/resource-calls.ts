import { textOf, withFields } from './protobuf';
import type { LeftOutBlocks } from './unused-blocks';
import { withEmptyBlocks, withoutEmptyBlocks } from './wire-values';

/** Where a call about one resource has values of its type, by numbers of fields. */
interface ResourceCall {
  readonly request: readonly number[];
  readonly response: readonly number[];
}

/**
 * Calls that Terraform makes for a resource while it plans without a refresh: `tfplugin5.ValidateResourceTypeConfig`,
 * `UpgradeResourceState` and `PlanResourceChange` of
 * https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin5.9.proto. A state is sent as JSON, in which
 * the provider itself adds what is missing.
 */
const calls: Readonly<Record<string, ResourceCall>> = {
  '/tfplugin5.Provider/ValidateResourceTypeConfig': { request: [2], response: [] },
  '/tfplugin5.Provider/UpgradeResourceState': { request: [], response: [1] },
  '/tfplugin5.Provider/PlanResourceChange': { request: [2, 3, 4], response: [1] },
};

const TYPE_NAME = 1;

export const isResourceCall = (path: string) => Object.hasOwn(calls, path);

/** Type of the resource that a request is about. */
export const typeOfRequest = (request: Buffer) => textOf(request, TYPE_NAME);

/** A request of a Terraform whose schema lacks blocks, as a provider takes it. */
export function wholeRequest(path: string, request: Buffer, leftOut: LeftOutBlocks): Buffer {
  return withValues(request, calls[path]!.request, (value) => withEmptyBlocks(value, leftOut));
}

/**
 * A provider's response, as a Terraform takes it whose schema lacks blocks.
 * @throws Error where one of these blocks is not empty
 */
export function trimmedResponse(path: string, response: Buffer, leftOut: LeftOutBlocks): Buffer {
  return withValues(response, calls[path]!.response, (value) => withoutEmptyBlocks(value, leftOut));
}

/** Field of a `DynamicValue` that holds MessagePack. */
const MSGPACK = 1;

function withValues(message: Buffer, fields: readonly number[], change: (value: Buffer) => Buffer): Buffer {
  const inValue = (value: Buffer) => (value.length > 0 ? change(value) : value);
  const inDynamicValue = (dynamicValue: Buffer) => withFields(dynamicValue, { [MSGPACK]: inValue });
  return withFields(message, Object.fromEntries(fields.map((field) => [field, inDynamicValue])));
}
