import type { Moment, MovableClock } from '../clock.ts';
import { type Refusal, sessionLockLost } from './refusal.ts';

/** Whoever holds the lock of a session; told when it lapses. */
export interface SessionHolder {
  sessionLost(sessionId: string): void;
}

interface HeldSession {
  readonly holder: SessionHolder;
  until: Moment;
  cancelAlarm: () => void;
}

/** The exclusive locks of a queue's sessions, and the state that receivers keep with them. */
export class SessionLocks {
  readonly #clock: MovableClock;
  readonly #duration: number;
  readonly #onEnd: (sessionId: string, how: 'failed' | 'returned') => void;
  readonly #held = new Map<string, HeldSession>();
  readonly #states = new Map<string, Buffer>();

  /** `duration` in milliseconds; `onEnd` learns whether a lock lapsed (`failed`) or was given back (`returned`). */
  constructor(clock: MovableClock, duration: number, onEnd: (sessionId: string, how: 'failed' | 'returned') => void) {
    this.#clock = clock;
    this.#duration = duration;
    this.#onEnd = onEnd;
  }

  isHeld(sessionId: string): boolean {
    return this.#current(sessionId) !== undefined;
  }

  isHeldBy(sessionId: string, holder: SessionHolder): boolean {
    return this.#current(sessionId)?.holder === holder;
  }

  /** Locks a session that nobody holds. */
  take(sessionId: string, holder: SessionHolder): void {
    this.#held.set(sessionId, { holder, until: 0, cancelAlarm: () => {} });
    this.#extend(sessionId);
  }

  renew(sessionId: string): Moment | Refusal {
    const until = this.isHeld(sessionId) ? this.#extend(sessionId) : undefined;
    return until ?? sessionLockLost(sessionId);
  }

  until(sessionId: string): Moment {
    return this.#held.get(sessionId)?.until ?? 0;
  }

  /** The holder leaves; nothing happens when the lock is no longer its own. */
  giveBack(sessionId: string, holder: SessionHolder): void {
    if (this.#held.get(sessionId)?.holder === holder) this.#end(sessionId, 'returned');
  }

  readState(sessionId: string): Buffer | undefined {
    return this.#states.get(sessionId);
  }

  writeState(sessionId: string, state: Buffer | undefined): Refusal | undefined {
    if (!this.isHeld(sessionId)) return sessionLockLost(sessionId);
    if (state) this.#states.set(sessionId, state);
    else this.#states.delete(sessionId);
    return undefined;
  }

  #extend(sessionId: string): Moment | undefined {
    const session = this.#held.get(sessionId);
    if (!session) return undefined;
    session.cancelAlarm();
    session.until = this.#clock.now() + this.#duration;
    session.cancelAlarm = this.#clock.at(session.until, () => this.#lapse(sessionId));
    return session.until;
  }

  /** The holder, unless its time is over: time may have been moved before the alarm could ring. */
  #current(sessionId: string): HeldSession | undefined {
    const session = this.#held.get(sessionId);
    if (!session || session.until > this.#clock.now()) return session;
    this.#lapse(sessionId);
    return undefined;
  }

  #lapse(sessionId: string): void {
    const session = this.#held.get(sessionId);
    this.#end(sessionId, 'failed');
    session?.holder.sessionLost(sessionId);
  }

  #end(sessionId: string, how: 'failed' | 'returned'): void {
    this.#held.get(sessionId)?.cancelAlarm();
    this.#held.delete(sessionId);
    this.#onEnd(sessionId, how);
  }
}
