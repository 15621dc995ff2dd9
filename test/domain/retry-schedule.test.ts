import { expect, test } from 'vitest';
import { secondsUntilNextAttempt } from '../../src/domain/retry-schedule.ts';

test.each([
  [0, 11.25, 15],
  [1, 22.5, 30],
  [2, 45, 60],
  [5, 360, 480],
  [6, 675, 900],
  [1_000_000, 675, 900],
])('after attempt %i the wait is %d to %d seconds', (attempt, least, most) => {
  expect(secondsUntilNextAttempt(attempt, 0)).toBe(least);
  expect(secondsUntilNextAttempt(attempt, 0.999_999)).toBeCloseTo(most, 2);
});

test('it is never shorter than what was asked for', () => {
  expect(secondsUntilNextAttempt(0, 0, 600)).toBe(600);
  expect(secondsUntilNextAttempt(6, 0, 10)).toBe(675);
});
