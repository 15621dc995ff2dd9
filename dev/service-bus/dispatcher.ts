import type { Moment, MovableClock } from '../clock.ts';
import type { Queue } from './queue.ts';
import { noSession, Refusal, sessionCannotBeLocked } from './refusal.ts';
import { type SessionHolder, SessionLocks } from './session-locks.ts';
import type { StoredMessage } from './stored-message.ts';

/** A receiver that messages can be handed to. */
export interface Consumer extends SessionHolder {
  readonly mode: 'peekLock' | 'receiveAndDelete';
  /** Set while it holds a session. */
  sessionId: string | undefined;
  /** How many messages it can take now. */
  room(): number;
  take(message: StoredMessage): void;
  /** Everything that could be delivered has been; it may tell its client so. */
  delivered(): void;
}

/** Told once: the session's id, or why there is none. */
export type SessionAnswer = (answer: { readonly sessionId: string } | Refusal) => void;

interface Waiter {
  readonly consumer: Consumer;
  readonly answer: SessionAnswer;
  readonly timer: NodeJS.Timeout;
}

/** Hands the ready messages of one queue to its consumers, in turn, and its sessions to those who wait for one. */
export class Dispatcher {
  readonly queue: Queue;
  readonly sessions: SessionLocks;
  readonly #clock: MovableClock;
  readonly #consumers = new Set<Consumer>();
  #waiters: Waiter[] = [];
  #scheduled = false;

  constructor(queue: Queue, clock: MovableClock) {
    this.queue = queue;
    this.#clock = clock;
    this.sessions = new SessionLocks(clock, queue.rules.lockDuration, (sessionId, how) => {
      queue.releaseSession(sessionId, how);
      this.wake();
    });
    queue.onReady = () => this.wake();
  }

  add(consumer: Consumer): void {
    this.#consumers.add(consumer);
    this.wake();
  }

  renewSession(sessionId: string): Moment | Refusal {
    const until = this.sessions.renew(sessionId);
    if (!(until instanceof Refusal)) this.queue.extendSession(sessionId, until);
    return until;
  }

  /** A receiver left: its session is free again; messages that it holds without a session stay locked until their locks lapse. */
  remove(consumer: Consumer): void {
    this.#consumers.delete(consumer);
    for (const waiter of this.#waiters) if (waiter.consumer === consumer) clearTimeout(waiter.timer);
    this.#waiters = this.#waiters.filter((waiter) => waiter.consumer !== consumer);
    if (consumer.sessionId !== undefined) this.sessions.giveBack(consumer.sessionId, consumer);
  }

  acceptSession(consumer: Consumer, sessionId: string, answer: SessionAnswer): void {
    if (this.sessions.isHeld(sessionId)) answer(sessionCannotBeLocked(sessionId));
    else this.#giveSession(consumer, sessionId, answer);
  }

  /** Waits for any session with work. The wait is the client's patience, so it is real time, in milliseconds. */
  acceptNextSession(consumer: Consumer, patience: number, answer: SessionAnswer): void {
    const timer = setTimeout(() => {
      this.#waiters = this.#waiters.filter((waiter) => waiter.timer !== timer);
      answer(noSession());
    }, patience);
    timer.unref();
    this.#waiters.push({ consumer, answer, timer });
    this.wake();
  }

  /** Delivers soon, once for any number of calls. */
  wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#offerSessions();
      if (this.#deliver()) this.wake();
      else for (const consumer of this.#consumers) consumer.delivered();
    });
  }

  /** Gives each consumer what it has room for, one message a turn; answers whether anything was delivered. */
  #deliver(): boolean {
    let any = false;
    let progress = true;
    while (progress) {
      progress = false;
      for (const consumer of this.#consumers) progress = this.#deliverOne(consumer) || progress;
      any ||= progress;
    }
    return any;
  }

  #deliverOne(consumer: Consumer): boolean {
    if (consumer.room() <= 0) return false;
    const { sessionId } = consumer;
    if (sessionId !== undefined && !this.sessions.isHeldBy(sessionId, consumer)) return false;
    const message = this.queue.shift(sessionId);
    if (!message) return false;
    if (consumer.mode === 'receiveAndDelete') this.queue.remove(message);
    else this.queue.lock(message, this.#lockEnd(sessionId));
    consumer.take(message);
    return true;
  }

  #lockEnd(sessionId: string | undefined): number {
    return sessionId === undefined ? this.#clock.now() + this.queue.rules.lockDuration : this.sessions.until(sessionId);
  }

  #offerSessions(): void {
    if (this.#waiters.length === 0) return;
    for (const sessionId of this.queue.sessionsWithWork()) {
      if (this.sessions.isHeld(sessionId)) continue;
      const waiter = this.#waiters.shift();
      if (!waiter) return;
      clearTimeout(waiter.timer);
      this.#giveSession(waiter.consumer, sessionId, waiter.answer);
    }
  }

  #giveSession(consumer: Consumer, sessionId: string, answer: SessionAnswer): void {
    this.sessions.take(sessionId, consumer);
    consumer.sessionId = sessionId;
    this.#consumers.add(consumer);
    answer({ sessionId });
    this.wake();
  }
}
