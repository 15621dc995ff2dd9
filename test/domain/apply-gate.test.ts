import { describe, expect, test } from 'vitest';
import { type ApplyPolicy, addWrites, applyGate } from '../../src/domain/apply-gate.ts';

const policy: ApplyPolicy = {
  killSwitch: false,
  mostChangesPerRun: 100,
  mostChangesPerHour: 200,
  breaker: { atLeast: 20, mostRefusedShare: 0.5 },
};
const noon = new Date('2026-11-22T12:00:30.000Z');
const ago = (minutes: number, done: number, refused = 0) => ({
  minute: new Date(Date.parse('2026-11-22T12:00:00.000Z') - minutes * 60_000).toISOString(),
  done,
  refused,
});

describe('a lane', () => {
  test('is open for what neither cap has used up', () => {
    expect(applyGate(policy, [], 0, noon)).toEqual({ open: true, room: 100 });
    expect(applyGate(policy, [], 70, noon)).toEqual({ open: true, room: 30 });
    expect(applyGate(policy, [ago(10, 150), ago(5, 30)], 0, noon)).toEqual({ open: true, room: 20 });
  });

  test.each<[string, Partial<ApplyPolicy>, ReturnType<typeof ago>[], number, string, string]>([
    ['the kill switch', { killSwitch: true }, [], 0, 'the kill switch is on', '12:05:00'],
    ['the cap of a run', {}, [], 100, 'the cap on changes is reached', '12:01:00'],
    ['the cap of an hour', {}, [ago(59, 120), ago(1, 80)], 0, 'the cap on changes is reached', '12:01:00'],
    ['refusals', {}, [ago(30, 9, 11)], 0, 'too many of the last writes were refused', '13:00:00'],
    [
      'quiet hours',
      { quietHours: { from: '08:00', to: '18:00', zone: 'UTC' } },
      [],
      0,
      'these are quiet hours',
      '12:10:00',
    ],
  ])('is held by %s, and looked at again on a grid', (_story, more, recent, written, why, until) => {
    expect(applyGate({ ...policy, ...more }, recent, written, noon)).toEqual({
      open: false,
      why,
      until: new Date(`2026-11-22T${until}.000Z`),
    });
  });

  test('forgets what is older than an hour', () => {
    expect(applyGate(policy, [ago(61, 200), ago(61, 0, 200)], 0, noon)).toEqual({ open: true, room: 100 });
  });

  test('bears refusals that are few, or up to the share that is allowed', () => {
    expect(applyGate(policy, [ago(1, 0, 19)], 0, noon)).toMatchObject({ open: true });
    expect(applyGate(policy, [ago(1, 10, 10)], 0, noon)).toMatchObject({ open: true });
  });
});

test.each([
  ['22:00', '06:00', 'UTC', '2026-11-22T23:30:00Z', true],
  ['22:00', '06:00', 'UTC', '2026-11-22T05:59:00Z', true],
  ['22:00', '06:00', 'UTC', '2026-11-22T00:00:00Z', true],
  ['22:00', '06:00', 'UTC', '2026-11-22T06:00:00Z', false],
  ['00:00', '06:00', 'UTC', '2026-11-22T00:00:00Z', true],
  ['08:00', '18:00', 'Europe/Berlin', '2026-11-22T07:30:00Z', true],
  ['08:00', '18:00', 'Europe/Berlin', '2026-11-22T17:30:00Z', false],
  ['08:00', '18:00', 'Europe/Berlin', '2026-07-22T06:30:00Z', true],
])('quiet hours from %s to %s in %s hold at %s: %s', (from, to, zone, moment, quiet) => {
  const gate = applyGate({ ...policy, quietHours: { from, to, zone } }, [], 0, new Date(moment));
  expect(gate.open).toBe(!quiet);
});

test('writes of one minute are counted together and old minutes are dropped', () => {
  const first = addWrites([ago(61, 5)], 2, 1, noon);
  expect(addWrites(first, 3, 0, new Date(noon.getTime() + 10_000))).toEqual([
    { minute: '2026-11-22T12:00:00.000Z', done: 5, refused: 1 },
  ]);
});

test('a directory that asked to wait holds the whole lane until then, and longer only when it asks again', () => {
  const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000);
  const throttled = addWrites([ago(1, 5)], 7, 0, noon, later(8));
  expect(applyGate(policy, throttled, 0, later(7))).toMatchObject({ open: false, until: later(8) });
  expect(applyGate(policy, throttled, 0, later(8))).toMatchObject({ open: true });
  const written = addWrites(throttled, 1, 0, later(1));
  expect(applyGate(policy, written, 0, later(7))).toMatchObject({ open: false, until: later(8) });
});
