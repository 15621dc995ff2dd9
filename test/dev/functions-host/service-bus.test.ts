import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { nothingLeft, type QueueHost, startQueueHost } from './queue-host.ts';

let local: QueueHost;

afterEach(() => local.stop());

const bodies = (when: 'begins' | 'ends') => local.seen(when).map(({ body }) => body);
const counts = (queue: string) => local.namespace.serviceBus.counts(queue);
const lane = (sessionId: string, step: number, more: object = {}) => ({
  sessionId,
  body: { sessionId, step, ...more },
});

describe('a queue function', () => {
  it('gets the parsed body and the metadata of the message, which is completed afterwards', async () => {
    local = await startQueueHost();
    await local.send('work', { body: { case: 1 }, messageId: 'm.1' });
    await expect.poll(() => bodies('ends')).toEqual([{ case: 1 }]);
    await expect.poll(() => counts('work')).toEqual(nothingLeft);
    const metadata = local.seen('begins')[0]?.metadata;
    expect(metadata).toMatchObject({ messageId: 'm.1', deliveryCount: 1, sequenceNumber: expect.any(Number) });
    expect(metadata?.['enqueuedTimeUtc']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(metadata?.['lockToken']).toEqual(expect.any(String));
  });

  it('gets text that is not JSON as it is, the empty one included', async () => {
    local = await startQueueHost();
    await local.send('work', { body: Buffer.from('plain text') }, { body: Buffer.from('') });
    await expect.poll(() => bodies('ends').sort()).toEqual(['', 'plain text']);
  });

  it('sees metadata that the body has overwritten, whatever the casing, but for arrays', async () => {
    local = await startQueueHost();
    const body = { MESSAGEID: 'spoof', deliveryCount: 99, subject: ['kept'], extra: { deep: true } };
    await local.send('work', { body, messageId: 'real' });
    await expect.poll(() => bodies('ends')).toHaveLength(1);
    const metadata = local.seen('begins')[0]?.metadata;
    expect(metadata).toMatchObject({ messageId: 'spoof', deliveryCount: 99, extra: { deep: true } });
    expect(metadata).not.toHaveProperty('subject');
  });

  it('that throws gets its message again at once, until it is a dead letter', async () => {
    local = await startQueueHost();
    const start = performance.now();
    await local.send('work', { body: { throws: true } });
    await expect.poll(() => counts('work'), { interval: 10 }).toEqual({ ...nothingLeft, deadLetter: 1 });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(local.seen('begins').map(({ metadata }) => metadata['deliveryCount'])).toEqual([1, 2, 3]);
    const [letter] = local.namespace.serviceBus.messages('work', { deadLetter: true });
    expect(letter?.deadLetterReason).toBe('MaxDeliveryCountExceeded');
  });

  it('runs with up to maxConcurrentCalls messages at a time', async () => {
    local = await startQueueHost({ serviceBus: { maxConcurrentCalls: 3 } });
    await local.send('work', ...[1, 2, 3, 4].map((step) => ({ body: { step, takes: 400 } })));
    await expect.poll(() => bodies('begins'), { interval: 20 }).toHaveLength(3);
    expect(local.host.inFlight()).toBe(3);
    await expect.poll(() => bodies('ends'), { interval: 20 }).toHaveLength(4);
  });

  it('loses and repeats nothing when messages that throw and messages that do not are settled together', async () => {
    local = await startQueueHost({ serviceBus: { maxConcurrentCalls: 16 } });
    const messages = Array.from({ length: 60 }, (_, step) => ({ body: { step, throws: step % 2 === 1 } }));
    await local.send('work', ...messages);
    await expect.poll(() => counts('work'), { timeout: 10_000 }).toEqual({ ...nothingLeft, deadLetter: 30 });
    expect(bodies('ends')).toHaveLength(30);
    expect(bodies('begins')).toHaveLength(30 + 3 * 30);
  });

  it('can be run by hand: the input is the body, and there is no metadata', async () => {
    local = await startQueueHost();
    expect(await local.start('work', '{"by": "hand"}')).toBe(202);
    await expect.poll(() => local.seen('ends')).toHaveLength(1);
    expect(local.seen('begins')).toEqual([{ body: { by: 'hand' }, metadata: {} }]);
  });
});

describe('a queue with sessions', () => {
  it('is worked in order and one message at a time in a session, in parallel across sessions', async () => {
    local = await startQueueHost();
    const steps = [1, 2, 3].flatMap((step) => [lane('a', step, { takes: 100 }), lane('b', step, { takes: 100 })]);
    await local.send('lanes', ...steps);
    await expect.poll(() => bodies('ends'), { timeout: 5000 }).toHaveLength(6);
    const events = local.said('"sessionId":').map((text) => JSON.parse(text));
    for (const sessionId of ['a', 'b']) {
      const own = events.filter((event) => (event.begins ?? event.ends).sessionId === sessionId);
      expect(own.map((event) => [event.begins ? 'begins' : 'ends', (event.begins ?? event.ends).step])).toEqual(
        [1, 2, 3].flatMap((step) => [
          ['begins', step],
          ['ends', step],
        ]),
      );
    }
    const firstEnd = events.findIndex((event) => event.ends);
    expect(new Set(events.slice(0, firstEnd).map((event) => event.begins.sessionId)).size).toBe(2);
  });

  it('tries a message that fails again before its successors', async () => {
    local = await startQueueHost();
    await local.send('lanes', lane('a', 1, { throws: true }), lane('a', 2));
    await expect.poll(() => bodies('ends'), { timeout: 5000 }).toHaveLength(1);
    expect(local.seen('begins').map(({ body }) => (body as { step: number }).step)).toEqual([1, 1, 1, 2]);
    expect(counts('lanes').deadLetter).toBe(1);
  });

  it('lets a drained session keep its slot until it has been idle long enough', async () => {
    local = await startQueueHost({ serviceBus: { maxConcurrentSessions: 1, sessionIdleTimeout: '00:00:01' } });
    await local.send('lanes', lane('a', 1));
    await expect.poll(() => bodies('ends')).toHaveLength(1);
    const drained = performance.now();
    await local.send('lanes', lane('b', 1));
    await expect.poll(() => bodies('ends'), { interval: 20, timeout: 5000 }).toHaveLength(2);
    expect(performance.now() - drained).toBeGreaterThan(700);
  });

  it('is worked on after time was moved while its session was held', async () => {
    local = await startQueueHost({ serviceBus: { sessionIdleTimeout: '00:00:01' } });
    await local.send('lanes', lane('a', 1));
    await local.send('work', { body: { step: 1 } });
    await expect.poll(() => bodies('ends')).toHaveLength(2);
    await expect.poll(() => [counts('work'), counts('lanes')]).toEqual([nothingLeft, nothingLeft]);
    local.clock.advance(24 * 3_600_000);
    await local.send('lanes', lane('a', 2));
    await local.send('work', { body: { step: 2 } });
    await expect.poll(() => bodies('ends'), { timeout: 10_000 }).toHaveLength(4);
  });

  it('is worked again after a lull longer than the wait for a session', async () => {
    local = await startQueueHost();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await local.send('lanes', lane('late', 1));
    await expect.poll(() => bodies('ends'), { timeout: 5000 }).toHaveLength(1);
  });
});

describe('a lock', () => {
  it.each(['work', 'lanes'] as const)('is renewed while the function of %s runs', async (queue) => {
    local = await startQueueHost();
    const lockedUntil = () => local.namespace.serviceBus.messages(queue)[0]?.lockedUntil ?? 0;
    await local.send(queue, lane('a', 1, { takes: 2500 }));
    await expect.poll(() => bodies('begins')).toHaveLength(1);
    for (let minute = 1; minute <= 3; minute++) {
      local.clock.advance(55_000);
      await expect.poll(() => lockedUntil() - local.clock.now(), { timeout: 2400 }).toBeGreaterThan(50_000);
      // The broker has renewed it; the host must hear of that before time is moved again.
      await sleep(200);
    }
    await expect.poll(() => counts(queue), { timeout: 5000 }).toEqual(nothingLeft);
    expect(bodies('begins')).toHaveLength(1);
  });

  it('is renewed for no longer than maxAutoLockRenewalDuration, and the message comes again', async () => {
    local = await startQueueHost({ serviceBus: { maxAutoLockRenewalDuration: '00:01:00' } });
    await local.send('work', { body: { takes: 700 } });
    await expect.poll(() => bodies('begins')).toHaveLength(1);
    local.clock.advance(55_000);
    await expect
      .poll(() => local.namespace.serviceBus.messages('work')[0]?.lockedUntil ?? 0)
      .toBeGreaterThan(local.clock.now() + 50_000);
    local.clock.advance(65_000);
    await expect.poll(() => bodies('begins'), { timeout: 5000 }).toHaveLength(2);
    expect(local.seen('begins')[1]?.metadata['deliveryCount']).toBe(2);
  });
});

describe('a broker that cannot be reached', () => {
  it('leaves the host up, and messages arrive when it is back', async () => {
    local = await startQueueHost();
    await local.namespace.setControl('serviceBus.available', false);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await local.ask('/hello')).body).toBe('hello');
    await local.namespace.setControl('serviceBus.available', true);
    await expect
      .poll(() => local.send('work', { body: 'back' }).then(() => 'sent', String), { timeout: 10_000 })
      .toBe('sent');
    await expect.poll(() => bodies('ends'), { timeout: 15_000 }).toContain('back');
  });
});
