/** How the host restarts a crashed worker process. `lenient` always restarts at once, so that a test can go on crashing it. */
export type RestartPolicy = 'real' | 'lenient';

/** Wait before the first, second, … restart in milliseconds; one crash more and the host stops. Measured on the real host. */
export const measuredRestartDelays: readonly number[] = [0, 10_000];

const windowMilliseconds = 30 * 60_000;

/**
 * What follows a crash at `now`, given the moments of all crashes so far, this one included: the wait in
 * milliseconds before the restart, or `stop` when there were too many within 30 minutes.
 */
export function afterCrash(crashes: readonly number[], now: number, delays: readonly number[]): number | 'stop' {
  const recent = crashes.filter((moment) => now - moment < windowMilliseconds).length;
  return delays[recent - 1] ?? 'stop';
}
