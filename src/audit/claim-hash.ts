/** 64 bits of a value's hash, in two signed 32-bit halves. Written over by the next call: nothing is allocated a value. */
export interface ClaimHash {
  high: number;
  low: number;
}

/*
 * Two multiplicative streams over pairs of UTF-16 code units, mixed at the end. Not cryptographic: the seed only keeps a
 * directory from being filled with values that were made to collide.
 *
 * The three functions give one value one hash, in whatever form it comes. Their loops are written out: a call a character
 * costs more than the rest.
 */

export function hashText(into: ClaimHash, seed: number, space: number, text: string): void {
  const { length } = text;
  let high = startOf(seed, space, firstFactor);
  let low = startOf(~seed, space, secondFactor);
  let position = 0;
  for (; position + 1 < length; position += 2) {
    const pair = text.charCodeAt(position) | (text.charCodeAt(position + 1) << 16);
    high = Math.imul(high ^ pair, firstFactor);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ pair, secondFactor);
    low = (low << 11) | (low >>> 21);
  }
  finish(into, high, low, position < length ? text.charCodeAt(position) : 0, length);
}

/**
 * The hash of the text after `from` in lower case, if it consists of visible ASCII characters.
 * @returns false if it does not: then there is no hash
 */
export function hashFolded(into: ClaimHash, seed: number, space: number, text: string, from: number): boolean {
  const { length } = text;
  let high = startOf(seed, space, firstFactor);
  let low = startOf(~seed, space, secondFactor);
  let position = from;
  for (; position + 1 < length; position += 2) {
    const first = text.charCodeAt(position);
    const second = text.charCodeAt(position + 1);
    if ((first | second) > 127) return false;
    const one = lowerCase[first] as number;
    const other = lowerCase[second] as number;
    if (one === 0 || other === 0) return false;
    const pair = one | (other << 16);
    high = Math.imul(high ^ pair, firstFactor);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ pair, secondFactor);
    low = (low << 11) | (low >>> 21);
  }
  let last = 0;
  if (position < length) {
    const code = text.charCodeAt(position);
    last = code > 127 ? 0 : (lowerCase[code] as number);
    if (last === 0) return false;
  }
  finish(into, high, low, last, length - from);
  return true;
}

/** Of each visible ASCII character its lower case, of others 0. */
const lowerCase = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code <= 32 || code > 126) return 0;
  return code >= 65 && code <= 90 ? code + 32 : code;
});

/** The same hash as that of the text, when the bytes are ASCII. */
export function hashBytes(
  into: ClaimHash,
  seed: number,
  space: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  let high = startOf(seed, space, firstFactor);
  let low = startOf(~seed, space, secondFactor);
  let position = start;
  for (; position + 1 < end; position += 2) {
    const pair = (bytes[position] as number) | ((bytes[position + 1] as number) << 16);
    high = Math.imul(high ^ pair, firstFactor);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ pair, secondFactor);
    low = (low << 11) | (low >>> 21);
  }
  finish(into, high, low, position < end ? (bytes[position] as number) : 0, end - start);
}

/** Odd, with bits spread over the whole word: the golden ratio and the square root of two, each times 2^32. */
const firstFactor = 0x9e3779b1;
const secondFactor = 0x6a09e667;

const startOf = (seed: number, space: number, factor: number): number => Math.imul(seed ^ (space + 1), factor);

/** Every bit of both streams reaches every bit of both halves. */
function finish(into: ClaimHash, high: number, low: number, last: number, length: number): void {
  const left = mixed(Math.imul(high ^ last ^ (length << 16), firstFactor) + Math.imul(low, 5));
  const right = mixed(Math.imul(low ^ last ^ (length << 16), secondFactor) ^ left);
  into.high = mixed((left + right) | 0);
  into.low = right;
}

function mixed(word: number): number {
  let bits = word ^ (word >>> 16);
  bits = Math.imul(bits, 0x7feb352d);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x846ca68b);
  return bits ^ (bits >>> 16);
}
