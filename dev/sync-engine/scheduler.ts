import type { Moment, MovableClock } from '../clock.ts';
import type { PolicyType } from './cycle.ts';

export const cycleIntervalMs = 30 * 60 * 1000;

/** Starts a cycle every 30 minutes of the local clock while it is enabled. */
export class Scheduler {
  readonly #clock: MovableClock;
  readonly #start: (policyType: PolicyType) => void;
  #cancel: (() => void) | undefined;
  nextStart: Moment | undefined;
  nextPolicyType: PolicyType = 'Delta';

  constructor(clock: MovableClock, start: (policyType: PolicyType) => void) {
    this.#clock = clock;
    this.#start = start;
  }

  enable(enabled: boolean): void {
    if (enabled === (this.nextStart !== undefined)) return;
    if (enabled) this.#arm();
    else this.stop();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.nextStart = undefined;
  }

  #arm(): void {
    this.nextStart = this.#clock.now() + cycleIntervalMs;
    this.#cancel = this.#clock.at(this.nextStart, () => {
      this.#arm();
      this.#start(this.nextPolicyType);
    });
  }
}
