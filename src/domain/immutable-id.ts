/**
 * The immutableId (source anchor) is the Base64 of the 16 octets of objectGUID or mS-DS-ConsistencyGuid as Active Directory
 * stores them: the first three groups of the dashed form are little-endian.
 */
const octetOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;
const guidForm = /^[0-9a-f]{32}$/i;

/** @returns null when the text is not a GUID in dashed form. */
export function immutableIdOf(objectGuid: string): string | null {
  const digits = objectGuid.replaceAll('-', '');
  if (!guidForm.test(digits)) return null;
  const octets = octetOrder.map((position) => Number.parseInt(digits.slice(position * 2, position * 2 + 2), 16));
  return btoa(String.fromCharCode(...octets));
}

/** Lower-case dashed GUID. @returns null when the anchor is not the Base64 of 16 octets (another anchor attribute is in use). */
export function objectGuidOf(immutableId: string): string | null {
  const octets = decode(immutableId);
  if (octets?.length !== 16) return null;
  const stored = octets.split('').map((octet) => octet.charCodeAt(0).toString(16).padStart(2, '0'));
  const digits = octetOrder.map((position) => stored[position]).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function decode(base64: string): string | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return null;
  return atob(base64);
}
