/** The GUID in 16 octets as AD stores them: the first three groups are little-endian. Lower case, with hyphens. */
export function guidOf(octets: Buffer): string {
  const bytes = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((index) => octets[index] ?? 0);
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The 16 octets of a GUID as AD stores them. */
export function octetsOfGuid(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** A security identifier in its text form: revision, 48-bit authority (big-endian), 32-bit subauthorities (little-endian). */
export function sidOf(octets: Buffer): string {
  const subauthorities = Array.from({ length: octets[1] ?? 0 }, (_, index) => octets.readUInt32LE(8 + 4 * index));
  return ['S', octets[0], octets.readUIntBE(2, 6), ...subauthorities].join('-');
}

/** The name of an object in the Entra connector space: upper-case hex of the UTF-8 octets of the base64 source anchor. */
export function entraDistinguishedName(sourceAnchor: string): string {
  return `CN={${Buffer.from(sourceAnchor, 'utf8').toString('hex').toUpperCase()}}`;
}

/** The source anchor in such a name; undefined when it is none. */
export function anchorInDistinguishedName(distinguishedName: string): string | undefined {
  const hex = /^CN=\{((?:[0-9A-F]{2})+)\}$/i.exec(distinguishedName)?.[1];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex').toString('utf8');
}
