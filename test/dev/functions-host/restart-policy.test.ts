import { expect, it } from 'vitest';
import { afterCrash, measuredRestartDelays } from '../../../dev/functions-host/restart-policy.ts';

const minute = 60_000;

it.each([
  ['the first crash: at once', [100 * minute], 0],
  ['the second: after 10 seconds', [99 * minute, 100 * minute], 10_000],
  ['the third within 30 minutes: no more', [80 * minute, 99 * minute, 100 * minute], 'stop'],
  [
    'the third, the first of which is 30 minutes old: after 10 seconds',
    [70 * minute, 99 * minute, 100 * minute],
    10_000,
  ],
])('restarts as measured after %s', (_story, crashes, next) => {
  expect(afterCrash(crashes, 100 * minute, measuredRestartDelays)).toBe(next);
});
