/** Limits on automatic writing that hold whatever has been approved. Held work stays Approved. */
export interface ApplyPolicy {
  /** Nothing is written while this is on. */
  readonly killSwitch: boolean;
  readonly mostChangesPerRun: number;
  readonly mostChangesPerHour: number;
  /** Local times `HH:MM` in an IANA zone between which nothing is written. */
  readonly quietHours?: { readonly from: string; readonly to: string; readonly zone: string };
  /** Of the last `of` writes at most this many may have been refused; more open the circuit for an hour. */
  readonly breaker: { readonly failures: number; readonly of: number };
}

export type Gate =
  | { readonly open: true /** Changes that may still be written now. */; readonly room: number }
  | { readonly open: false; readonly why: string /** When to look again. */; readonly until: Date };

const minute = 60_000;
const hour = 60 * minute;

/**
 * Whether a lane may write now, and how much.
 * @param recent the lane's writes of the last hour
 */
export function applyGate(
  policy: ApplyPolicy,
  recent: readonly { readonly at: string; readonly ok: boolean }[],
  writtenThisRun: number,
  now: Date,
): Gate {
  const held = (why: string, wait: number): Gate => ({ open: false, why, until: new Date(now.getTime() + wait) });
  if (policy.killSwitch) return held('the kill switch is on', 5 * minute);
  if (policy.quietHours && isQuiet(policy.quietHours, now)) return held('these are quiet hours', 10 * minute);
  const inLastHour = recent.filter((write) => Date.parse(write.at) > now.getTime() - hour);
  const lately = inLastHour.slice(-policy.breaker.of);
  if (lately.filter((write) => !write.ok).length > policy.breaker.failures)
    return held('too many of the last writes were refused', hour);
  const room = Math.min(policy.mostChangesPerRun - writtenThisRun, policy.mostChangesPerHour - inLastHour.length);
  if (room <= 0) return held('the cap on changes is reached', minute);
  return { open: true, room };
}

function isQuiet({ from, to, zone }: NonNullable<ApplyPolicy['quietHours']>, now: Date): boolean {
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(now);
  return from <= to ? from <= local && local < to : from <= local || local < to;
}
