/** Limits on automatic writing that hold whatever has been approved. Held work stays Approved. */
export interface ApplyPolicy {
  /** Nothing is written while this is on. */
  readonly killSwitch: boolean;
  readonly mostChangesPerRun: number;
  readonly mostChangesPerHour: number;
  /** Local times `HH:MM` in an IANA zone between which nothing is written. */
  readonly quietHours?: { readonly from: string; readonly to: string; readonly zone: string };
  /** From this many writes in the last hour on, no more than this share of them may have been refused. */
  readonly breaker: { readonly atLeast: number; readonly mostRefusedShare: number };
}

/** Writes of one lane in one minute; `minute` is its beginning, ISO 8601. */
export interface WritesOfMinute {
  readonly minute: string;
  readonly done: number;
  readonly refused: number;
  /** The directory asked for no more writes before this moment, ISO 8601. */
  readonly holdUntil?: string;
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
  recent: readonly WritesOfMinute[],
  writtenThisRun: number,
  now: Date,
): Gate {
  // On a grid, so that every wake of a held lane asks for the same moment and they collapse into one message.
  const held = (why: string, wait: number): Gate => ({
    open: false,
    why,
    until: new Date(Math.ceil((now.getTime() + 1) / wait) * wait),
  });
  if (policy.killSwitch) return held('the kill switch is on', 5 * minute);
  if (policy.quietHours && isQuiet(policy.quietHours, now)) return held('these are quiet hours', 10 * minute);
  const asked = askedToWait(recent, now);
  if (asked) return { open: false, why: 'the directory asked to wait', until: asked };
  const inLastHour = withinLastHour(recent, now);
  const refused = inLastHour.reduce((sum, one) => sum + one.refused, 0);
  const all = inLastHour.reduce((sum, one) => sum + one.done + one.refused, 0);
  if (all >= policy.breaker.atLeast && refused > all * policy.breaker.mostRefusedShare) {
    return held('too many of the last writes were refused', hour);
  }
  const room = Math.min(policy.mostChangesPerRun - writtenThisRun, policy.mostChangesPerHour - all);
  if (room <= 0) return held('the cap on changes is reached', minute);
  return { open: true, room };
}

/** Every other write would be throttled too, and the whole lane be claimed and put off in vain. */
function askedToWait(recent: readonly WritesOfMinute[], now: Date): Date | undefined {
  const latest = Math.max(0, ...recent.map(({ holdUntil }) => (holdUntil === undefined ? 0 : Date.parse(holdUntil))));
  return latest > now.getTime() ? new Date(latest) : undefined;
}

/**
 * The record with some more writes, without what is older than an hour.
 * @param askedUntil until when a throttling directory asked to wait
 */
export function addWrites(
  recent: readonly WritesOfMinute[],
  done: number,
  refused: number,
  now: Date,
  askedUntil?: Date,
): WritesOfMinute[] {
  const current = `${now.toISOString().slice(0, 16)}:00.000Z`;
  const same = recent.find((one) => one.minute === current);
  const others = withinLastHour(recent, now).filter((one) => one.minute !== current);
  const holdUntil = askedUntil?.toISOString() ?? same?.holdUntil;
  return [
    ...others,
    {
      minute: current,
      done: (same?.done ?? 0) + done,
      refused: (same?.refused ?? 0) + refused,
      ...(holdUntil === undefined ? {} : { holdUntil }),
    },
  ];
}

const withinLastHour = (recent: readonly WritesOfMinute[], now: Date): WritesOfMinute[] =>
  recent.filter((one) => Date.parse(one.minute) > now.getTime() - hour);

function isQuiet({ from, to, zone }: NonNullable<ApplyPolicy['quietHours']>, now: Date): boolean {
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(now);
  return from <= to ? from <= local && local < to : from <= local || local < to;
}
