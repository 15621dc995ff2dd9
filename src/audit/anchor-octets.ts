/**
 * The 16 octets of a source anchor, in the order of Active Directory, from the Base64 of mS-DS-ConsistencyGuid or from the
 * dashed text of objectGUID: both give the same for the same anchor, without text being made of it.
 *
 * @param into room for 16 octets
 * @returns false when the text is neither: another attribute is the anchor
 */
export function anchorOctets(text: string, into: Uint8Array): boolean {
  if (text.length === 36) return guidOctets(text, into);
  return text.length === 24 && base64Octets(text, into);
}

/** Where the two digits of each stored octet stand in the dashed text: the first three groups are little-endian. */
const digitsAt = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34] as const;

function guidOctets(text: string, into: Uint8Array): boolean {
  let all = 0;
  for (let octet = 0; octet < 16; octet++) {
    const at = digitsAt[octet] as number;
    const high = digitOf(hexDigits, text.charCodeAt(at));
    const low = digitOf(hexDigits, text.charCodeAt(at + 1));
    all |= high | low;
    into[octet] = (high << 4) | low;
  }
  return all < none;
}

function base64Octets(text: string, into: Uint8Array): boolean {
  if (text.charCodeAt(22) !== equalsSign || text.charCodeAt(23) !== equalsSign) return false;
  let bits = 0;
  let count = 0;
  let octet = 0;
  for (let position = 0; position < 22; position++) {
    const value = digitOf(base64Digits, text.charCodeAt(position));
    if (value === none) return false;
    bits = (bits << 6) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    into[octet++] = bits >> count;
    bits &= (1 << count) - 1;
  }
  return true;
}

const equalsSign = 61;
const none = 0x80;

const hexDigits = valuesOf('0123456789abcdef', 'ABCDEF', 10);
const base64Digits = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', '', 0);

function valuesOf(digits: string, alsoFrom: string, first: number): Uint8Array {
  const values = new Uint8Array(128).fill(none);
  [...digits].forEach((digit, value) => {
    values[digit.charCodeAt(0)] = value;
  });
  [...alsoFrom].forEach((digit, index) => {
    values[digit.charCodeAt(0)] = first + index;
  });
  return values;
}

const digitOf = (values: Uint8Array, code: number): number => (code < 128 ? (values[code] as number) : none);
