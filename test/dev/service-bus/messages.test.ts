import type { ServiceBusReceiver, ServiceBusSender } from '@azure/service-bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, hearsNothing, type Namespace, receiveOne, startNamespace } from './namespace.ts';

let namespace: Namespace;
let sender: ServiceBusSender;
let receiver: ServiceBusReceiver;

beforeEach(async () => {
  namespace = await startNamespace();
  const client = namespace.client();
  sender = client.createSender('work');
  receiver = client.createReceiver('work', { maxAutoLockRenewalDurationInMs: 0 });
});

afterEach(async () => {
  await namespace.stop();
  expect(namespace.errors).toEqual([]);
});

const counts = () => namespace.serviceBus.counts('work');
const empty = { active: 0, locked: 0, scheduled: 0, deferred: 0, deadLetter: 0 };

describe('sending', () => {
  it('keeps what the sender said of a message', async () => {
    await sender.sendMessages({
      body: { name: 'Żółć', size: 2 ** 40 },
      messageId: 'm1',
      correlationId: 'c1',
      subject: 'a subject',
      contentType: 'application/json',
      applicationProperties: { attempt: 3, ratio: 1.25, on: true },
    });
    const message = await receiveOne(receiver);
    expect(message).toMatchObject({
      body: { name: 'Żółć', size: 2 ** 40 },
      messageId: 'm1',
      correlationId: 'c1',
      subject: 'a subject',
      contentType: 'application/json',
      deliveryCount: 0,
      applicationProperties: { attempt: 3, ratio: 1.25, on: true },
    });
    expect(message.enqueuedTimeUtc?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('takes a batch, which is filled up to the size limit, and delivers it in order', async () => {
    const batch = await sender.createMessageBatch();
    let size = 0;
    while (batch.tryAddMessage({ body: size, applicationProperties: { padding: 'x'.repeat(20_000) } })) size++;
    await sender.sendMessages(batch);
    const received = await receiver.receiveMessages(size, { maxWaitTimeInMs: 2_000 });
    expect(batch.maxSizeInBytes).toBe(256 * 1024);
    expect(size).toBeGreaterThan(10);
    expect(received.map(({ body }) => body)).toEqual([...Array(size).keys()]);
  });

  it('refuses a message above 256 KiB', async () => {
    expect(await codeOf(sender.sendMessages({ body: 'x'.repeat(256 * 1024) }))).toBe('MessageSizeExceeded');
    expect(counts()).toEqual(empty);
  });

  it('answers each of many messages sent at once with its own outcome', async () => {
    const outcomes = await Promise.all(
      [10, 300_000, 10, 300_000, 300_000, 10].map((size) => codeOf(sender.sendMessages({ body: 'x'.repeat(size) }))),
    );
    expect(outcomes).toEqual([
      'none',
      'MessageSizeExceeded',
      'none',
      'MessageSizeExceeded',
      'MessageSizeExceeded',
      'none',
    ]);
    expect(counts().active).toBe(3);
  });

  it('logs every message, duplicates included', async () => {
    await sender.sendMessages({ body: { step: 1 }, messageId: 'a' });
    await sender.sendMessages({ body: 'text', messageId: 'a' });
    expect(namespace.serviceBus.log).toEqual([
      { queue: 'work', messageId: 'a', body: { step: 1 }, at: expect.any(Number), duplicate: false },
      { queue: 'work', messageId: 'a', body: 'text', at: expect.any(Number), duplicate: true },
    ]);
  });

  it('gives a message without an id one', async () => {
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    const ids = namespace.serviceBus.log.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => id.length > 0)).toBe(true);
  });

  it('tells that a queue does not exist', async () => {
    const client = namespace.client();
    expect(await codeOf(client.createSender('nowhere').sendMessages({ body: 1 }))).toBe('MessagingEntityNotFound');
    expect(await codeOf(client.createReceiver('nowhere').receiveMessages(1))).toBe('MessagingEntityNotFound');
  });
});

describe('duplicate detection', () => {
  it('drops a message whose id was seen within the window, and takes it again afterwards', async () => {
    await sender.sendMessages({ body: 1, messageId: 'a' });
    namespace.clock.advance(59 * 60_000);
    await sender.sendMessages([
      { body: 2, messageId: 'a' },
      { body: 3, messageId: 'b' },
    ]);
    expect(counts().active).toBe(2);
    namespace.clock.advance(2 * 60_000);
    await sender.sendMessages({ body: 4, messageId: 'a' });
    expect(namespace.serviceBus.messages('work').map(({ body }) => body)).toEqual([1, 3, 4]);
  });

  it('remembers the id of a message that was completed meanwhile', async () => {
    await sender.sendMessages({ body: 1, messageId: 'a' });
    await receiver.completeMessage(await receiveOne(receiver));
    await sender.sendMessages({ body: 2, messageId: 'a' });
    expect(counts()).toEqual(empty);
  });

  it('counts a scheduled message from when it was sent', async () => {
    await sender.scheduleMessages({ body: 1, messageId: 'a' }, new Date(namespace.clock.now() + 600_000));
    await sender.sendMessages({ body: 2, messageId: 'a' });
    expect(counts()).toEqual({ ...empty, scheduled: 1 });
  });
});

describe('scheduled messages', () => {
  const inAnHour = () => new Date(namespace.clock.now() + 3_600_000);

  it('arrive when time is moved to their moment', async () => {
    await sender.sendMessages({ body: 'later', scheduledEnqueueTimeUtc: inAnHour() });
    expect(counts()).toEqual({ ...empty, scheduled: 1 });
    expect(await hearsNothing(receiver)).toBe(true);
    namespace.clock.advance(3_600_001);
    expect((await receiveOne(receiver)).body).toBe('later');
  });

  it('reach a receiver that was waiting already', async () => {
    await sender.scheduleMessages({ body: 'later' }, inAnHour());
    const waiting = receiveOne(receiver);
    namespace.clock.advance(3_600_001);
    expect((await waiting).body).toBe('later');
  });

  it('can be cancelled until they are due', async () => {
    const [first, second] = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], inAnHour());
    if (!first || !second) throw new Error('Two numbers were expected.');
    await sender.cancelScheduledMessages(first);
    namespace.clock.advance(3_600_001);
    const message = await receiveOne(receiver);
    expect(message.body).toBe(2);
    expect(await codeOf(sender.cancelScheduledMessages(second))).toBe('MessageNotFound');
  });

  it('join the end of the queue under a new number', async () => {
    const [number] = await sender.scheduleMessages({ body: 'scheduled first' }, inAnHour());
    await sender.sendMessages({ body: 'sent second' });
    namespace.clock.advance(3_600_001);
    const bodies = [(await receiveOne(receiver)).body];
    const last = await receiveOne(receiver);
    expect([...bodies, last.body]).toEqual(['sent second', 'scheduled first']);
    expect(last.sequenceNumber?.gt(number ?? 0)).toBe(true);
  });
});

