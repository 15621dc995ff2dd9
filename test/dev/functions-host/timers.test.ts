import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MovableClock } from '../../../dev/clock.ts';
import { fixtureApp, type LocalHost, startLocalHost } from './local-host.ts';

const hour = 3_600_000;

let local: LocalHost;

beforeEach(async () => {
  const clock = new MovableClock();
  // 00:10:05 on some day: nothing is due soon, whatever the hour of the test.
  clock.advance(Date.UTC(2030, 0, 15, 0, 10, 5) - clock.now());
  local = await startLocalHost([fixtureApp('timer-app.ts')], { clock });
});

afterEach(() => local.host.stop());

const moveTo = (hours: number, minutes: number, seconds = 0) =>
  local.clock.advance(Date.UTC(2030, 0, 15, hours, minutes, seconds) - local.clock.now());
const timerOf = (text: string) =>
  JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '') as {
    isPastDue: boolean;
    schedule: { adjustForDST: boolean };
    scheduleStatus: { last: string; next: string; lastUpdated: string } | null;
  };
const runsOf = (name: string) => local.said(`${name} {`).map(timerOf);

describe('a timer', () => {
  it('fires when time is moved onto its moment, and tells a first run from a later one', async () => {
    moveTo(2, 59, 59);
    expect(runsOf('daily')).toEqual([]);
    await expect.poll(() => runsOf('daily'), { timeout: 3000 }).toHaveLength(1);
    expect(runsOf('daily')[0]).toMatchObject({
      isPastDue: false,
      schedule: { adjustForDST: true },
      scheduleStatus: { last: '0001-01-01T00:00:00+00:00', next: '2030-01-15T03:00:00+00:00' },
    });
    local.clock.advance(24 * hour);
    await expect.poll(() => runsOf('daily')).toHaveLength(2);
    expect(runsOf('daily')[1]?.scheduleStatus?.last).toMatch(/^2030-01-15T03:00:0/);
    expect(runsOf('daily')[1]?.scheduleStatus?.next).toBe('2030-01-16T03:00:00+00:00');
  });

  it('fires once, past due, when time is moved over many of its moments', async () => {
    local.clock.advance(5 * 24 * hour);
    await expect.poll(() => runsOf('daily')).toHaveLength(1);
    expect(runsOf('daily')[0]?.isPastDue).toBe(true);
  });

  it('has no schedule status below one minute, nor when it is not monitored', async () => {
    moveTo(0, 10, 29);
    await expect.poll(() => runsOf('twiceAMinute'), { timeout: 3000 }).toHaveLength(1);
    expect(runsOf('twiceAMinute')[0]?.scheduleStatus).toBeNull();
    expect(runsOf('unmonitored')[0]?.scheduleStatus).toBeNull();
  });

  it('runs on startup when it says so, on the clock of the local stack', async () => {
    await expect.poll(() => local.said('unmonitored {')).toHaveLength(1);
    expect(local.said('unmonitored {')[0]).toContain('2030-01-15T00:10:');
  });

  it('does not overlap: a moment that passes during a run is run once, right after it', async () => {
    const events = () => local.said('slowHourly').map((message) => message.replace('slowHourly ', ''));
    moveTo(1, 0);
    await expect.poll(events).toEqual(['begins false']);
    moveTo(4, 30);
    await expect.poll(events, { timeout: 3000 }).toEqual(['begins false', 'ends', 'begins false', 'ends']);
  });

  it('does not run after the host has stopped', async () => {
    await local.host.stop();
    const before = local.lines.length;
    local.clock.advance(48 * hour);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(local.lines).toHaveLength(before);
  });
});
