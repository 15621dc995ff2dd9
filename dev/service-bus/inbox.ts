import type { Message } from 'rhea';
import type { Moment, MovableClock } from '../clock.ts';
import type { Faults } from './faults.ts';
import type { Queue } from './queue.ts';
import { type Refusal, serverBusy, tooLarge } from './refusal.ts';
import { readBody, scheduleOf } from './stored-message.ts';
import { codec } from './wire.ts';

/** What Service Bus Standard takes, for one message and for a batch of them. */
export const largestMessage = 256 * 1024;

/** One message that the broker took from a client, or recognised as a duplicate and dropped. */
export interface SentMessage {
  readonly queue: string;
  readonly messageId: string;
  readonly sessionId?: string;
  /** JSON where the body parses as such, else its text. */
  readonly body: unknown;
  readonly at: Moment;
  /** Present when the sender asked for a later time. */
  readonly scheduledFor?: Moment;
  readonly duplicate: boolean;
}

/** Takes what clients send, whole or not at all, and keeps the log of it. */
export class Inbox {
  readonly log: SentMessage[] = [];
  readonly #clock: MovableClock;
  readonly #faults: Faults;

  constructor(clock: MovableClock, faults: Faults) {
    this.#clock = clock;
    this.#faults = faults;
  }

  /** Sequence numbers in the order of the messages; a duplicate has 0. */
  take(queue: Queue, contents: readonly Message[]): number[] | Refusal {
    if (this.#faults.sends === 'refuse') return serverBusy();
    for (const content of contents) {
      const objection = queue.objectionTo(content) ?? sizeObjectionTo(content);
      if (objection) return objection;
    }
    return contents.map((content) => this.#enqueue(queue, content));
  }

  #enqueue(queue: Queue, content: Message): number {
    const scheduledFor = scheduleOf(content);
    const { sequenceNumber, duplicate, messageId } = queue.enqueue(content);
    this.log.push({
      queue: queue.name,
      messageId,
      ...(content.group_id !== undefined && { sessionId: content.group_id }),
      body: readBody(content),
      at: this.#clock.now(),
      ...(scheduledFor !== undefined && { scheduledFor }),
      duplicate,
    });
    return sequenceNumber;
  }
}

function sizeObjectionTo(content: Message): Refusal | undefined {
  return codec.encode(content).length > largestMessage ? tooLarge(largestMessage) : undefined;
}
