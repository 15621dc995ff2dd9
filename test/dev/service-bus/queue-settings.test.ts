import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDuration, type QueueSettingsFile, rulesOf } from '../../../dev/service-bus/queue-settings.ts';

describe('a duration', () => {
  it.each([
    ['PT1M', 60_000],
    ['PT1H', 3_600_000],
    ['P14D', 14 * 86_400_000],
    ['P1DT2H3M4.5S', 93_784_500],
    ['PT0S', 0],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', 'P', 'PT', 'P1DT', '1M', 'P1M', 'P1Y', 'PT1M ', '-PT1M'])("'%s' is none", (text) => {
    expect(() => parseDuration(text)).toThrow(/Not a duration/);
  });
});

describe('the rules of a queue', () => {
  it('have no window and no end of life where the settings name none', () => {
    const settings = {
      requiresSession: false,
      lockDuration: 'PT30S',
      maxDeliveryCount: 7,
      deadLetterOnExpiration: false,
    };
    expect(rulesOf(settings)).toEqual({
      requiresSession: false,
      lockDuration: 30_000,
      maxDeliveryCount: 7,
      duplicateDetectionWindow: 0,
      timeToLive: Number.POSITIVE_INFINITY,
      deadLetterOnExpiration: false,
    });
  });

  it('can be read from the settings that are deployed', () => {
    const file: QueueSettingsFile = JSON.parse(readFileSync('infra/service-bus.json', 'utf8'));
    const rules = Object.values(file.queues).map(rulesOf);
    expect(rules.length).toBeGreaterThan(0);
    for (const { lockDuration, maxDeliveryCount } of rules) {
      expect(lockDuration).toBeGreaterThan(0);
      expect(maxDeliveryCount).toBeGreaterThan(0);
    }
  });
});
