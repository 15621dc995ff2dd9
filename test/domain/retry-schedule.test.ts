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

test('what the failing system asks for takes the place of our own schedule', () => {
  expect(secondsUntilNextAttempt(0, 0, 600)).toBe(600);
  expect(secondsUntilNextAttempt(6, 0.5, 10)).toBe(10.5);
});
