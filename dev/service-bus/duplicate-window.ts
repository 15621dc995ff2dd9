import type { Moment } from '../clock.ts';

/** Remembers message ids for the length of the duplicate-detection window; a window of 0 remembers nothing. */
export class DuplicateWindow {
  readonly #length: number;
  readonly #forgottenAt = new Map<string, Moment>();

  constructor(length: number) {
    this.#length = length;
  }

  /** Whether `messageId` was seen within the window; a first sight starts its window. */
  seen(messageId: string, now: Moment): boolean {
    if (this.#length === 0) return false;
    this.#forgetBefore(now);
    if (this.#forgottenAt.has(messageId)) return true;
    this.#forgottenAt.set(messageId, now + this.#length);
    return false;
  }

  /** Ids are kept in the order of arrival, so the oldest come first. */
  #forgetBefore(now: Moment): void {
    for (const [messageId, forgottenAt] of this.#forgottenAt) {
      if (forgottenAt > now) return;
      this.#forgottenAt.delete(messageId);
    }
  }
}
