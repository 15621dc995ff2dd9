/*
 * NCRONTAB expressions, the schedules of timer triggers: `{second} {minute} {hour} {day} {month} {day of week}` in
 * UTC, or five fields without the second. A moment fits when every field fits, day and day of week alike.
 * Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */

export interface Ncrontab {
  /** The first moment after `moment` (ms since the epoch) that fits; undefined when none does within eight years. */
  next(moment: number): number | undefined;
}

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: months },
  { from: 0, to: 6, names: weekdays },
];

/** Eight years reach the next 29 February even across 2100. */
const horizon = 8 * 366 * 24 * 3_600_000;

/** Answers undefined for a text that is no NCRONTAB expression. */
export function parseNcrontab(text: string): Ncrontab | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length === 5) parts.unshift('0');
  if (parts.length !== fields.length) return undefined;
  const sets = fields.map((field, index) => parseField(parts[index] ?? '', field));
  if (!sets.every((set) => set !== undefined)) return undefined;
  return { next: (moment) => firstFit(sets, moment) };
}

function firstFit(sets: readonly ReadonlySet<number>[], moment: number): number | undefined {
  const [seconds, minutes, hours, days, monthNumbers, dayNumbers] = sets as SixSets;
  const at = new Date((Math.floor(moment / 1000) + 1) * 1000);
  const end = moment + horizon;
  while (at.getTime() <= end) {
    if (!monthNumbers.has(at.getUTCMonth() + 1)) startNextMonth(at);
    else if (!days.has(at.getUTCDate()) || !dayNumbers.has(at.getUTCDay())) at.setUTCHours(24, 0, 0, 0);
    else if (!hours.has(at.getUTCHours())) at.setUTCHours(at.getUTCHours() + 1, 0, 0, 0);
    else if (!minutes.has(at.getUTCMinutes())) at.setUTCMinutes(at.getUTCMinutes() + 1, 0, 0);
    else if (!seconds.has(at.getUTCSeconds())) at.setUTCSeconds(at.getUTCSeconds() + 1, 0);
    else return at.getTime();
  }
  return undefined;
}

type Numbers = ReadonlySet<number>;
type SixSets = readonly [Numbers, Numbers, Numbers, Numbers, Numbers, Numbers];

function startNextMonth(at: Date): void {
  at.setUTCMonth(at.getUTCMonth() + 1, 1);
  at.setUTCHours(0, 0, 0, 0);
}

function parseField(text: string, field: Field): Set<number> | undefined {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const range = parseRange(part, field);
    if (!range) return undefined;
    for (let number = range.from; number <= range.to; number += range.step) numbers.add(number);
  }
  return numbers;
}

function parseRange(part: string, field: Field): { from: number; to: number; step: number } | undefined {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
  if (!match) return undefined;
  const [, star, first, last, every] = match;
  const step = every === undefined ? 1 : Number(every);
  const from = star ? field.from : parseNumber(first ?? '', field);
  const to = star || (every && !last) ? field.to : last ? parseNumber(last, field) : from;
  if (from === undefined || to === undefined || from > to || step === 0) return undefined;
  return { from, to, step };
}

function parseNumber(text: string, { from, to, names }: Field): number | undefined {
  const named = names?.indexOf(text.slice(0, 3).toLowerCase()) ?? -1;
  if (named >= 0) return named + from;
  const number = Number(text);
  return /^\d+$/.test(text) && number >= from && number <= to ? number : undefined;
}
