import type { MovableClock } from '../clock.ts';

export interface Lock {
  /** The moment until which the broker keeps the lock, by its own clock. */
  readonly lockedUntil: () => Date | undefined;
  readonly renew: () => Promise<unknown>;
}

const shortestWait = 100;
/** Bounds the wait so that a renewal is never late, whatever the broker's clock was moved to. */
const longestWait = 10_000;

/**
 * Renews a lock half-way through each of its periods, for at most `duration` milliseconds; answers the function that
 * stops it. The SDK's own renewal reckons with the real time, which is not the broker's once the clock was moved.
 */
export function keepLocked(
  lock: Lock,
  duration: number,
  clock: MovableClock,
  onLost: (error: unknown) => void,
): () => void {
  const end = performance.now() + duration;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function waitForNext(): void {
    const remaining = (lock.lockedUntil()?.getTime() ?? clock.now()) - clock.now();
    const wait = Math.min(Math.max(remaining / 2, shortestWait), longestWait);
    if (performance.now() + wait < end) timer = setTimeout(() => void renew(), wait);
  }

  async function renew(): Promise<void> {
    try {
      await lock.renew();
    } catch (error) {
      if (!stopped) onLost(error);
      return;
    }
    if (!stopped) waitForNext();
  }

  waitForNext();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
