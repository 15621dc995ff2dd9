export { guidOf, sidOf, timeOfFileTime, timeOfGeneralizedTime } from '../../domain/directory-values.ts';

/** The inverse of `guidOf`; the text is a GUID in dashed form. */
export function guidOctets(guid: string): Buffer {
  const octets = Buffer.from(guid.replaceAll('-', ''), 'hex');
  octets.subarray(0, 4).reverse();
  octets.subarray(4, 6).reverse();
  octets.subarray(6, 8).reverse();
  return octets;
}

/** The inverse of `sidOf`. */
export function sidOctets(sid: string): Buffer {
  const [revision = 1, authority = 0, ...parts] = sid.slice(2).split('-').map(Number);
  const octets = Buffer.alloc(8 + parts.length * 4);
  octets.writeUInt8(revision, 0);
  octets.writeUInt8(parts.length, 1);
  octets.writeUIntBE(authority, 2, 6);
  parts.forEach((part, position) => {
    octets.writeUInt32LE(part, 8 + position * 4);
  });
  return octets;
}
