import type { Message } from 'rhea';
import type { Moment } from '../clock.ts';

export type MessageState = 'active' | 'locked' | 'scheduled' | 'deferred';

/** A message as a queue holds it. */
export interface StoredMessage {
  sequenceNumber: number;
  /** The number it had first: before its schedule came due, or in the queue that dead-lettered it. */
  readonly firstSequenceNumber: number;
  /** The AMQP message as it was sent, without what the broker adds on delivery. */
  content: Message;
  state: MessageState;
  /** Deliveries that ended without success. */
  deliveryCount: number;
  enqueuedAt: Moment;
  readonly scheduledFor: Moment | undefined;
  expiresAt: Moment | undefined;
  lock: MessageLock | undefined;
  /** Once deferred it is never delivered again, only received by its number. */
  deferred: boolean;
  /** Cancels the one pending alarm: schedule, expiry or lock. */
  cancelAlarm: () => void;
}

export interface MessageLock {
  /** A UUID as 32 hex digits. */
  readonly token: string;
  until: Moment;
}

export function sessionIdOf(message: { readonly content: Message }): string | undefined {
  return message.content.group_id;
}

export function messageIdOf(content: Message): string {
  return String(content.message_id ?? '');
}

/** The time a sender asked for, as the scheduled-enqueue annotation carries it. */
export function scheduleOf(content: Message): Moment | undefined {
  const annotation: unknown = content.message_annotations?.['x-opt-scheduled-enqueue-time'];
  if (annotation instanceof Date) return annotation.getTime();
  return typeof annotation === 'number' ? annotation : undefined;
}

/** The body as people read it: JSON parsed, other text as a string, AMQP values as they are. */
export function readBody(content: Message): unknown {
  const body: unknown = content.body;
  const data = typeof body === 'object' && body !== null && 'content' in body ? body.content : body;
  if (!Buffer.isBuffer(data)) return data;
  const text = data.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
