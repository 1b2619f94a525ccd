import fc from 'fast-check';
import { readSchema, trimSchema } from './trim-schema';

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);
const bytes = (field: number, content: Iterable<number>) => {
  const held = [...content];
  return [...varint((field << 3) | 2), ...varint(held.length), ...held];
};
const entry = (field: number, key: string, value: Iterable<number>) =>
  bytes(field, [...bytes(1, Buffer.from(key)), ...bytes(2, value)]);

const types = (resources: string[], dataSources: string[] = []) => ({
  resources: new Set(resources),
  dataSources: new Set(dataSources),
});

const name = fc.stringMatching(/^aws_[a-z]{1,8}$/);
const content = fc.uint8Array({ maxLength: 300 });
const schemas = fc.dictionary(name, content, { maxKeys: 6 });
const message = fc
  .record({ provider: content, resources: schemas, dataSources: schemas, functions: schemas })
  .map(({ provider, resources, dataSources, functions }) => ({
    resources: Object.keys(resources),
    dataSources: Object.keys(dataSources),
    bytes: Buffer.from([
      ...bytes(1, provider),
      ...Object.entries(resources).flatMap(([key, value]) => entry(2, key, value)),
      ...[6 << 3, 1, (15 << 3) | 5, 1, 2, 3, 4],
      ...Object.entries(dataSources).flatMap(([key, value]) => entry(3, key, value)),
      ...Object.entries(functions).flatMap(([key, value]) => entry(7, key, value)),
    ]),
  }));

describe('the trimmed schema', () => {
  const whole = Buffer.from([
    ...bytes(1, [9, 9]),
    ...entry(2, 'aws_vpc', [1]),
    ...entry(2, 'aws_subnet', [2, 2]),
    ...entry(3, 'aws_vpc', [3, 3, 3]),
    ...entry(7, 'aws_vpc', [4]),
  ]);

  it('holds the resource and data source types that are named, and all that is neither', () => {
    const trimmed = trimSchema(readSchema(whole), types(['aws_subnet'], ['aws_vpc']));
    expect([...trimmed.message]).toEqual([
      ...bytes(1, [9, 9]),
      ...entry(7, 'aws_vpc', [4]),
      ...entry(2, 'aws_subnet', [2, 2]),
      ...entry(3, 'aws_vpc', [3, 3, 3]),
    ]);
  });

  it('tells a resource from a data source of the same name', () => {
    const parts = readSchema(trimSchema(readSchema(whole), types(['aws_vpc'])).message);
    expect([...parts.resources.keys()]).toEqual(['aws_vpc']);
    expect([...parts.dataSources.keys()]).toEqual([]);
  });

  it('is whole where a name is unknown, for the sake of the error that names similar ones', () => {
    const parts = readSchema(trimSchema(readSchema(whole), types(['aws_vpcs'])).message);
    expect([...parts.resources.keys()].sort()).toEqual(['aws_subnet', 'aws_vpc']);
    expect([...parts.dataSources.keys()]).toEqual(['aws_vpc']);
  });

  it('loses and changes no byte of what it keeps', () => {
    fc.assert(
      fc.property(message, fc.infiniteStream(fc.boolean()), (whole, coin) => {
        const drawn = (names: string[]) => names.filter(() => coin.next().value);
        const wanted = types(drawn(whole.resources), drawn(whole.dataSources));
        const before = readSchema(whole.bytes);
        const after = readSchema(trimSchema(before, wanted).message);
        expect(after.rest).toEqual(before.rest);
        expect(new Set(after.resources.keys())).toEqual(wanted.resources);
        expect(new Set(after.dataSources.keys())).toEqual(wanted.dataSources);
        for (const [key, bytes] of after.resources) expect(bytes.equals(before.resources.get(key)!)).toBe(true);
        for (const [key, bytes] of after.dataSources) expect(bytes.equals(before.dataSources.get(key)!)).toBe(true);
      }),
    );
  });

  it('is refused where the message breaks off', () => {
    for (const cut of [1, 3])
      expect(() => readSchema(whole.subarray(0, whole.length - cut))).toThrow(/starts no protobuf field/);
  });
});
