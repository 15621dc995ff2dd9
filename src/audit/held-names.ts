import { type ClaimHash, hashFolded, hashText } from './claim-hash.ts';
import { comparedAs } from './claim-table.ts';

const words = 2 ** 20;
const room = 256;

/**
 * Names of which it need only be known that nobody has them: four bits of one word each, in four megabytes. A free name is
 * sometimes taken for a held one (among a million, once in hundreds; then the next is proposed), a held one never for free.
 */
export class HeldNames {
  readonly #seed: number;
  readonly #hash: ClaimHash = { high: 0, low: 0 };
  #words: Int32Array | null = null;
  /** Word and bits of names that are not entered yet: together they do not wait for memory one after another. */
  readonly #waiting = new Int32Array(2 * room);
  #count = 0;

  constructor(seed = 0) {
    this.#seed = seed;
  }

  add(name: string): void {
    this.#waiting[this.#count] = this.#wordOf(name);
    this.#waiting[this.#count + 1] = this.#bits();
    this.#count += 2;
    if (this.#count === 2 * room) this.#enter();
  }

  has(name: string): boolean {
    this.#enter();
    const at = this.#wordOf(name);
    const bits = this.#bits();
    return ((this.#words?.[at] ?? 0) & bits) === bits;
  }

  #enter(): void {
    if (this.#count === 0) return;
    this.#words ??= new Int32Array(words);
    const all = this.#words;
    for (let at = 0; at < this.#count; at += 2) {
      const word = this.#waiting[at] as number;
      all[word] = (all[word] as number) | (this.#waiting[at + 1] as number);
    }
    this.#count = 0;
  }

  #wordOf(name: string): number {
    if (!hashFolded(this.#hash, this.#seed, 0, name, 0)) hashText(this.#hash, this.#seed, 0, comparedAs(name));
    return this.#hash.high & (words - 1);
  }

  #bits(): number {
    const { low } = this.#hash;
    return (1 << (low & 31)) | (1 << ((low >>> 5) & 31)) | (1 << ((low >>> 10) & 31)) | (1 << ((low >>> 15) & 31));
  }
}
