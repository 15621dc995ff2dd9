import { describe, expect, it } from 'vitest';
import { parseNcrontab } from '../../../dev/functions-host/ncrontab.ts';

const from = Date.UTC(2030, 0, 15, 10, 20, 30); // a Tuesday
const nextOf = (expression: string, moment = from) => {
  const next = parseNcrontab(expression)?.next(moment);
  return next === undefined ? undefined : new Date(next).toISOString().slice(0, 19);
};

describe('an NCRONTAB expression', () => {
  it.each([
    ['0 */5 * * * *', '2030-01-15T10:25:00'],
    ['*/5 * * * *', '2030-01-15T10:25:00'],
    ['30 20 10 * * *', '2030-01-16T10:20:30'],
    ['0 30 9-11 * * *', '2030-01-15T10:30:00'],
    ['0 0 0 1 * *', '2030-02-01T00:00:00'],
    ['0 0 12 * * Mon-Fri', '2030-01-15T12:00:00'],
    ['0 0 9 * * 1', '2030-01-21T09:00:00'],
    ['0 0 0 * Feb,june *', '2030-02-01T00:00:00'],
    ['0 0 0 29 2 *', '2032-02-29T00:00:00'],
    ['0 10/20 * * * *', '2030-01-15T10:30:00'],
    ['15,45 * * * * *', '2030-01-15T10:20:45'],
    ['0 0 0 13 * 5', '2030-09-13T00:00:00'],
  ])('%s comes next at %s', (expression, next) => {
    expect(nextOf(expression)).toBe(next);
  });

  it('that never fits has no next moment', () => {
    expect(nextOf('0 0 0 31 2 *')).toBeUndefined();
  });

  it.each([
    '',
    '* * * *',
    '60 * * * * *',
    '0 0 24 * * *',
    '0 5-2 * * * *',
    '*/0 * * * * *',
    'a * * * * *',
    '0 0 0 0 1 *',
  ])('is not %j', (expression) => {
    expect(parseNcrontab(expression)).toBeUndefined();
  });
});
