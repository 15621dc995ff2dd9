/** Ordinals of objects, a bit each. */
export class OrdinalSet {
  #bits = new Uint32Array(1024);

  add(ordinal: number): void {
    const word = ordinal >>> 5;
    if (word >= this.#bits.length) {
      const larger = new Uint32Array(Math.max(word + 1, this.#bits.length * 2));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[word] = (this.#bits[word] ?? 0) | (1 << (ordinal & 31));
  }

  has(ordinal: number): boolean {
    return (((this.#bits[ordinal >>> 5] ?? 0) >>> (ordinal & 31)) & 1) === 1;
  }
}
