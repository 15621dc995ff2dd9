/** Transient failures are tried again for this long; then a person is asked. */
export const giveUpAfterSeconds = 24 * 60 * 60;

const first = 15;
const longest = 15 * 60;

/**
 * Seconds until the next attempt after `attempt` failures in a row (0: the first has just failed).
 *
 * @param afterSeconds what the failing system asked for, in place of ours; 0 when it asked for nothing
 * @param jitter in [0, 1): spreads the attempts of many cases over the last quarter of the wait
 */
export function secondsUntilNextAttempt(attempt: number, jitter: number, afterSeconds = 0): number {
  if (afterSeconds > 0) return afterSeconds + jitter;
  const doubled = Math.min(longest, first * 2 ** Math.min(attempt, 10));
  return doubled * (0.75 + jitter / 4);
}
