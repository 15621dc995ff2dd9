/** One decoded BER element (X.690): its tag octet and its content. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** The peer sent octets that are no BER; the connection cannot go on. */
export class MalformedBer extends Error {}

/** AD closes a connection that sends a larger request (LDAP policy MaxReceiveBuffer). */
const longestMessage = 10 * 1024 * 1024;

/** Length of the first message in `buffer`, or `undefined` while it is not there as a whole. */
export function frameLength(buffer: Buffer): number | undefined {
  const header = readHeader(buffer, 0);
  if (!header) return undefined;
  if (header.end > longestMessage) throw new MalformedBer(`a message of ${header.end} octets`);
  return header.end <= buffer.length ? header.end : undefined;
}

export function readElement(buffer: Buffer): Element {
  const [first] = readElements(buffer);
  if (!first) throw new MalformedBer('an element is missing');
  return first;
}

export function readElements(buffer: Buffer): Element[] {
  const elements: Element[] = [];
  for (let offset = 0; offset < buffer.length; ) {
    const header = readHeader(buffer, offset);
    if (!header || header.end > buffer.length) throw new MalformedBer('an element is cut short');
    elements.push({ tag: buffer[offset] ?? 0, content: buffer.subarray(header.start, header.end) });
    offset = header.end;
  }
  return elements;
}

function readHeader(buffer: Buffer, offset: number): { start: number; end: number } | undefined {
  const first = buffer[offset + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: offset + 2, end: offset + 2 + first };
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw new MalformedBer('a length of unknown form');
  const start = offset + 2 + octets;
  if (start > buffer.length) return undefined;
  return { start, end: start + buffer.readUIntBE(offset + 2, octets) };
}

/** Two's complement, at most 48 bits: more than any LDAP field needs. */
export function readInteger(content: Buffer): number {
  if (content.length === 0 || content.length > 6) throw new MalformedBer('an integer of unknown length');
  return content.readIntBE(0, content.length);
}

export const readText = (content: Buffer): string => content.toString('utf8');

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

export function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const header = headerOf(tag, length);
  return Buffer.concat([header, ...parts], header.length + length);
}

function headerOf(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  if (length < 0x100) return Buffer.from([tag, 0x81, length]);
  if (length < 0x10000) return Buffer.from([tag, 0x82, length >> 8, length & 0xff]);
  const header = Buffer.from([tag, 0x84, 0, 0, 0, 0]);
  header.writeUInt32BE(length, 2);
  return header;
}

export const sequence = (...parts: readonly Buffer[]): Buffer => element(tags.sequence, ...parts);

export function octets(value: string | Buffer, tag: number = tags.octets): Buffer {
  return element(tag, typeof value === 'string' ? Buffer.from(value) : value);
}

export function integer(value: number, tag: number = tags.integer): Buffer {
  for (let length = 1; length <= 6; length++) {
    const limit = 2 ** (8 * length - 1);
    if (value < -limit || value >= limit) continue;
    const content = Buffer.alloc(length);
    content.writeIntBE(value, 0, length);
    return element(tag, content);
  }
  throw new RangeError(`${value} is no LDAP integer`);
}
