import type { Delivery, Sender } from 'rhea';
import type { Consumer, Dispatcher } from './dispatcher.ts';
import type { Settlement } from './queue.ts';
import { type Refusal, sessionLockLost } from './refusal.ts';
import type { StoredMessage } from './stored-message.ts';
import { deliveryTagOf, emptyTag, encodeDelivery, internalsOf, roomOf } from './wire.ts';

/** A client's receiving link as a consumer of its queue. */
export class LinkConsumer implements Consumer {
  readonly mode: Consumer['mode'];
  sessionId: string | undefined;
  readonly #dispatcher: Dispatcher;
  readonly #link: Sender;
  readonly #tokens = new WeakMap<Delivery, string>();

  constructor(dispatcher: Dispatcher, link: Sender, mode: Consumer['mode']) {
    this.#dispatcher = dispatcher;
    this.#link = link;
    this.mode = mode;
  }

  room(): number {
    return this.#link.is_open() ? roomOf(this.#link) : 0;
  }

  take(message: StoredMessage): void {
    const token = message.lock?.token;
    const delivery = this.#link.send(encodeDelivery(message), token ? deliveryTagOf(token) : emptyTag(), 0);
    if (token) this.#tokens.set(delivery, token);
  }

  /** A client that drains its credit waits to hear that no more will come. */
  delivered(): void {
    const { _draining, credit, connection } = internalsOf(this.#link);
    if (!_draining || credit === 0) return;
    this.#link.set_drained(true);
    connection._register();
  }

  flow(): void {
    this.#dispatcher.wake();
  }

  /** The answer to the client's outcome for a delivery; `again` when that one was answered before. */
  settle(delivery: Delivery, settlement: Settlement): Refusal | undefined | 'again' {
    const token = this.#tokens.get(delivery);
    if (token === undefined) return 'again';
    this.#tokens.delete(delivery);
    const { sessionId } = this;
    if (sessionId !== undefined && !this.#dispatcher.sessions.isHeldBy(sessionId, this)) {
      return sessionLockLost(sessionId);
    }
    return this.#dispatcher.queue.settle(token, settlement);
  }

  sessionLost(sessionId: string): void {
    const { condition, description } = sessionLockLost(sessionId);
    this.#link.close({ condition, description });
  }

  leave(): void {
    this.#dispatcher.remove(this);
  }
}
