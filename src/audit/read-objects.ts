/** What is kept of each object between the readings: a few bits, and with which other object it is one. */
export class ReadObjects {
  #count = 0;
  #bits = new Uint8Array(1024);
  /** Of an object that is one with an earlier one, that one's ordinal + 1; made when the first is found. */
  #partners = new Int32Array(0);

  get count(): number {
    return this.#count;
  }

  /** @returns its ordinal */
  add(isInEntra: boolean, hasAnchor: boolean): number {
    const ordinal = this.#count++;
    if (ordinal === this.#bits.length) this.#bits = grown(this.#bits, ordinal, Uint8Array);
    this.#bits[ordinal] = (isInEntra ? bit.inEntra : 0) | (hasAnchor ? bit.anchored : 0);
    return ordinal;
  }

  /**
   * Takes two objects for one, if one is in Entra, the other in Active Directory, and neither has a twin yet.
   * @returns whether they are one now
   */
  unite(earlier: number, later: number): boolean {
    const one = this.#bits[earlier] as number;
    const other = this.#bits[later] as number;
    if (((one ^ other) & bit.inEntra) === 0 || ((one | other) & bit.hasTwin) !== 0) return false;
    this.#bits[earlier] = one | bit.hasTwin;
    this.#bits[later] = other | bit.hasTwin;
    if (later >= this.#partners.length) this.#partners = grown(this.#partners, later + 1, Int32Array);
    this.#partners[later] = earlier + 1;
    return true;
  }

  /** The ordinal by which the object's values are claimed: its twin's, when that was read before it. */
  claimantOf(ordinal: number): number {
    const partner = this.#partners[ordinal] ?? 0;
    return partner === 0 ? ordinal : partner - 1;
  }

  hasTwin(ordinal: number): boolean {
    return this.#has(ordinal, bit.hasTwin);
  }

  hasAnchor(ordinal: number): boolean {
    return this.#has(ordinal, bit.anchored);
  }

  want(ordinal: number): void {
    this.#bits[ordinal] = (this.#bits[ordinal] as number) | bit.wanted;
  }

  isWanted(ordinal: number): boolean {
    return ordinal < this.#count && (this.#has(ordinal, bit.wanted) || this.#has(this.claimantOf(ordinal), bit.wanted));
  }

  #has(ordinal: number, one: number): boolean {
    return ((this.#bits[ordinal] ?? 0) & one) !== 0;
  }
}

const bit = { inEntra: 1, anchored: 2, hasTwin: 4, wanted: 8 };

function grown<T extends Uint8Array | Int32Array>(old: T, atLeast: number, kind: new (length: number) => T): T {
  const larger = new kind(Math.ceil(atLeast * 1.25) + 1024);
  larger.set(old);
  return larger;
}
