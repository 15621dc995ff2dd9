/*
 * The forms in which Active Directory stores identifiers and times, as text. MS-DTYP 2.3.4.2 (GUID), 2.4.2.2 (SID), 2.3.3 (FILETIME).
 */

const hexOf = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
const guidOrder = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15] as const;

/** Lower-case dashed GUID. @param octets 16, as stored: the first three groups are little-endian */
export function guidOf(octets: Uint8Array): string {
  let text = '';
  for (const position of guidOrder) text += position < 0 ? '-' : hexOf[octets[position] ?? 0];
  return text;
}

/** Whether the octets have the length and the revision of a SID. */
export const areSid = (octets: Uint8Array): boolean => octets[0] === 1 && octets.length === 8 + (octets[1] ?? 0) * 4;

/** `S-1-5-21-...` @param octets of a SID */
export function sidOf(octets: Uint8Array): string {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const authority = view.getUint16(2) * 2 ** 32 + view.getUint32(4);
  const parts = Array.from({ length: view.getUint8(1) }, (_, position) => view.getUint32(8 + position * 4, true));
  return ['S', view.getUint8(0), authority, ...parts].join('-');
}

const fileTimeEpoch = 116_444_736_000_000_000n;
/** Last moment that ISO 8601 can write with four digits for the year. */
const lastFileTime = 2_650_467_743_999_999_999n;

/**
 * @param fileTime 100 ns units since 1601 in decimal digits
 * @returns ISO 8601; undefined for 0 and for "never" (2^63-1)
 */
export function timeOfFileTime(fileTime: string): string | undefined {
  if (!/^\d{1,19}$/.test(fileTime)) return undefined;
  const units = BigInt(fileTime);
  if (units === 0n || units > lastFileTime) return undefined;
  return new Date(Number((units - fileTimeEpoch) / 10_000n)).toISOString();
}

/** @param text such as `20261122081500.0Z` @returns ISO 8601; undefined when it is no generalized time in UTC */
export function timeOfGeneralizedTime(text: string): string | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
