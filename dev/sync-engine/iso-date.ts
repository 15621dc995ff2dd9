import type { Moment } from '../clock.ts';

/** ISO 8601, UTC, with milliseconds. */
export function isoDate(moment: Moment): string {
  return new Date(moment).toISOString();
}

/** The same for a moment that may not have come. */
export function isoDateOrNull(moment: Moment | undefined): string | null {
  return moment === undefined ? null : isoDate(moment);
}
