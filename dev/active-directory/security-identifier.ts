import { randomBytes } from 'node:crypto';

/** A security identifier in its string form, such as `S-1-5-21-1-2-3-512`. */
export type Sid = string;

export const builtInAdministrators: Sid = 'S-1-5-32-544';

export function newDomainSid(): Sid {
  const random = randomBytes(12);
  return `S-1-5-21-${random.readUInt32LE(0)}-${random.readUInt32LE(4)}-${random.readUInt32LE(8)}`;
}

export function sidOctets(sid: Sid): Buffer {
  const [, revision, authority, ...parts] = sid.split('-').map(Number);
  const octets = Buffer.alloc(8 + 4 * parts.length);
  octets.writeUInt8(revision ?? 1, 0);
  octets.writeUInt8(parts.length, 1);
  octets.writeUIntBE(authority ?? 0, 2, 6);
  for (const [index, part] of parts.entries()) octets.writeUInt32LE(part, 8 + 4 * index);
  return octets;
}

/** Reads one SID at the start of `octets`. */
export function readSid(octets: Buffer): Sid {
  const parts = Array.from({ length: octets.readUInt8(1) }, (_, index) => octets.readUInt32LE(8 + 4 * index));
  return ['S', octets.readUInt8(0), octets.readUIntBE(2, 6), ...parts].join('-');
}

export const sidLength = (octets: Buffer): number => 8 + 4 * octets.readUInt8(1);

/** The last part of a SID: what distinguishes an account within its domain. */
export const relativeId = (sid: Sid): number => Number(sid.slice(sid.lastIndexOf('-') + 1));
