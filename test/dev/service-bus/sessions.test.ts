import type { ServiceBusClient, ServiceBusSender } from '@azure/service-bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, hearsNothing, type Namespace, receiveOne, startNamespace } from './namespace.ts';

let namespace: Namespace;
let client: ServiceBusClient;
let other: ServiceBusClient;
let sender: ServiceBusSender;

beforeEach(async () => {
  namespace = await startNamespace();
  client = namespace.client();
  other = namespace.client();
  sender = client.createSender('lanes');
});

afterEach(async () => {
  await namespace.stop();
  expect(namespace.errors).toEqual([]);
});

const counts = () => namespace.serviceBus.counts('lanes');
const withoutRenewal = { maxAutoLockRenewalDurationInMs: 0 };
const sendTo = (...sessionIds: string[]) =>
  sender.sendMessages(sessionIds.map((sessionId, index) => ({ body: `${sessionId}${index}`, sessionId })));

describe('a session', () => {
  it('delivers its own messages only, in order', async () => {
    await sendTo('a', 'b', 'a');
    const session = await client.acceptSession('lanes', 'a');
    const messages = await session.receiveMessages(3, { maxWaitTimeInMs: 400 });
    expect(messages.map(({ body, sessionId }) => [body, sessionId])).toEqual([
      ['a0', 'a'],
      ['a2', 'a'],
    ]);
    for (const message of messages) await session.completeMessage(message);
    expect(counts()).toMatchObject({ active: 1, locked: 0 });
  });

  it('retries a message before its successors', async () => {
    await sendTo('a', 'a');
    const session = await client.acceptSession('lanes', 'a');
    await session.abandonMessage(await receiveOne(session));
    expect(await receiveOne(session)).toMatchObject({ body: 'a0', deliveryCount: 1 });
  });

  it('belongs to one client at a time', async () => {
    await sendTo('a');
    const session = await client.acceptSession('lanes', 'a');
    expect(await codeOf(other.acceptSession('lanes', 'a'))).toBe('SessionCannotBeLocked');
    await session.close();
    const next = await other.acceptSession('lanes', 'a');
    expect((await receiveOne(next)).body).toBe('a0');
  });

  it('that is closed returns its messages without counting an attempt', async () => {
    await sendTo('a');
    const session = await client.acceptSession('lanes', 'a');
    await receiveOne(session);
    await session.close();
    await expect
      .poll(() => namespace.serviceBus.messages('lanes'))
      .toMatchObject([{ state: 'active', deliveryCount: 0 }]);
  });

  it('is free again when its client is gone', async () => {
    await sendTo('a');
    await client.acceptSession('lanes', 'a');
    await client.close();
    const next = await other.acceptSession('lanes', 'a');
    expect((await receiveOne(next)).body).toBe('a0');
  });

  it('can be waited in by whoever expects messages', async () => {
    const session = await client.acceptSession('lanes', 'a');
    expect(await hearsNothing(session)).toBe(true);
    const waiting = receiveOne(session);
    await sender.sendMessages({ body: 'at last', sessionId: 'a' });
    expect((await waiting).body).toBe('at last');
  });

  it('keeps a state for whoever holds it next', async () => {
    const session = await client.acceptSession('lanes', 'a');
    expect(await session.getSessionState()).toBeNull();
    await session.setSessionState({ step: 2 });
    await session.close();
    const next = await other.acceptSession('lanes', 'a');
    expect(await next.getSessionState()).toEqual({ step: 2 });
  });

  it('shows only its own messages when peeked', async () => {
    await sendTo('a', 'b');
    const session = await client.acceptSession('lanes', 'b');
    expect((await session.peekMessages(5)).map(({ body }) => body)).toEqual(['b1']);
  });
});

