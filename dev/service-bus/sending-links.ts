import type { Connection, Delivery, Message, Receiver } from 'rhea';
import { writeDisposition } from './disposition-writer.ts';
import type { Faults } from './faults.ts';
import { type Inbox, largestMessage } from './inbox.ts';
import type { Queue } from './queue.ts';
import { malformed, Refusal, tooLarge } from './refusal.ts';
import { accepted, codec, rejectedWith } from './wire.ts';

/** Links on which clients send; rhea calls them receivers, because the broker receives. */

/** The message format of a Service Bus batch: an envelope whose every data section is an encoded message. */
const batchFormat = 0x80013700;

/** What arrived on a link: an AMQP message, or the bytes of one in another format. */
export interface Arrival {
  readonly delivery: Delivery;
  readonly message: Message | Buffer;
  readonly format: number;
}

export function takeArrival(queue: Queue, link: Receiver, arrival: Arrival, inbox: Inbox, faults: Faults): void {
  const contents = contentsOf(arrival);
  const taken = contents instanceof Refusal ? contents : inbox.take(queue, contents);
  if (faults.sends === 'loseReply') dropConnection(link.connection);
  else answer(arrival.delivery, taken instanceof Refusal ? taken : undefined);
}

/** Accepts a delivery, or rejects it with the refusal. */
export function answer(delivery: Delivery, refusal?: Refusal): void {
  writeDisposition(delivery.link.session, refusal ? 'other' : 'accepted', () =>
    delivery.update(true, refusal ? rejectedWith(refusal) : accepted()),
  );
}

/** rhea notices the loss of a socket by its error, not by its close. */
export function dropConnection(connection: Connection): void {
  connection['socket']?.destroy(new Error('The stand-in dropped the connection.'));
}

function contentsOf({ message, format }: Arrival): Message[] | Refusal {
  if (!Buffer.isBuffer(message)) return [message];
  if (format !== batchFormat) return malformed(`The message format ${format} is not known.`);
  if (message.length > largestMessage) return tooLarge(largestMessage);
  const { content } = codec.decode(message)['body'] as { content: Buffer | Buffer[] };
  return [content].flat().map((encoded) => decodeMessage(encoded));
}

/** rhea's codec types its result more loosely than the messages of its events. */
export const decodeMessage = (encoded: Buffer): Message => codec.decode(encoded) as unknown as Message;
