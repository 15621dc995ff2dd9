import type { ClaimHash } from './claim-hash.ts';
import { type ClaimTable, mostClaimants, partOf, parts, tagBits, tagMask } from './claim-table.ts';

/** Claims of one part that are entered together. */
const room = 512;

/** Told of every claim of a value that was claimed before. The hash is good for the call only. */
export type OnClaimedBefore = (hash: Readonly<ClaimHash>, first: number, ordinal: number) => void;

/**
 * Enters claims of a large table one part after another: a single claim waits for memory several times, those of one part
 * find it in the processor's cache. Claims of one value are entered in the order in which they were made.
 */
export class DeferredClaims {
  readonly #table: ClaimTable;
  readonly #onClaimedBefore: OnClaimedBefore;
  /** Of each part, two words a claim: the low half of the hash, and the claimant above the last bits of the high half. */
  #waiting: Int32Array | null = null;
  readonly #counts = new Uint32Array(parts);
  readonly #hash: ClaimHash = { high: 0, low: 0 };

  constructor(table: ClaimTable, onClaimedBefore: OnClaimedBefore) {
    this.#table = table;
    this.#onClaimedBefore = onClaimedBefore;
  }

  claim({ high, low }: ClaimHash, ordinal: number): void {
    if (ordinal >= mostClaimants) throw new RangeError(`One audit holds ${mostClaimants} objects at most.`);
    this.#waiting ??= new Int32Array(parts * room * 2);
    const part = partOf(high);
    const count = this.#counts[part] as number;
    const at = (part * room + count) * 2;
    this.#waiting[at] = low;
    this.#waiting[at + 1] = (ordinal << tagBits) | (high & tagMask);
    this.#counts[part] = count + 1;
    if (count + 1 === room) this.#enter(part, this.#waiting);
  }

  /** Enters what still waits, and gives its memory back. */
  settle(): void {
    if (this.#waiting === null) return;
    for (let part = 0; part < parts; part++) this.#enter(part, this.#waiting);
    this.#waiting = null;
  }

  #enter(part: number, waiting: Int32Array): void {
    const hash = this.#hash;
    const start = part * room * 2;
    const end = start + (this.#counts[part] as number) * 2;
    this.#counts[part] = 0;
    for (let at = start; at < end; at += 2) {
      const word = waiting[at + 1] as number;
      const ordinal = word >>> tagBits;
      // All of the hash that the table looks at.
      hash.high = (part << firstPartBit) | (word & tagMask);
      hash.low = waiting[at] as number;
      const first = this.#table.claimHash(hash, ordinal);
      if (first >= 0) this.#onClaimedBefore(hash, first, ordinal);
    }
  }
}

const firstPartBit = 32 - Math.log2(parts);
