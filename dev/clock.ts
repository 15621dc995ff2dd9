/** A moment in milliseconds since the epoch, on the local stack's own clock. */
export type Moment = number;

/**
 * The one clock of the local stack: real time plus an offset that `control` moves. Everything that waits for a
 * moment waits here, so that moving time fires what has become due.
 */
export class MovableClock {
  #offset = 0;
  readonly #alarms = new Set<Alarm>();
  readonly #listeners = new Set<(offset: number) => void>();

  get offset(): number {
    return this.#offset;
  }

  now(): Moment {
    return Date.now() + this.#offset;
  }

  /** Moves time forward (or back) by `milliseconds`; alarms that are due fire on the next tick. */
  advance(milliseconds: number): void {
    this.#offset += milliseconds;
    for (const alarm of this.#alarms) alarm.arm();
    for (const listener of this.#listeners) listener(this.#offset);
  }

  /** Calls `listener` with the new offset whenever time is moved; answers a function that stops it. */
  onMove(listener: (offset: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Runs `ring` once at `moment`; answers a function that cancels it. A pending alarm does not keep the process alive. */
  at(moment: Moment, ring: () => void): () => void {
    const alarm = new Alarm(this, moment, () => {
      this.#alarms.delete(alarm);
      ring();
    });
    this.#alarms.add(alarm);
    alarm.arm();
    return () => {
      this.#alarms.delete(alarm);
      alarm.disarm();
    };
  }
}

/** setTimeout takes at most 2^31-1 ms; a later alarm is armed again when that much has passed. */
const longestTimeout = 2 ** 31 - 1;

class Alarm {
  #timer: NodeJS.Timeout | undefined;
  readonly #clock: MovableClock;
  readonly #moment: Moment;
  readonly #ring: () => void;

  constructor(clock: MovableClock, moment: Moment, ring: () => void) {
    this.#clock = clock;
    this.#moment = moment;
    this.#ring = ring;
  }

  arm(): void {
    this.disarm();
    const wait = Math.max(0, this.#moment - this.#clock.now());
    this.#timer = setTimeout(() => this.#due(), Math.min(wait, longestTimeout));
    this.#timer.unref();
  }

  disarm(): void {
    clearTimeout(this.#timer);
  }

  #due(): void {
    if (this.#clock.now() >= this.#moment) this.#ring();
    else this.arm();
  }
}
