/** One field of a protobuf message. */
export interface Field {
  readonly field: number;
  /** Where its tag starts, where what it holds starts, and the first byte behind it. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
  /** Of a field that is a number. */
  readonly value?: number;
}

/**
 * The fields of a message, in the order of its bytes.
 * @throws Error when the bytes are not a whole protobuf message.
 */
export function* fieldsOf(message: Buffer): Generator<Field> {
  for (let position = 0; position < message.length; ) {
    const start = position;
    const tag = varint(message, position);
    let content = tag.next;
    let end: number;
    let value: number | undefined;
    switch (tag.value & 7) {
      case 0: {
        const number = varint(message, content);
        end = number.next;
        value = number.value;
        break;
      }
      case 1:
        end = content + 8;
        break;
      case 2: {
        const length = varint(message, content);
        content = length.next;
        end = content + length.value;
        break;
      }
      case 5:
        end = content + 4;
        break;
      default:
        throw malformed(start);
    }
    if (end > message.length) throw malformed(start);
    yield { field: tag.value >>> 3, start, content, end, ...(value === undefined ? {} : { value }) };
    position = end;
  }
}

/** What the first field of a number holds, as text; empty where there is none. */
export function textOf(message: Buffer, wanted: number): string {
  for (const { field, content, end } of fieldsOf(message)) {
    if (field === wanted) return message.toString('utf8', content, end);
  }
  return '';
}

/** A message whose fields of some numbers hold something else; nothing removes the field. */
export function withFields(
  message: Buffer,
  changes: Readonly<Record<number, (content: Buffer) => Buffer | undefined>>,
): Buffer {
  const parts: Buffer[] = [];
  for (const { field, start, content, end } of fieldsOf(message)) {
    const change = changes[field];
    const held = change?.(message.subarray(content, end));
    if (!change) parts.push(message.subarray(start, end));
    else if (held) parts.push(lengthDelimited(field, held));
  }
  return Buffer.concat(parts);
}

function lengthDelimited(field: number, content: Buffer): Buffer {
  return Buffer.concat([encodeVarint(field * 8 + 2), encodeVarint(content.length), content]);
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Buffer.from([...bytes, rest]);
}

/** Lengths and tags fit 32 bits: gRPC's own limit for a message is lower. */
function varint(message: Buffer, position: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 10; index++) {
    const byte = message[position + index];
    if (byte === undefined) break;
    if (index < 5) value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: position + index + 1 };
  }
  throw malformed(position);
}

function malformed(position: number): Error {
  return new Error(
    `provider: byte ${position} of a message starts no protobuf field; plan with PLATFORM_SHARED_PROVIDER=off`,
  );
}
