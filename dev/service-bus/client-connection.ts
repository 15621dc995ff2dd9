import type { Message, Receiver, Sender } from 'rhea';
import { Grants } from './authorization.ts';
import type { LinkConsumer } from './link-consumer.ts';
import { endpointOf } from './wire.ts';

/** What the broker keeps about one connection of a client. */
export class ClientConnection {
  readonly grants = new Grants();
  readonly consumers = new Map<Sender, LinkConsumer>();
  readonly #replyLinks = new Map<string, Sender>();

  /** A client that asks `$cbs` or `$management` opens a link for the answers first. */
  addReplyLink(link: Sender): void {
    const { source, target } = endpointOf(link).remote.attach;
    if (target?.address) this.#replyLinks.set(target.address, link);
    if (source?.address) this.#replyLinks.set(source.address, link);
    this.#replyLinks.set(link.name, link);
  }

  /** Answers a request. It waits for the request's disposition to leave first: clients other than JavaScript's insist on that order. */
  reply(requests: Receiver, request: Message, answer: Pick<Message, 'application_properties' | 'body'>): void {
    const node = endpointOf(requests).remote.attach.target?.address ?? '';
    const link = this.#replyLinks.get(request.reply_to ?? '') ?? this.#replyLinks.get(node);
    const correlation = request.message_id === undefined ? {} : { correlation_id: request.message_id };
    setImmediate(() => {
      if (link?.is_open()) link.send({ ...correlation, ...answer });
    });
  }

  leave(belongs: (link: Sender) => boolean): void {
    for (const [link, consumer] of this.consumers) {
      if (!belongs(link)) continue;
      this.consumers.delete(link);
      consumer.leave();
    }
  }
}
