import { Testing, type App } from 'cdktf';
import { defineContract, text, type Contract, type Fields } from '@platform/libs/contract/contract';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { EstateError, inReadOrder, type MadeStack } from './in-read-order';

const [us] = exampleRegions;
const contractOf = (name: string, fields: Fields = { id: text('Id', '1') }) =>
  defineContract({ stack: `shared-${name}`, project: `shared/${name}`, stateRegion: us, fields });

interface Sketch {
  readonly folder?: string;
  readonly contract?: Contract;
  readonly reads?: readonly (string | Contract)[];
  readonly publishes?: boolean;
}

class SketchedStack extends EstateStack {
  constructor(scope: App, name: string, { contract = contractOf(name), reads = [], publishes = true }: Sketch) {
    super(scope, { environment: exampleEnvironment(), contract, region: us, account: 'network' });
    for (const read of reads) this.read(typeof read === 'string' ? contractOf(read) : read);
    if (publishes)
      this.publish(contract, Object.fromEntries(Object.keys(contract.fields).map((field) => [field, '1'])));
  }
}

const estate = (sketches: Record<string, Sketch>): MadeStack[] => {
  const scope = Testing.app();
  return Object.entries(sketches).map(([name, sketch]) => ({
    folder: sketch.folder ?? `shared/${name}`,
    stack: new SketchedStack(scope, name, sketch),
  }));
};
const order = (sketches: Record<string, Sketch>) => inReadOrder(estate(sketches)).map(({ stack }) => stack);
const complaint = (sketches: Record<string, Sketch>): string => {
  try {
    order(sketches);
  } catch (error) {
    if (error instanceof EstateError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
};

test('a stack comes after those that it reads, else by name', () => {
  expect(order({ b: {}, a: { reads: ['c', 'b'] }, c: { reads: ['d'] }, d: {} })).toEqual([
    'shared-d',
    'shared-c',
    'shared-b',
    'shared-a',
  ]);
});

test('the order of the program plays no part', () => {
  const [a, b, c]: Sketch[] = [{ reads: ['c'] }, {}, {}];
  expect(order({ a: a!, b: b!, c: c! })).toEqual(order({ c: c!, b: b!, a: a! }));
});

describe('refused is', () => {
  test('a circle, with its way and without what leads to it', () => {
    expect(complaint({ a: { reads: ['b'] }, b: { reads: ['c'] }, c: { reads: ['b'] } })).toBe(
      'shared-b: stacks read each other in a circle: shared-b → shared-c → shared-b; let one of them stop reading, or move what both need into a third',
    );
  });

  test('a stack that reads itself', () => {
    expect(complaint({ a: { reads: ['a'] } })).toContain('in a circle: shared-a → shared-a');
  });

  test('reading a stack that is not there', () => {
    expect(complaint({ a: { reads: ['gone'] } })).toBe(
      'shared/a (shared-a): it reads the state of "shared-gone", and there is no such stack; do not read it with these settings, or add the project to the estate',
    );
  });

  test('a read of a contract that no stack publishes', () => {
    expect(complaint({ a: { reads: ['b'] }, b: { publishes: false } })).toBe(
      'shared/a (shared-a): it reads the state of "shared-b", which publishes nothing with these settings; read it under the same condition, or publish it',
    );
  });

  test('a read of a field that the contract does not have, or of another kind', () => {
    const renamed = contractOf('b', { name: text('Name', 'x') });
    const list = contractOf('b', { id: { kind: 'list', description: 'Ids', example: ['1'] } });
    expect(complaint({ a: { reads: [renamed] }, b: {} })).toContain(
      'it reads name of "shared-b" as text, whose contract has no such field; read the contract that shared/b/contract.ts exports',
    );
    expect(complaint({ a: { reads: [list] }, b: {} })).toContain(
      'it reads id of "shared-b" as list, whose contract has it as text',
    );
  });

  test('a contract of another folder', () => {
    expect(complaint({ a: { folder: 'shared/copy' } })).toBe(
      'shared/copy/main.ts: its stack "shared-a" says that its project is shared/a; give shared/copy a contract of its own',
    );
  });

  test('a stack that is not named after its folder', () => {
    const odd = defineContract({ stack: 'hub', project: 'shared/a', stateRegion: us, fields: {} });
    expect(complaint({ a: { contract: odd } })).toBe(
      'shared/a/contract.ts: the stack is named "hub"; name it shared-a, or shared-a-… where the folder has several',
    );
  });

  test('everything that is wrong, at once and each once', () => {
    const message = complaint({ a: { reads: ['gone', 'lost', 'gone'] }, b: { folder: 'shared/copy' } });
    expect(message.split('\n')).toHaveLength(3);
  });
});

test('a stack with an empty contract is accepted', () => {
  const silent = contractOf('b', {});
  expect(order({ a: { reads: [silent] }, b: { contract: silent, publishes: false } })).toEqual([
    'shared-b',
    'shared-a',
  ]);
});
