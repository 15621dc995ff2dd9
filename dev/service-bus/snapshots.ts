import type { Moment } from '../clock.ts';
import type { Queue } from './queue.ts';
import { type MessageState, messageIdOf, readBody, type StoredMessage, sessionIdOf } from './stored-message.ts';

/** How many messages of a queue are in each state, and how many it has dead-lettered. */
export interface QueueCounts {
  readonly active: number;
  readonly locked: number;
  readonly scheduled: number;
  readonly deferred: number;
  readonly deadLetter: number;
}

/** A message as it is in its queue at one moment. */
export interface MessageSnapshot {
  readonly sequenceNumber: number;
  readonly messageId: string;
  readonly sessionId?: string;
  readonly state: MessageState;
  readonly deliveryCount: number;
  /** JSON where the body parses as such, else its text. */
  readonly body: unknown;
  readonly applicationProperties: Readonly<Record<string, unknown>>;
  readonly enqueuedAt: Moment;
  readonly scheduledFor?: Moment;
  readonly lockedUntil?: Moment;
  /** Of a dead letter. */
  readonly deadLetterReason?: string;
  readonly deadLetterDescription?: string;
}

export function countsOf(queue: Queue): QueueCounts {
  const counts = { active: 0, locked: 0, scheduled: 0, deferred: 0, deadLetter: queue.deadLetters?.messages.size ?? 0 };
  for (const { state } of queue.messages.values()) counts[state]++;
  return counts;
}

export function snapshotsOf(queue: Queue): MessageSnapshot[] {
  return queue.messages.values().map(snapshotOf).toArray();
}

function snapshotOf(message: StoredMessage): MessageSnapshot {
  const { content, scheduledFor, lock } = message;
  const applicationProperties = { ...content.application_properties };
  const { DeadLetterReason: reason, DeadLetterErrorDescription: description } = applicationProperties;
  const sessionId = sessionIdOf(message);
  return {
    sequenceNumber: message.sequenceNumber,
    messageId: messageIdOf(content),
    ...(sessionId !== undefined && { sessionId }),
    state: message.state,
    deliveryCount: message.deliveryCount,
    body: readBody(content),
    applicationProperties,
    enqueuedAt: message.enqueuedAt,
    ...(message.state === 'scheduled' && scheduledFor !== undefined && { scheduledFor }),
    ...(lock && { lockedUntil: lock.until }),
    ...(reason !== undefined && { deadLetterReason: String(reason) }),
    ...(description !== undefined && { deadLetterDescription: String(description) }),
  };
}
