import type { Entry } from './entry.ts';

interface Change {
  readonly usn: number;
  readonly entry: Entry;
}

/** The entries of a replica in the order of their last change: what uSNChanged searches and DirSync read. */
export class ChangeLog {
  #changes: Change[] = [];
  #entries = 0;

  record(entry: Entry): void {
    if (entry.usnCreated === entry.usnChanged) this.#entries++;
    this.#changes.push({ usn: entry.usnChanged, entry });
    if (this.#changes.length > 2 * this.#entries + 1000) this.#changes = this.#changes.filter(isLatest);
  }

  /** Entries whose last change has a number greater than `usn`, in that order. */
  after(usn: number): Entry[] {
    return this.#changes
      .slice(this.#firstAfter(usn))
      .filter(isLatest)
      .map(({ entry }) => entry);
  }

  #firstAfter(usn: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.usn ?? 0) > usn) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const isLatest = ({ usn, entry }: Change): boolean => entry.usnChanged === usn;
