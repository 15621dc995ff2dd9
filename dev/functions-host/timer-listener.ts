import type { MovableClock } from '../clock.ts';
import type { Ncrontab } from './ncrontab.ts';

export interface TimerOptions {
  readonly schedule: Ncrontab;
  readonly useMonitor: boolean;
  readonly runOnStartup: boolean;
  readonly clock: MovableClock;
  /** Runs the function with the timer object as JSON, in the host's casing; never rejects. */
  readonly run: (timer: string) => Promise<unknown>;
}

interface ScheduleStatus {
  readonly Last: string;
  readonly Next: string;
  readonly LastUpdated: string;
}

/** .NET's DateTime.MinValue: the status of a timer that never ran. */
const never = '0001-01-01T00:00:00+00:00';

/** A run that starts later than this after its moment is past due, in milliseconds. */
const tolerance = 1000;

/** Runs a function whenever the clock reaches its schedule, one run at a time; answers the function that stops it. */
export function listenToTimer(options: TimerOptions): () => void {
  const { schedule, clock } = options;
  const monitored = options.useMonitor && !isFasterThanMinutely(schedule, clock.now());
  let status: ScheduleStatus | undefined = monitored ? firstStatus(schedule, clock.now()) : undefined;
  let stopped = false;
  let cancel = (): void => undefined;

  /** Waits for the first occurrence after `moment`. One that a slow run has let pass is run at once, once, and is not "past due". */
  function waitForNextAfter(moment: number, delayedByRun: boolean): void {
    const due = schedule.next(moment);
    if (due === undefined || stopped) return;
    const missedByRun = delayedByRun && due <= clock.now();
    cancel = clock.at(due, () => void fire(!missedByRun && clock.now() - due > tolerance));
  }

  async function fire(isPastDue: boolean): Promise<void> {
    const started = clock.now();
    await options.run(timerObject(status ?? null, isPastDue));
    if (monitored) status = statusAfterRun(schedule, started);
    waitForNextAfter(started, true);
  }

  if (options.runOnStartup) void fire(false);
  else waitForNextAfter(clock.now(), false);
  return () => {
    stopped = true;
    cancel();
  };
}

/** The timer object of a run, as JSON with the host's casing. */
export function timerObject(status: ScheduleStatus | null, isPastDue: boolean): string {
  return JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: status, IsPastDue: isPastDue });
}

/** What a timer that has not run yet reports; null when its schedule is not monitored. */
export function statusBeforeFirstRun(options: Pick<TimerOptions, 'schedule' | 'useMonitor'>, now: number) {
  return options.useMonitor && !isFasterThanMinutely(options.schedule, now) ? firstStatus(options.schedule, now) : null;
}

function firstStatus(schedule: Ncrontab, now: number): ScheduleStatus {
  return { Last: never, Next: dotNetDate(schedule.next(now)), LastUpdated: never };
}

function statusAfterRun(schedule: Ncrontab, started: number): ScheduleStatus {
  const last = dotNetDate(started);
  return { Last: last, Next: dotNetDate(schedule.next(started)), LastUpdated: last };
}

function dotNetDate(moment: number | undefined): string {
  if (moment === undefined) return never;
  return new Date(moment).toISOString().replace(/(\.000)?Z$/, '+00:00');
}

/** The host looks at the coming occurrences: below one minute the schedule is not monitored. */
function isFasterThanMinutely(schedule: Ncrontab, now: number): boolean {
  let moment = now;
  for (let occurrence = 0; occurrence < 5; occurrence++) {
    const next = schedule.next(moment);
    if (next === undefined) return false;
    if (occurrence > 0 && next - moment < 60_000) return true;
    moment = next;
  }
  return false;
}