describe('the next session', () => {
  it('is one with messages that nobody holds', async () => {
    await sendTo('a', 'b');
    const first = await client.acceptNextSession('lanes');
    const second = await other.acceptNextSession('lanes');
    expect([first.sessionId, second.sessionId]).toEqual(['a', 'b']);
    expect((await receiveOne(second)).body).toBe('b1');
  });

  it('is handed over as soon as one has work', async () => {
    const waiting = client.acceptNextSession('lanes');
    await sendTo('late');
    expect((await waiting).sessionId).toBe('late');
  });

  it('is handed over when a schedule comes due', async () => {
    await sender.scheduleMessages({ body: 1, sessionId: 'due' }, new Date(namespace.clock.now() + 3_600_000));
    const waiting = client.acceptNextSession('lanes');
    namespace.clock.advance(3_600_001);
    expect((await waiting).sessionId).toBe('due');
  });

  it('is a timeout when none has work for as long as the client waits', async () => {
    await sendTo('a');
    await client.acceptSession('lanes', 'a');
    const asked = Date.now();
    expect(await codeOf(other.acceptNextSession('lanes'))).toBe('ServiceTimeout');
    expect(Date.now() - asked).toBeGreaterThan(1_000);
  });
});

describe('a session lock', () => {
  it('that lapses returns the messages with a raised count, and its holder has lost it', async () => {
    await sendTo('a');
    const session = await client.acceptSession('lanes', 'a', withoutRenewal);
    const message = await receiveOne(session);
    namespace.clock.advance(60_001);
    await expect.poll(counts).toMatchObject({ active: 1, locked: 0 });
    // Only when the news has reached the client does it refuse by itself what it asks for next.
    await expect.poll(() => codeOf(session.peekMessages(1))).toBe('SessionLockLost');
    expect(await codeOf(session.completeMessage(message))).toBe('SessionLockLost');
    const next = await other.acceptSession('lanes', 'a');
    expect(await receiveOne(next)).toMatchObject({ body: 'a0', deliveryCount: 1 });
  });

  it('lasts longer when renewed, and its messages with it', async () => {
    await sendTo('a');
    const session = await client.acceptSession('lanes', 'a', withoutRenewal);
    const message = await receiveOne(session);
    namespace.clock.advance(40_000);
    expect((await session.renewSessionLock()).getTime()).toBeGreaterThan(namespace.clock.now() + 50_000);
    namespace.clock.advance(40_000);
    expect(await codeOf(other.acceptSession('lanes', 'a'))).toBe('SessionCannotBeLocked');
    await session.completeMessage(message);
    expect(counts()).toMatchObject({ active: 0, locked: 0 });
  });

  it('cannot be renewed once lost', async () => {
    const session = await client.acceptSession('lanes', 'a', withoutRenewal);
    namespace.clock.advance(60_001);
    expect(await codeOf(session.renewSessionLock())).toBe('SessionLockLost');
  });
});

describe('a queue with sessions', () => {
  it('refuses a message without one, and takes nothing of its batch', async () => {
    await expect(sender.sendMessages({ body: 1 })).rejects.toThrow(/requires sessions/);
    await expect(sender.sendMessages([{ body: 1, sessionId: 'a' }, { body: 2 }])).rejects.toThrow(/requires sessions/);
    expect(counts().active).toBe(0);
    expect(namespace.serviceBus.log).toEqual([]);
  });

  it('refuses a receiver without one, and a queue without sessions refuses one with', async () => {
    await expect(client.createReceiver('lanes').receiveMessages(1)).rejects.toThrow(/requires sessions/);
    await expect(client.acceptSession('work', 'a')).rejects.toThrow(/has no sessions/);
  });

  it('hands out its dead letters without sessions', async () => {
    await sendTo('a');
    const session = await client.acceptSession('lanes', 'a');
    await session.deadLetterMessage(await receiveOne(session));
    const deadLetters = client.createReceiver('lanes', { subQueueType: 'deadLetter' });
    const dead = await receiveOne(deadLetters);
    expect(dead).toMatchObject({ body: 'a0', sessionId: 'a', deadLetterSource: 'lanes' });
    await deadLetters.completeMessage(dead);
    expect(counts()).toMatchObject({ deadLetter: 0 });
  });
});
