import type { Moment, MovableClock } from '../clock.ts';

/** An entry of the sync server's Windows application log. */
export interface LoggedEvent {
  readonly at: Moment;
  readonly source: string;
  readonly id: number;
  readonly message: string;
}

const kept = 10_000;

/** The application log of the sync server; the oldest entries go when it is full. */
export class EventLog {
  readonly #clock: MovableClock;
  readonly #entries: LoggedEvent[] = [];

  constructor(clock: MovableClock) {
    this.#clock = clock;
  }

  get entries(): readonly LoggedEvent[] {
    return this.#entries;
  }

  write(source: string, id: number, message: string): void {
    this.#entries.push({ at: this.#clock.now(), source, id, message });
    if (this.#entries.length > kept) this.#entries.shift();
  }
}
