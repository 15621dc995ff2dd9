import { randomUUID } from 'node:crypto';
import type { Message } from 'rhea';
import type { Moment, MovableClock } from '../clock.ts';
import { DuplicateWindow } from './duplicate-window.ts';
import { deadLetterRulesOf, type QueueRules } from './queue-settings.ts';
import { ReadyList } from './ready-list.ts';
import { messageLockLost, messageNotFound, notAllowed, type Refusal } from './refusal.ts';
import { messageIdOf, type StoredMessage, scheduleOf, sessionIdOf } from './stored-message.ts';

/** How a receiver ends its work on a locked message. */
export type Settlement =
  | { readonly outcome: 'complete' }
  | { readonly outcome: 'abandon' | 'defer'; readonly properties: Properties }
  | {
      readonly outcome: 'deadLetter';
      readonly properties: Properties;
      readonly reason?: string | undefined;
      readonly description?: string | undefined;
    };

type Properties = Readonly<Record<string, unknown>>;

export interface Enqueued {
  readonly messageId: string;
  readonly sequenceNumber: number;
  /** Accepted and dropped, because its id was seen within the window. */
  readonly duplicate: boolean;
}

/** The lane of a queue without sessions. */
const singleLane = '';

/** One queue: where its messages are in their lives. It knows nothing of links; {@link onReady} wakes whoever delivers. */
export class Queue {
  readonly name: string;
  readonly rules: QueueRules;
  /** Absent for a dead-letter queue. */
  readonly deadLetters: Queue | undefined;
  /** In the order of their sequence numbers. */
  readonly messages = new Map<number, StoredMessage>();
  onReady: () => void = () => {};

  readonly #clock: MovableClock;
  readonly #lanes = new Map<string, ReadyList<StoredMessage>>();
  readonly #locked = new Map<string, StoredMessage>();
  readonly #duplicates: DuplicateWindow;
  #lastSequenceNumber = 0;

  constructor(name: string, rules: QueueRules, clock: MovableClock, kind: 'main' | 'deadLetter' = 'main') {
    this.name = name;
    this.rules = rules;
    this.#clock = clock;
    this.#duplicates = new DuplicateWindow(rules.duplicateDetectionWindow);
    this.deadLetters =
      kind === 'main'
        ? new Queue(`${name}/$DeadLetterQueue`, deadLetterRulesOf(rules), clock, 'deadLetter')
        : undefined;
  }

  /** Why this message cannot be taken, if so. A batch is taken whole or not at all, so this is asked first for each. */
  objectionTo(content: Message): Refusal | undefined {
    if (!this.deadLetters) return notAllowed('Nothing can be sent to a dead-letter queue.');
    if (!this.rules.requiresSession || typeof content.group_id === 'string') return undefined;
    return notAllowed(`The queue '${this.name}' requires sessions: a message needs a session id.`);
  }

  enqueue(sent: Message): Enqueued {
    // JavaScript's SDK writes an empty id where its caller gave none.
    const content: Message = { ...sent, message_id: sent.message_id || randomUUID().replaceAll('-', '') };
    const now = this.#clock.now();
    const messageId = messageIdOf(content);
    if (this.#duplicates.seen(messageId, now)) return { messageId, sequenceNumber: 0, duplicate: true };
    const message = this.#store(content, scheduleOf(content));
    if (message.scheduledFor !== undefined && message.scheduledFor > now) {
      message.state = 'scheduled';
      this.#ringAt(message, message.scheduledFor, () => this.#activate(message));
    } else {
      this.#start(message);
    }
    return { messageId, sequenceNumber: message.sequenceNumber, duplicate: false };
  }

  cancelScheduled(sequenceNumber: number): Refusal | undefined {
    const message = this.messages.get(sequenceNumber);
    if (message?.state !== 'scheduled') return messageNotFound(sequenceNumber);
    this.remove(message);
    return undefined;
  }

  /** The first ready message of a session (or of a queue without sessions), no longer offered to anybody else. */
  shift(sessionId: string | undefined): StoredMessage | undefined {
    return this.#lanes.get(sessionId ?? singleLane)?.shift();
  }

  /** Sessions that have a message ready. */
  *sessionsWithWork(): Iterable<string> {
    for (const [sessionId, lane] of this.#lanes) if (lane.size > 0) yield sessionId;
  }

  /** Locks a message until `until`; with sessions the lock is the session's and ends with it, so it rings no alarm of its own. */
  lock(message: StoredMessage, until: Moment): void {
    message.cancelAlarm();
    message.state = 'locked';
    message.lock = { token: randomUUID().replaceAll('-', ''), until };
    this.#locked.set(message.lock.token, message);
    if (!this.rules.requiresSession) this.#ringAt(message, until, () => this.#release(message, 'failed'));
  }

  renewLock(token: string): Moment | Refusal {
    const message = this.#held(token);
    if (!message?.lock || this.rules.requiresSession) return messageLockLost();
    const until = this.#clock.now() + this.rules.lockDuration;
    message.lock.until = until;
    this.#ringAt(message, until, () => this.#release(message, 'failed'));
    return until;
  }

  settle(token: string, settlement: Settlement): Refusal | undefined {
    const message = this.#held(token);
    if (!message) return messageLockLost();
    if (settlement.outcome === 'complete') {
      this.remove(message);
    } else if (settlement.outcome === 'deadLetter') {
      if (!this.deadLetters) return notAllowed('A message of a dead-letter queue cannot be dead-lettered.');
      this.#deadLetter(message, settlement.reason, settlement.description, settlement.properties);
    } else {
      message.content = withProperties(message.content, settlement.properties);
      if (settlement.outcome === 'defer') message.deferred = true;
      this.#release(message, 'failed');
    }
    return undefined;
  }

  /** Ends the locks of a session's messages; one that lapsed counts as a failed delivery, one whose receiver left does not. */
  releaseSession(sessionId: string, how: 'failed' | 'returned'): void {
    for (const message of [...this.#locked.values()]) {
      if (sessionIdOf(message) === sessionId) this.#release(message, how);
    }
  }

  /** The session's new lock holds for the messages that it has in hand. */
  extendSession(sessionId: string, until: Moment): void {
    for (const message of this.#locked.values()) {
      if (message.lock && sessionIdOf(message) === sessionId) message.lock.until = until;
    }
  }

  remove(message: StoredMessage): void {
    message.cancelAlarm();
    this.#unlock(message);
    this.messages.delete(message.sequenceNumber);
  }

  #held(token: string): StoredMessage | undefined {
    const message = this.#locked.get(token);
    if (!message?.lock || message.lock.until > this.#clock.now()) return message;
    // Time was moved past the lock, and its alarm has not rung yet.
    this.#release(message, 'failed');
    return undefined;
  }

  #store(content: Message, scheduledFor: Moment | undefined, origin?: StoredMessage): StoredMessage {
    const sequenceNumber = ++this.#lastSequenceNumber;
    const message: StoredMessage = {
      sequenceNumber,
      firstSequenceNumber: origin?.sequenceNumber ?? sequenceNumber,
      content,
      state: 'active',
      deliveryCount: origin?.deliveryCount ?? 0,
      enqueuedAt: this.#clock.now(),
      scheduledFor,
      expiresAt: undefined,
      lock: undefined,
      deferred: false,
      cancelAlarm: () => {},
    };
    this.messages.set(sequenceNumber, message);
    return message;
  }

  /** A schedule came due: the message joins the end of the queue under a new number. */
  #activate(message: StoredMessage): void {
    this.messages.delete(message.sequenceNumber);
    message.sequenceNumber = ++this.#lastSequenceNumber;
    message.enqueuedAt = this.#clock.now();
    this.messages.set(message.sequenceNumber, message);
    this.#start(message);
  }

  /** Life begins: from now on its time to live runs. */
  #start(message: StoredMessage): void {
    const timeToLive = Math.min(message.content.ttl ?? Number.POSITIVE_INFINITY, this.rules.timeToLive);
    if (this.deadLetters && Number.isFinite(timeToLive)) message.expiresAt = message.enqueuedAt + timeToLive;
    this.#makeReady(message);
  }

