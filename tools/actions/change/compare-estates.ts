import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { ChangeReason } from '@platform/tools/model/change';
import type { Configuration } from '@platform/tools/model/configuration';
import { configuredValues } from '@platform/tools/model/configured-values';
import { configurationDifferences } from '@platform/tools/model/estate-difference';
import type { UpstreamValues } from '@platform/tools/model/upstream-values';
import { folderDigests } from '@platform/tools/workspace/file-digests';
import type { SynthesisedEstate } from './base-checkout';

/** One stack of one side, as it is synthesised. */
export interface StackSide {
  readonly description: StackDescription;
  /** Holds `cdk.tf.json` and assets. */
  readonly folder: string;
  readonly configuration: Configuration;
  /** Its outputs as far as they are known without a plan. */
  readonly values: UpstreamValues;
}

/** A stack in base, head or both. */
export interface StackPair {
  readonly stack: string;
  readonly base?: StackSide;
  readonly head?: StackSide;
  /** Why a plan of head can differ from one of base; empty where both are equal in meaning. */
  readonly reasons: readonly ChangeReason[];
}

/** Stacks of head in deploy order, then those that only base has, in destroy order. */
export function compareEstates(base: SynthesisedEstate | undefined, head: SynthesisedEstate): StackPair[] {
  const before = base ? sidesOf(base) : new Map<string, StackSide>();
  const after = sidesOf(head);
  const compared = [...after].map(([stack, side]): StackPair => {
    const former = before.get(stack);
    return {
      stack,
      ...(former ? { base: former } : {}),
      head: side,
      reasons: reasonsOf(base, former, side, before, after),
    };
  });
  const removed = [...before]
    .filter(([stack]) => !after.has(stack))
    .reverse()
    .map(
      ([stack, side]): StackPair => ({
        stack,
        base: side,
        reasons: [{ kind: 'stack', address: stack, text: 'the stack is removed' }],
      }),
    );
  return [...compared, ...removed];
}

function reasonsOf(
  base: SynthesisedEstate | undefined,
  former: StackSide | undefined,
  side: StackSide,
  before: ReadonlyMap<string, StackSide>,
  after: ReadonlyMap<string, StackSide>,
): ChangeReason[] {
  const { stack } = side.description;
  if (!base) return [{ kind: 'base', address: stack, text: 'the base has nothing to compare with' }];
  if (!former) return [{ kind: 'stack', address: stack, text: 'the stack is new' }];
  return [
    ...configurationDifferences(former.configuration, side.configuration),
    ...assetDifferences(former.folder, side.folder),
    ...upstreamDifferences(
      side,
      (name) => before.get(name)?.values,
      (name) => after.get(name)?.values,
    ),
  ];
}

const outputReference = /data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)/g;

/** Outputs that a stack reads and whose values differ. */
export function upstreamDifferences(
  { configuration }: Pick<StackSide, 'configuration'>,
  before: (stack: string) => UpstreamValues | undefined,
  after: (stack: string) => UpstreamValues | undefined,
): ChangeReason[] {
  const read = new Map(
    [...JSON.stringify(configuration).matchAll(outputReference)].map(([, stack, field]) => [
      `${stack}.${field}`,
      [stack!, field!] as const,
    ]),
  );
  return [...read].flatMap(([address, [stack, field]]): ChangeReason[] => {
    const [was, is] = [before(stack)?.[field]?.value, after(stack)?.[field]?.value];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [{ kind: 'upstream', address, text: `${address}, which it reads, changes` }];
  });
}

function assetDifferences(base: string, head: string): ChangeReason[] {
  const [before, after] = [folderDigests(base), folderDigests(head)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => path !== 'cdk.tf.json' && before[path] !== after[path])
    .map((path) => {
      const what = before[path] === undefined ? 'is new' : after[path] === undefined ? 'is removed' : 'differs';
      return { kind: 'asset', address: path, text: `asset ${path} ${what}` };
    });
}

function sidesOf({ manifest, folder }: SynthesisedEstate): Map<string, StackSide> {
  return new Map(
    manifest.stacks
      .filter(({ stack }) => existsSync(join(folder, 'stacks', stack, 'cdk.tf.json')))
      .map((description) => {
        const path = join(folder, 'stacks', description.stack);
        const configuration = JSON.parse(readFileSync(join(path, 'cdk.tf.json'), 'utf8')) as Configuration;
        const values = configuredValues(description.contract, configuration);
        return [description.stack, { description, folder: path, configuration, values }] as const;
      }),
  );
}
