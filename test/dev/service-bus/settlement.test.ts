import type { ServiceBusClient, ServiceBusReceiver, ServiceBusSender } from '@azure/service-bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, hearsNothing, type Namespace, receiveOne, startNamespace } from './namespace.ts';

let namespace: Namespace;
let client: ServiceBusClient;
let sender: ServiceBusSender;
let receiver: ServiceBusReceiver;

beforeEach(async () => {
  namespace = await startNamespace();
  client = namespace.client();
  sender = client.createSender('work');
  receiver = client.createReceiver('work', { maxAutoLockRenewalDurationInMs: 0 });
});

afterEach(async () => {
  await namespace.stop();
  expect(namespace.errors).toEqual([]);
});

const counts = () => namespace.serviceBus.counts('work');
const empty = { active: 0, locked: 0, scheduled: 0, deferred: 0, deadLetter: 0 };

describe('peek-lock', () => {
  it('hides a locked message from others and removes it when completed', async () => {
    await sender.sendMessages({ body: 1 });
    const message = await receiveOne(receiver);
    const other = namespace.client().createReceiver('work');
    expect(await hearsNothing(other)).toBe(true);
    expect(counts()).toEqual({ ...empty, locked: 1 });
    await receiver.completeMessage(message);
    expect(counts()).toEqual(empty);
  });

  it('returns an abandoned message in its place, with a raised count and the properties given', async () => {
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    await receiver.abandonMessage(await receiveOne(receiver), { retry: 'yes' });
    const again = await receiveOne(receiver);
    expect(again).toMatchObject({ body: 1, deliveryCount: 1, applicationProperties: { retry: 'yes' } });
  });

  it.each([
    ['completes the first and abandons the second', 'complete', 'abandon', 2],
    ['abandons the first and completes the second', 'abandon', 'complete', 1],
  ] as const)('keeps the outcomes of two messages apart when a receiver %s', async (_story, first, second, left) => {
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    const messages = await receiver.receiveMessages(2, { maxWaitTimeInMs: 1_000 });
    for (const [index, outcome] of [first, second].entries()) {
      const message = messages[index];
      if (!message) throw new Error('Two messages were expected.');
      await (outcome === 'complete' ? receiver.completeMessage(message) : receiver.abandonMessage(message));
    }
    expect(namespace.serviceBus.messages('work').map(({ body }) => body)).toEqual([left]);
  });

  it('refuses a second outcome for the same message', async () => {
    await sender.sendMessages({ body: 1 });
    const message = await receiveOne(receiver);
    await receiver.completeMessage(message);
    expect(await codeOf(receiver.completeMessage(message))).not.toBe('none');
    expect(counts()).toEqual(empty);
  });

  it('keeps the lock when the receiver goes, until it lapses', async () => {
    await sender.sendMessages({ body: 1 });
    const leaver = namespace.client();
    await receiveOne(leaver.createReceiver('work'));
    await leaver.close();
    expect(counts()).toEqual({ ...empty, locked: 1 });
    namespace.clock.advance(60_001);
    await expect.poll(counts).toEqual({ ...empty, active: 1 });
  });

  it('settles every message of a subscription that handles several at once', async () => {
    const seen: unknown[] = [];
    const subscription = receiver.subscribe(
      { processMessage: async ({ body }) => void seen.push(body), processError: async () => {} },
      { maxConcurrentCalls: 4 },
    );
    await sender.sendMessages(Array.from({ length: 40 }, (_, body) => ({ body })));
    await expect.poll(counts).toEqual(empty);
    expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual([...Array(40).keys()]);
    await subscription.close();
  });
});

describe('locks', () => {
  it('that lapse return the message with a raised count, and the late outcome is refused', async () => {
    await sender.sendMessages({ body: 1 });
    const message = await receiveOne(receiver);
    namespace.clock.advance(60_001);
    expect(await codeOf(receiver.completeMessage(message))).toBe('MessageLockLost');
    const again = await receiveOne(receiver);
    expect(again).toMatchObject({ body: 1, deliveryCount: 1 });
    await receiver.completeMessage(again);
    expect(counts()).toEqual(empty);
  });

  it('last longer when renewed', async () => {
    await sender.sendMessages({ body: 1 });
    const message = await receiveOne(receiver);
    namespace.clock.advance(40_000);
    const until = await receiver.renewMessageLock(message);
    expect(until.getTime()).toBeGreaterThan(namespace.clock.now() + 50_000);
    namespace.clock.advance(40_000);
    await receiver.completeMessage(message);
    expect(counts()).toEqual(empty);
  });

  it('cannot be renewed once lost', async () => {
    await sender.sendMessages({ body: 1 });
    const message = await receiveOne(receiver);
    namespace.clock.advance(60_001);
    expect(await codeOf(receiver.renewMessageLock(message))).toBe('MessageLockLost');
  });
});

