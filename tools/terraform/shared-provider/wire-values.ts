import type { LeftOutBlocks } from './unused-blocks';

/*
 * Values as Terraform and providers exchange them: MessagePack, where an object is a map by attribute and block name, and an
 * unknown value is an extension (https://github.com/zclconf/go-cty/blob/main/docs/msgpack.md). Whatever is not
 * looked into is copied byte for byte.
 */

/** A value of Terraform's, whose schema lacks blocks, with these blocks empty, as the provider expects it. */
export const withEmptyBlocks = (value: Buffer, leftOut: LeftOutBlocks) => rewrite(value, leftOut, 'fill');

/**
 * A value of the provider's without the blocks that the schema lacks.
 * @throws Error where such a block is not empty: Terraform would lose it
 */
export const withoutEmptyBlocks = (value: Buffer, leftOut: LeftOutBlocks) => rewrite(value, leftOut, 'drop');

const NIL = 0xc0;
const EMPTY_ARRAY = 0x90;
const EMPTY_MAP = 0x80;

function rewrite(bytes: Buffer, leftOut: LeftOutBlocks, direction: 'fill' | 'drop'): Buffer {
  const parts: Buffer[] = [];
  const end = block(0, leftOut);
  if (end !== bytes.length) throw unreadable(end);
  return Buffer.concat(parts);

  /** Copies a block, or a list of blocks, that starts at a byte; gives the first byte behind it. */
  function block(start: number, inside: LeftOutBlocks): number {
    const head = headOf(bytes, start);
    if (head.kind === 'array') {
      parts.push(bytes.subarray(start, head.next));
      let position = head.next;
      for (let index = 0; index < head.length; index++) position = block(position, inside);
      return position;
    }
    if (head.kind !== 'map') {
      const next = endOf(bytes, start);
      parts.push(bytes.subarray(start, next));
      return next;
    }
    const header = parts.push(Buffer.alloc(0)) - 1;
    let position = head.next;
    let count = head.length;
    for (let index = 0; index < head.length; index++) {
      const key = headOf(bytes, position);
      const valueStart = endOf(bytes, position);
      const name = bytes.toString('utf8', key.next, valueStart);
      if (inside.empty.has(name)) {
        const first = bytes[valueStart];
        if (direction === 'fill' || (first !== NIL && first !== EMPTY_ARRAY)) {
          throw new Error(`block ${name}: it is not in the configuration and not empty`);
        }
        count--;
        position = valueStart + 1;
        continue;
      }
      parts.push(bytes.subarray(position, valueStart));
      const within = inside.within.get(name);
      position = within ? block(valueStart, within) : endOf(bytes, valueStart);
      if (!within) parts.push(bytes.subarray(valueStart, position));
    }
    if (direction === 'fill') {
      for (const [name, value] of inside.empty) {
        parts.push(text(name), Buffer.from([value === null ? NIL : EMPTY_ARRAY]));
      }
      count += inside.empty.size;
    }
    parts[header] = mapHeader(count);
    return position;
  }
}

interface Head {
  readonly kind: 'map' | 'array' | 'bytes';
  /** Entries of a map, elements of an array, bytes of everything else. */
  readonly length: number;
  /** First byte of what it holds. */
  readonly next: number;
}

/** MessagePack's formats: https://github.com/msgpack/msgpack/blob/master/spec.md */
function headOf(bytes: Buffer, at: number): Head {
  const first = bytes[at];
  if (first === undefined) throw unreadable(at);
  const sized = (kind: Head['kind'], width: 1 | 2 | 4, more = 0): Head => {
    if (at + 1 + width > bytes.length) throw unreadable(at);
    return { kind, length: bytes.readUIntBE(at + 1, width) + more, next: at + 1 + width };
  };
  const fixed = (length: number): Head => ({ kind: 'bytes', length, next: at + 1 });
  if (first <= 0x7f || first >= 0xe0) return fixed(0);
  if (first <= 0x8f) return { kind: 'map', length: first & 0x0f, next: at + 1 };
  if (first <= 0x9f) return { kind: 'array', length: first & 0x0f, next: at + 1 };
  if (first <= 0xbf) return fixed(first & 0x1f);
  switch (first) {
    case 0xc4:
    case 0xd9:
      return sized('bytes', 1);
    case 0xc5:
    case 0xda:
      return sized('bytes', 2);
    case 0xc6:
    case 0xdb:
      return sized('bytes', 4);
    // Extensions have a byte for their type.
    case 0xc7:
      return sized('bytes', 1, 1);
    case 0xc8:
      return sized('bytes', 2, 1);
    case 0xc9:
      return sized('bytes', 4, 1);
    case 0xdc:
      return sized('array', 2);
    case 0xdd:
      return sized('array', 4);
    case 0xde:
      return sized('map', 2);
    case 0xdf:
      return sized('map', 4);
    default:
      return fixed(lengths[first] ?? 0);
  }
}

/** Bytes behind the first one: floats, integers, extensions of fixed lengths with their type. */
const lengths: Readonly<Record<number, number>> = {
  ...{ 0xca: 4, 0xcb: 8 },
  ...{ 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8 },
  ...{ 0xd0: 1, 0xd1: 2, 0xd2: 4, 0xd3: 8 },
  ...{ 0xd4: 2, 0xd5: 3, 0xd6: 5, 0xd7: 9, 0xd8: 17 },
};

/** First byte behind the value that starts at a byte. */
function endOf(bytes: Buffer, at: number): number {
  const { kind, length, next } = headOf(bytes, at);
  let end = next;
  if (kind === 'bytes') end += length;
  else for (let left = kind === 'map' ? length * 2 : length; left > 0; left--) end = endOf(bytes, end);
  if (end > bytes.length) throw unreadable(at);
  return end;
}

function mapHeader(count: number): Buffer {
  if (count < 16) return Buffer.from([EMPTY_MAP | count]);
  const header = Buffer.alloc(3);
  header[0] = 0xde;
  header.writeUInt16BE(count, 1);
  return header;
}

/** Names of blocks have fewer than 256 bytes. */
function text(name: string): Buffer {
  const bytes = Buffer.from(name);
  return Buffer.concat([Buffer.from([0xd9, bytes.length]), bytes]);
}

function unreadable(position: number): Error {
  return new Error(`provider: byte ${position} of a value is no MessagePack`);
}
