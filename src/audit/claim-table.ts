import { type ClaimHash, hashBytes, hashFolded, hashText } from './claim-hash.ts';

/** Objects that one table can tell apart. */
export const mostClaimants = 2 ** 26 - 1;

const partBits = 11;
/** Parts of a table, each a table of its own that the first bits of the hash choose. */
export const parts = 2 ** partBits;
const firstCapacity = 16;
const fullest = 0.8;
const growth = 1.4;

/**
 * Who claims which value first, without the values: of each, eight bytes of typed array hold 38 bits of its hash and the
 * claimant, and the part of the table in which they lie holds 11 bits more. A false answer therefore comes about once in
 * 100 million for a table of five million values: whoever reports must compare the strings.
 *
 * Each of the parts grows on its own and by two fifths, so that growing never takes twice the memory.
 */
export class ClaimTable {
  readonly #seed: number;
  readonly #hash: ClaimHash = { high: 0, low: 0 };
  readonly #parts: (Int32Array | null)[] = new Array(parts).fill(null);
  readonly #used = new Uint32Array(parts);
  #size = 0;

  /** @param seed any 32-bit number; a random one keeps others from making values that collide */
  constructor(seed = 0) {
    this.#seed = seed | 0;
  }

  /** Different values that are claimed. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of typed array in use. */
  get octets(): number {
    return this.#parts.reduce((sum, part) => sum + (part?.byteLength ?? 0), this.#used.byteLength);
  }

  /**
   * Remembers that object `ordinal` claims `value` in `space`. The value counts as it is written: fold its case before.
   * @param ordinal 0 to `mostClaimants` - 1
   * @returns the ordinal of its first claimant when there was one (it may be the same object), else -1
   */
  claim(space: number, value: string, ordinal: number): number {
    return this.claimHash(this.hashOf(space, value), ordinal);
  }

  /** @returns the ordinal of the first claimant, or -1 */
  find(space: number, value: string): number {
    return this.findHash(this.hashOf(space, value));
  }

  /** The hash of a value, good until the next is asked for; of the others of its forms the same. */
  hashOf(space: number, value: string): ClaimHash {
    hashText(this.#hash, this.#seed, space, value);
    return this.#hash;
  }

  /** Of the value that `comparedAs` makes of the text from `from` on. */
  hashOfText(space: number, text: string, from: number): ClaimHash {
    return hashFolded(this.#hash, this.#seed, space, text, from)
      ? this.#hash
      : this.hashOf(space, comparedAs(text, from));
  }

  /** Of a value that is ASCII text, or any octets, from `start` to before `end`. */
  hashOfBytes(space: number, bytes: Uint8Array, start: number, end: number): ClaimHash {
    hashBytes(this.#hash, this.#seed, space, bytes, start, end);
    return this.#hash;
  }

  /** As `claim`. */
  claimHash({ high, low }: ClaimHash, ordinal: number): number {
    if (ordinal >= mostClaimants) throw new RangeError(`One audit holds ${mostClaimants} objects at most.`);
    const index = partOf(high);
    const part = this.#parts[index] ?? this.#newPart(index);
    const tag = high & tagMask;
    const slot = slotOf(part, low, tag);
    const word = part[slot + 1] as number;
    if (word !== 0) return (word >>> tagBits) - 1;
    part[slot] = low;
    part[slot + 1] = ((ordinal + 1) << tagBits) | tag;
    this.#size++;
    const used = (this.#used[index] as number) + 1;
    this.#used[index] = used;
    if (used > (part.length >>> 1) * fullest) this.#grow(index, part);
    return -1;
  }

  /** As `find`. */
  findHash({ high, low }: ClaimHash): number {
    const part = this.#parts[partOf(high)];
    if (part === null || part === undefined) return -1;
    const word = part[slotOf(part, low, high & tagMask) + 1] as number;
    return word === 0 ? -1 : (word >>> tagBits) - 1;
  }

  #newPart(index: number): Int32Array {
    const part = new Int32Array(firstCapacity * 2);
    this.#parts[index] = part;
    return part;
  }

  #grow(index: number, part: Int32Array): void {
    const larger = new Int32Array(Math.ceil((part.length >>> 1) * growth) * 2);
    moveAll(part, larger);
    this.#parts[index] = larger;
    // Given back at once: the collector knows too little of memory outside its heap to hurry.
    (part.buffer as ArrayBuffer).transfer(0);
  }
}

/** Values are compared without regard to case and to space around them. */
export const comparedAs = (text: string, from = 0): string => text.slice(from).trim().toLowerCase();

/** Which part of a table a hash belongs to. */
export const partOf = (high: number): number => high >>> (32 - partBits);

/** A slot is two words: the low half of the hash, and the claimant + 1 (0: none) above the last bits of the high half. */
export const tagBits = 6;
export const tagMask = 2 ** tagBits - 1;

/** Index of the first word of the slot that holds the hash, or of the free one where it belongs. */
function slotOf(part: Int32Array, low: number, tag: number): number {
  const { length } = part;
  let slot = homeOf(low, length);
  for (;;) {
    const word = part[slot + 1] as number;
    if (word === 0 || (part[slot] === low && (word & tagMask) === tag)) return slot;
    slot += 2;
    if (slot === length) slot = 0;
  }
}

/** All are different, so that each needs only a free slot; in their order the slots that are written lie side by side. */
function moveAll(part: Int32Array, larger: Int32Array): void {
  const { length } = larger;
  for (let slot = 0; slot < part.length; slot += 2) {
    const word = part[slot + 1] as number;
    if (word === 0) continue;
    const low = part[slot] as number;
    let free = homeOf(low, length);
    while (larger[free + 1] !== 0) {
      free += 2;
      if (free === length) free = 0;
    }
    larger[free] = low;
    larger[free + 1] = word;
  }
}

/** The low half of the hash, as a fraction of 2^32, chooses the slot: a capacity need not be a power of two. */
const homeOf = (low: number, length: number): number => (((low >>> 0) * ((length >>> 1) * 2 ** -32)) | 0) << 1;
