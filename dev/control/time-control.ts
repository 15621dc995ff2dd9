import type { Moment, MovableClock } from '../clock.ts';
import { type Control, ControlValueError, control } from './control.ts';

const takes = 'time takes {"advanceSeconds": number} or an ISO 8601 time with its zone';

/** The clock of the whole stack: stand-ins, the broker's schedule, timers, and `Date` in the child processes. */
export function timeControl(clock: MovableClock): Control {
  return control({
    name: 'time',
    meaning: `The present moment of everything in the stack. Set {"advanceSeconds": number} to move on, or an ISO 8601 time to go there. Default: real time.`,
    read: () => new Date(clock.now()).toISOString(),
    accept: distanceTo,
    set: (distance) => clock.advance(distance(clock.now())),
  });
}

/** How far it is from the present moment. */
function distanceTo(value: unknown): (now: Moment) => number {
  if (typeof value === 'string' && /T.*(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))) {
    return (now) => Date.parse(value) - now;
  }
  const { advanceSeconds } = (value ?? {}) as { advanceSeconds?: unknown };
  if (typeof advanceSeconds === 'number' && Number.isFinite(advanceSeconds)) return () => advanceSeconds * 1000;
  throw new ControlValueError(takes);
}
