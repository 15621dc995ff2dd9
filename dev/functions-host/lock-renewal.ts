import type { MovableClock } from '../clock.ts';

export interface Lock {
  /** The moment until which the broker keeps the lock, by its own clock. */
  readonly lockedUntil: () => Date | undefined;
  readonly renew: () => Promise<unknown>;
}

/** Never renew more often than this, in milliseconds. */
const shortestWait = 100;

/**
 * Renews a lock half-way through each of its periods, for at most `duration` milliseconds; answers the function that
 * stops it. The SDK's own renewal reckons with the real time, which is not the broker's once the clock was moved.
 */
export function keepLocked(
  lock: Lock,
  duration: number,
  clock: MovableClock,
  onError: (error: unknown) => void,
): () => void {
  const end = clock.now() + duration;
  let stopped = false;
  let cancel = (): void => undefined;

  function waitForNext(): void {
    const now = clock.now();
    const remaining = (lock.lockedUntil()?.getTime() ?? now) - now;
    const next = now + Math.max(remaining / 2, shortestWait);
    if (next < end) cancel = clock.at(next, () => void renew());
  }

  async function renew(): Promise<void> {
    try {
      await lock.renew();
    } catch (error) {
      if (stopped) return;
      onError(error);
      if (isLost(error)) return;
    }
    if (!stopped) waitForNext();
  }

  waitForNext();
  return () => {
    stopped = true;
    cancel();
  };
}

/** The SDK's codes for a lock that cannot be renewed any more; every other error may pass. */
function isLost(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'MessageLockLost' || code === 'SessionLockLost';
}
