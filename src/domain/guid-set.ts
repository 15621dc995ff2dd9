const wordsOf = 4;
const smallestCapacity = 1_024;

/** Lower-case or upper-case dashed GUIDs, 16 octets each in typed arrays: a million take 32 MB, a `Set` of texts five times that. */
export class GuidSet {
  #slots = new Uint32Array(smallestCapacity * wordsOf);
  #size = 0;
  /** Four zeros mark an empty slot. */
  #hasZero = false;

  get size(): number {
    return this.#size;
  }

  /** @returns whether it was not there before */
  add(guid: string): boolean {
    const words = readWords(guid);
    if (words.every((word) => word === 0)) {
      if (this.#hasZero) return false;
      this.#hasZero = true;
      this.#size += 1;
      return true;
    }
    const slot = this.#slotOf(words);
    if (this.#isTaken(slot)) return false;
    this.#slots.set(words, slot);
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length / wordsOf) this.#grow();
    return true;
  }

  has(guid: string): boolean {
    const words = readWords(guid);
    return words.every((word) => word === 0) ? this.#hasZero : this.#isTaken(this.#slotOf(words));
  }

  /** Where the GUID is, or would be. */
  #slotOf(words: Words): number {
    const capacity = this.#slots.length / wordsOf;
    // GUIDs are random for the most part; mixed, those that are not spread as well.
    const mixed = Math.imul(
      words[0] ^ Math.imul(words[1], 0x85ebca6b) ^ Math.imul(words[2], 0xc2b2ae35) ^ words[3],
      0x9e3779b1,
    );
    for (let position = (mixed ^ (mixed >>> 15)) & (capacity - 1); ; position = (position + 1) & (capacity - 1)) {
      const slot = position * wordsOf;
      if (!this.#isTaken(slot) || words.every((word, index) => this.#slots[slot + index] === word)) return slot;
    }
  }

  #isTaken(slot: number): boolean {
    const slots = this.#slots;
    return slots[slot] !== 0 || slots[slot + 1] !== 0 || slots[slot + 2] !== 0 || slots[slot + 3] !== 0;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    for (let slot = 0; slot < before.length; slot += wordsOf) {
      const [first = 0, second = 0, third = 0, fourth = 0] = before.subarray(slot, slot + wordsOf);
      const words: Words = [first, second, third, fourth];
      if (words.some((word) => word !== 0)) this.#slots.set(words, this.#slotOf(words));
    }
  }
}

type Words = readonly [number, number, number, number];

/** @throws RangeError for a text that is no dashed GUID */
function readWords(guid: string): Words {
  const words: Words = [
    Number.parseInt(guid.slice(0, 8), 16),
    Number.parseInt(guid.slice(9, 13) + guid.slice(14, 18), 16),
    Number.parseInt(guid.slice(19, 23) + guid.slice(24, 28), 16),
    Number.parseInt(guid.slice(28, 36), 16),
  ];
  if (guid.length !== 36 || words.some(Number.isNaN)) throw new RangeError(`${guid} is no GUID`);
  return words;
}
