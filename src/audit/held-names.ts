import { type ClaimHash, hashFolded, hashText } from './claim-hash.ts';
import { comparedAs } from './claim-table.ts';

const words = 2 ** 20;

/**
 * Names of which it need only be known that nobody has them: four bits of one word each, in four megabytes. A free name is
 * sometimes taken for a held one (among a million, once in hundreds; then the next is proposed), a held one never for free.
 */
export class HeldNames {
  readonly #seed: number;
  readonly #hash: ClaimHash = { high: 0, low: 0 };
  #words: Uint32Array | null = null;

  constructor(seed = 0) {
    this.#seed = seed;
  }

  add(name: string): void {
    this.#words ??= new Uint32Array(words);
    const at = this.#wordOf(name);
    this.#words[at] = (this.#words[at] as number) | this.#bits();
  }

  has(name: string): boolean {
    if (this.#words === null) return false;
    const at = this.#wordOf(name);
    const bits = this.#bits();
    return ((this.#words[at] as number) & bits) === (bits | 0);
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