  #makeReady(message: StoredMessage): void {
    message.state = 'active';
    this.#laneOf(message).insert(message);
    if (message.expiresAt !== undefined) this.#ringAt(message, message.expiresAt, () => this.#expire(message));
    this.onReady();
  }

  #expire(message: StoredMessage): void {
    if (message.state === 'active') this.#laneOf(message).remove(message);
    if (this.rules.deadLetterOnExpiration) {
      this.#deadLetter(message, 'TTLExpiredException', 'The message expired and was dead lettered.');
    } else {
      this.remove(message);
    }
  }

  /** A lock ended without a final outcome. */
  #release(message: StoredMessage, how: 'failed' | 'returned'): void {
    message.cancelAlarm();
    this.#unlock(message);
    if (how === 'failed') message.deliveryCount++;
    const expired = message.expiresAt !== undefined && message.expiresAt <= this.#clock.now();
    if (message.deliveryCount >= this.rules.maxDeliveryCount) this.#deadLetterForAttempts(message);
    else if (message.deferred) message.state = 'deferred';
    else if (expired) this.#expire(message);
    else this.#makeReady(message);
  }

  #deadLetterForAttempts(message: StoredMessage): void {
    const attempts = `Message could not be consumed after ${this.rules.maxDeliveryCount} delivery attempts.`;
    this.#deadLetter(message, 'MaxDeliveryCountExceeded', attempts);
  }

  #deadLetter(message: StoredMessage, reason?: string, description?: string, properties: Properties = {}): void {
    this.remove(message);
    const { ttl: _, ...content } = withProperties(message.content, {
      ...properties,
      ...(reason !== undefined && { DeadLetterReason: reason }),
      ...(description !== undefined && { DeadLetterErrorDescription: description }),
    });
    const annotations = { ...content.message_annotations, 'x-opt-deadletter-source': this.name };
    this.deadLetters?.takeDeadLetter({ ...content, message_annotations: annotations }, message);
  }

  /** Keeps a message that its queue gave up, with its first number and its count of deliveries. */
  takeDeadLetter(content: Message, origin: StoredMessage): void {
    this.#start(this.#store(content, undefined, origin));
  }

  #unlock(message: StoredMessage): void {
    if (message.lock) this.#locked.delete(message.lock.token);
    message.lock = undefined;
  }

  #laneOf(message: StoredMessage): ReadyList<StoredMessage> {
    const name = this.rules.requiresSession ? (sessionIdOf(message) ?? singleLane) : singleLane;
    const lane = this.#lanes.get(name) ?? new ReadyList<StoredMessage>();
    this.#lanes.set(name, lane);
    return lane;
  }

  #ringAt(message: StoredMessage, moment: Moment, ring: () => void): void {
    message.cancelAlarm();
    message.cancelAlarm = this.#clock.at(moment, ring);
  }
}

function withProperties(content: Message, properties: Properties): Message {
  return { ...content, application_properties: { ...content.application_properties, ...properties } };
}
