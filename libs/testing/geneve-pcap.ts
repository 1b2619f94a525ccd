/** Writes packets as a Gateway Load Balancer sends them into a capture file. */

export interface InnerPacket {
  /** Address and TCP port. */
  readonly from: readonly [address: string, port: number];
  readonly to: readonly [address: string, port: number];
  readonly sequence: number;
  readonly acknowledged: number;
  /** The byte of TCP flags. */
  readonly flags: number;
  /** Default: none. */
  readonly text?: string | undefined;
}

/** A packet of a host, from its IPv4 header on. */
export function inner({ from, to, sequence, acknowledged, flags, text = '' }: InnerPacket): Buffer {
  const [[source, sourcePort], [destination, destinationPort]] = [from, to];
  const segment = Buffer.alloc(20 + text.length);
  segment.writeUInt16BE(sourcePort, 0);
  segment.writeUInt16BE(destinationPort, 2);
  segment.writeUInt32BE(sequence, 4);
  segment.writeUInt32BE(acknowledged, 8);
  // Header of five words.
  segment.writeUInt8(0x50, 12);
  segment.writeUInt8(flags, 13);
  segment.writeUInt16BE(65_000, 14);
  segment.write(text, 20, 'latin1');
  const pseudo = Buffer.concat([bytes(source), bytes(destination), Buffer.from([0, 6, 0, segment.length])]);
  segment.writeUInt16BE(checksum(Buffer.concat([pseudo, segment])), 16);
  return ipv4(source, destination, 6, segment);
}

/**
 * A host's packet on its way to an appliance: raw IPv4 in GENEVE with options of class 0x0108 and types 1 (endpoint), 2
 * (attachment) and 3 (flow) (Gateway Load Balancer guide, "Target groups"), in UDP without a checksum, in Ethernet.
 */
export function genevePacket({ from, to, packet }: { from: string; to: string; packet: Buffer }): Buffer {
  const words = [2, 2, 1];
  const options = words.map((length, index) =>
    Buffer.concat([Buffer.from([0x01, 0x08, index + 1, length]), Buffer.alloc(length * 4, 1)]),
  );
  const optionWords = words.reduce((sum, length) => sum + length + 1, 0);
  const geneve = Buffer.concat([Buffer.from([optionWords, 0, 0x08, 0, 0, 0, 0, 0]), ...options, packet]);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(60_001, 0);
  udp.writeUInt16BE(6081, 2);
  udp.writeUInt16BE(8 + geneve.length, 4);
  const ethernet = Buffer.concat([Buffer.alloc(12), Buffer.from([0x08, 0x00])]);
  return Buffer.concat([ethernet, ipv4(from, to, 17, Buffer.concat([udp, geneve]))]);
}

/** Ethernet frames, a millisecond apart. */
export function pcap(frames: readonly Buffer[]): Buffer {
  const words = (...values: number[]) => Buffer.from(new Uint32Array(values).buffer);
  const records = frames.flatMap((frame, index) => [
    words(1_700_000_000, index * 1000, frame.length, frame.length),
    frame,
  ]);
  return Buffer.concat([words(0xa1b2c3d4, 2 | (4 << 16), 0, 0, 65_535, 1), ...records]);
}

function ipv4(source: string, destination: string, protocol: number, payload: Buffer): Buffer {
  const header = Buffer.from([0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0, ...bytes(source), ...bytes(destination)]);
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

const bytes = (address: string) => Buffer.from(address.split('.').map(Number));

function checksum(data: Buffer): number {
  let sum = 0;
  for (let index = 0; index < data.length; index += 2) sum += (data[index]! << 8) | (data[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
