/** Octets of objectGUID and its like as Active Directory stores them: the first three groups are little-endian. */
export function guidOf(octets: Buffer): string {
  const hex = Buffer.from(octets);
  hex.subarray(0, 4).reverse();
  hex.subarray(4, 6).reverse();
  hex.subarray(6, 8).reverse();
  return hex.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The inverse of {@link guidOf}; the text is a GUID in dashed form. */
export function guidOctets(guid: string): Buffer {
  const octets = Buffer.from(guid.replaceAll('-', ''), 'hex');
  octets.subarray(0, 4).reverse();
  octets.subarray(4, 6).reverse();
  octets.subarray(6, 8).reverse();
  return octets;
}

/** `S-1-5-21-...` (MS-DTYP 2.4.2.2). */
export function sidOf(octets: Buffer): string {
  const authority = octets.readUIntBE(2, 6);
  const parts = Array.from({ length: octets[1] ?? 0 }, (_, position) => octets.readUInt32LE(8 + position * 4));
  return ['S', octets[0] ?? 0, authority, ...parts].join('-');
}

/** The inverse of {@link sidOf}. */
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

const fileTimeEpoch = 116_444_736_000_000_000n;

/**
 * @param fileTime 100 ns units since 1601 in decimal digits
 * @returns ISO 8601; undefined for 0 and for "never" (2^63-1)
 */
export function timeOfFileTime(fileTime: string): string | undefined {
  if (!/^\d{1,19}$/.test(fileTime)) return undefined;
  const units = BigInt(fileTime);
  if (units === 0n || units === 2n ** 63n - 1n) return undefined;
  return new Date(Number((units - fileTimeEpoch) / 10_000n)).toISOString();
}

/** @param text such as `20261122081500.0Z` @returns ISO 8601; undefined when it is no generalized time in UTC */
export function timeOfGeneralizedTime(text: string): string | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`).toISOString();
}
