import { randomBytes } from 'node:crypto';

/** A GUID as 32 lower-case hex digits of its octets in AD's order: the key of an object everywhere in the stand-in. */
export type GuidKey = string;

/** A random (version 4) GUID in the octet order in which AD stores it. */
export function newGuid(): GuidKey {
  const octets = randomBytes(16);
  octets[7] = ((octets[7] ?? 0) & 0x0f) | 0x40;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  return octets.toString('hex');
}

export const guidOctets = (key: GuidKey): Buffer => Buffer.from(key, 'hex');

/** The dashed form. The first three groups are little-endian in AD's octets, the last two are not. */
export function formatGuid(key: GuidKey): string {
  const octets = guidOctets(key);
  const groups = [octets.subarray(0, 4).reverse(), octets.subarray(4, 6).reverse(), octets.subarray(6, 8).reverse()];
  return [...groups, octets.subarray(8, 10), octets.subarray(10)].map((group) => group.toString('hex')).join('-');
}

/** Reads the dashed form, or the 32 hex digits of the octets; `undefined` when it is neither. */
export function parseGuid(text: string): GuidKey | undefined {
  const plain = text.trim().toLowerCase();
  if (/^[0-9a-f]{32}$/.test(plain)) return plain;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(plain)) return undefined;
  // Reordering the groups is its own inverse.
  return formatGuid(plain.replaceAll('-', '')).replaceAll('-', '');
}
