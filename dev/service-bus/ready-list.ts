interface Numbered {
  readonly sequenceNumber: number;
}

/** Messages ready for delivery, by sequence number. Appending and taking the first are cheap; a returned one is put back in its place. */
export class ReadyList<T extends Numbered> {
  #items: T[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  insert(item: T): void {
    const index = this.#indexOf(item.sequenceNumber);
    if (index === this.#items.length) this.#items.push(item);
    else this.#items.splice(index, 0, item);
  }

  shift(): T | undefined {
    const first = this.#items[this.#head];
    if (first === undefined) return undefined;
    this.#head++;
    this.#compact();
    return first;
  }

  remove(item: T): void {
    const index = this.#indexOf(item.sequenceNumber);
    if (this.#items[index] === item) this.#items.splice(index, 1);
  }

  /** Where a message with this number is, or belongs. */
  #indexOf(sequenceNumber: number): number {
    let low = this.#head;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.#items[middle];
      if (item !== undefined && item.sequenceNumber < sequenceNumber) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compact(): void {
    if (this.#head < 1024 || this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