describe('time to live', () => {
  it('dead-letters a message that expires in the queue', async () => {
    await sender.sendMessages({ body: 1, timeToLive: 60_000 });
    namespace.clock.advance(60_001);
    await expect.poll(counts).toEqual({ ...empty, deadLetter: 1 });
    expect(namespace.serviceBus.messages('work', { deadLetter: true })).toMatchObject([
      { body: 1, deadLetterReason: 'TTLExpiredException' },
    ]);
  });

  it('is at most that of the queue', async () => {
    await sender.sendMessages({ body: 1, timeToLive: 30 * 24 * 3_600_000 });
    namespace.clock.advance(14 * 24 * 3_600_000 + 1);
    await expect.poll(() => counts().deadLetter).toBe(1);
  });

  it('drops the message where the queue says so', async () => {
    await namespace.client().createSender('dropping').sendMessages({ body: 1, timeToLive: 60_000 });
    namespace.clock.advance(60_001);
    await expect.poll(() => namespace.serviceBus.counts('dropping')).toEqual(empty);
  });

  it('of a scheduled message runs from its moment', async () => {
    await sender.scheduleMessages({ body: 1, timeToLive: 60_000 }, new Date(namespace.clock.now() + 3_600_000));
    namespace.clock.advance(3_600_001);
    expect((await receiveOne(receiver)).body).toBe(1);
  });

  it('does not take a message from whoever has it locked, but ends it when the lock does', async () => {
    await sender.sendMessages({ body: 1, timeToLive: 30_000 });
    await receiveOne(receiver);
    namespace.clock.advance(40_000);
    expect(counts()).toEqual({ ...empty, locked: 1 });
    namespace.clock.advance(30_000);
    await expect.poll(counts).toEqual({ ...empty, deadLetter: 1 });
  });
});
