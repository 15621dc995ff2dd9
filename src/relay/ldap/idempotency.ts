import { createHash } from 'node:crypto';
import type { ChangeAnswer, DirectoryChange } from '../../relay-contract.ts';

type Done = Extract<ChangeAnswer, { outcome: 'applied' }>;

/** How many finished writes are remembered; older ones are recognised by their state and `begun`. */
const remembered = 10_000;

const keyReused: ChangeAnswer = {
  outcome: 'refused',
  code: 'IdempotencyKeyReused',
  message: 'The idempotency key was used for another change.',
};

/**
 * Answers a repeated request as it was answered before, and lets two equal requests at one time share one write. What was not
 * applied is not remembered: it may be tried again.
 */
export class DoneWrites {
  readonly #done = new Map<string, { readonly change: string; readonly answer: Done }>();
  readonly #running = new Map<string, { readonly change: string; readonly answer: Promise<ChangeAnswer> }>();

  async once(key: string, change: DirectoryChange, write: () => Promise<ChangeAnswer>): Promise<ChangeAnswer> {
    const hash = createHash('sha256').update(JSON.stringify(change)).digest('base64');
    const known = this.#done.get(key) ?? this.#running.get(key);
    if (known !== undefined) return known.change === hash ? known.answer : keyReused;

    const answer = write();
    this.#running.set(key, { change: hash, answer });
    try {
      const written = await answer;
      if (written.outcome === 'applied') this.#remember(key, hash, written);
      return written;
    } finally {
      this.#running.delete(key);
    }
  }

  #remember(key: string, change: string, answer: Done): void {
    this.#done.set(key, { change, answer });
    const [oldest] = this.#done.keys();
    if (this.#done.size > remembered && oldest !== undefined) this.#done.delete(oldest);
  }
}
