import type { Session } from 'rhea';

interface Disposition {
  readonly outcome: 'accepted' | 'other';
  readonly write: () => void;
}

/**
 * Answers deliveries of one AMQP session. rhea 3.0.5 sends neighbouring dispositions of one tick as a single range with
 * the first one's outcome, even when their outcomes differ (write_dispositions in its lib/session.js): a refusal
 * could leave as an acceptance. So only acceptances share a tick; everything else waits for a tick of its own.
 */
class DispositionWriter {
  #last: Disposition['outcome'] | undefined;
  #waiting: Disposition[] = [];

  add(disposition: Disposition): void {
    this.#waiting.push(disposition);
    if (this.#waiting.length === 1) this.#write();
  }

  #write(): void {
    while (this.#waiting[0]) {
      const next = this.#waiting[0];
      if (this.#last !== undefined && (this.#last !== 'accepted' || next.outcome !== 'accepted')) return;
      this.#waiting.shift();
      if (this.#last === undefined) setImmediate(() => this.#nextTick());
      this.#last = next.outcome;
      next.write();
    }
  }

  #nextTick(): void {
    this.#last = undefined;
    this.#write();
  }
}

const writers = new WeakMap<Session, DispositionWriter>();

/** Writes a disposition in the session's order, in a tick where rhea cannot merge it with a different one. */
export function writeDisposition(session: Session, outcome: Disposition['outcome'], write: () => void): void {
  const writer = writers.get(session) ?? new DispositionWriter();
  writers.set(session, writer);
  writer.add({ outcome, write });
}