describe('receive-and-delete', () => {
  it('removes a message as it is delivered', async () => {
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    const deleting = client.createReceiver('work', { receiveMode: 'receiveAndDelete' });
    expect((await deleting.receiveMessages(2, { maxWaitTimeInMs: 1_000 })).map(({ body }) => body)).toEqual([1, 2]);
    expect(counts()).toEqual(empty);
  });
});

describe('peek', () => {
  it('shows messages page by page without locking them', async () => {
    await sender.sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
    const pages = [await receiver.peekMessages(2), await receiver.peekMessages(2), await receiver.peekMessages(2)];
    expect(pages.map((page) => page.map(({ body }) => body))).toEqual([[1, 2], [3], []]);
    expect(counts()).toEqual({ ...empty, active: 3 });
  });

  it('tells scheduled and deferred messages from active ones', async () => {
    await sender.sendMessages({ body: 'deferred' });
    await receiver.deferMessage(await receiveOne(receiver));
    await sender.scheduleMessages({ body: 'scheduled' }, new Date(namespace.clock.now() + 60_000));
    await sender.sendMessages({ body: 'active' });
    const peeked = await receiver.peekMessages(3);
    expect(peeked.map(({ body, state }) => [body, state])).toEqual([
      ['deferred', 'deferred'],
      ['scheduled', 'scheduled'],
      ['active', 'active'],
    ]);
  });
});

describe('deferral', () => {
  it('keeps a message until it is asked for by its number', async () => {
    await sender.sendMessages({ body: 1 });
    const { sequenceNumber, ...message } = await receiveOne(receiver);
    if (!sequenceNumber) throw new Error('A received message has a number.');
    await receiver.deferMessage({ sequenceNumber, ...message });
    expect(await hearsNothing(receiver)).toBe(true);
    const [deferred] = await receiver.receiveDeferredMessages(sequenceNumber);
    if (!deferred) throw new Error('The deferred message was expected.');
    expect(deferred.body).toBe(1);
    await receiver.completeMessage(deferred);
    expect(counts()).toEqual(empty);
    expect(await codeOf(receiver.receiveDeferredMessages(sequenceNumber))).toBe('MessageNotFound');
  });

  it('goes on when a deferred message is abandoned, with a raised count', async () => {
    await sender.sendMessages({ body: 1 });
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message);
    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber ?? []);
    if (!deferred) throw new Error('The deferred message was expected.');
    await receiver.abandonMessage(deferred);
    expect(namespace.serviceBus.messages('work')).toMatchObject([{ state: 'deferred', deliveryCount: 2 }]);
  });
});

describe('dead letters', () => {
  it('go there and back with reason, description and properties', async () => {
    await sender.sendMessages({ body: 1, messageId: 'a', applicationProperties: { kept: true } });
    await receiver.deadLetterMessage(await receiveOne(receiver), {
      deadLetterReason: 'Malformed',
      deadLetterErrorDescription: 'no tenant',
      field: 'tenant',
    });
    expect(counts()).toEqual({ ...empty, deadLetter: 1 });
    const deadLetters = client.createReceiver('work', { subQueueType: 'deadLetter' });
    const dead = await receiveOne(deadLetters);
    expect(dead).toMatchObject({
      body: 1,
      messageId: 'a',
      deliveryCount: 0,
      deadLetterReason: 'Malformed',
      deadLetterErrorDescription: 'no tenant',
      deadLetterSource: 'work',
      applicationProperties: { kept: true, field: 'tenant' },
    });
    await sender.sendMessages({ body: dead.body, messageId: 'a.2' });
    await deadLetters.completeMessage(dead);
    expect(counts()).toEqual({ ...empty, active: 1 });
  });

  it('are what becomes of a message after the last attempt', async () => {
    await sender.sendMessages({ body: 1 });
    for (const deliveryCount of [0, 1, 2]) {
      const message = await receiveOne(receiver);
      expect(message.deliveryCount).toBe(deliveryCount);
      await receiver.abandonMessage(message);
    }
    expect(namespace.serviceBus.messages('work', { deadLetter: true })).toMatchObject([
      { body: 1, deliveryCount: 3, deadLetterReason: 'MaxDeliveryCountExceeded' },
    ]);
  });

  it('stay dead letters however often they are abandoned, and cannot be sent to', async () => {
    await sender.sendMessages({ body: 1 });
    await receiver.deadLetterMessage(await receiveOne(receiver));
    const deadLetters = client.createReceiver('work', { subQueueType: 'deadLetter' });
    for (let attempt = 0; attempt < 5; attempt++) await deadLetters.abandonMessage(await receiveOne(deadLetters));
    expect(counts()).toEqual({ ...empty, deadLetter: 1 });
    const direct = client.createSender('work/$DeadLetterQueue');
    expect(await codeOf(direct.sendMessages({ body: 2 }))).not.toBe('none');
    expect(counts()).toEqual({ ...empty, deadLetter: 1 });
  });
});
