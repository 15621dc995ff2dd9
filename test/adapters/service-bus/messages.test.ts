import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMessages } from '../../../src/adapters/service-bus/messages.ts';
import { hearsNothing, type Namespace, receiveOne, startServiceBusFor } from './queues.ts';

let namespace: Namespace;
let messages: ReturnType<typeof createMessages>;
beforeAll(async () => {
  namespace = await startServiceBusFor();
  messages = createMessages(namespace.connection);
});
afterAll(async () => {
  await messages.close();
  await namespace.stop();
});

test('a message arrives with its id, body and properties', async () => {
  const sent = await messages.send({
    queue: 'rejected',
    id: 'an-id',
    body: { v: 1, received: null },
    properties: { reason: 'why', field: 'v' },
  });
  expect(sent).toEqual({ ok: true, value: undefined });
  const receiver = namespace.client().createReceiver('rejected', { receiveMode: 'receiveAndDelete' });
  expect(await receiveOne(receiver)).toMatchObject({
    messageId: 'an-id',
    contentType: 'application/json',
    body: { v: 1, received: null },
    applicationProperties: { reason: 'why', field: 'v' },
  });
});

test('a message of one id is delivered once', async () => {
  const message = { queue: 'verify' as const, id: 'twice', body: { v: 1 } };
  await messages.send(message);
  await messages.send(message);
  const receiver = namespace.client().createReceiver('verify', { receiveMode: 'receiveAndDelete' });
  await receiveOne(receiver);
  expect(await hearsNothing(receiver)).toBe(true);
});

test('a scheduled message is not delivered before its time', async () => {
  const notBefore = new Date(namespace.clock.now() + 3_600_000);
  await messages.send({ queue: 'verify', id: 'later', body: { v: 1 }, notBefore });
  const receiver = namespace.client().createReceiver('verify', { receiveMode: 'receiveAndDelete' });
  expect(await hearsNothing(receiver)).toBe(true);
  namespace.clock.advance(3_600_001);
  expect((await receiveOne(receiver)).messageId).toBe('later');
});

test('a lane is the session of its message', async () => {
  await messages.send({ queue: 'apply', id: 'ad:contoso.com@1', sessionId: 'ad:contoso.com', body: { v: 1 } });
  const receiver = await namespace
    .client()
    .acceptSession('apply', 'ad:contoso.com', { receiveMode: 'receiveAndDelete' });
  expect((await receiveOne(receiver)).sessionId).toBe('ad:contoso.com');
});

describe('dead letters', () => {
  test('are handed out and removed when they have been handled', async () => {
    const receiver = namespace.client().createReceiver('diagnose');
    for (const body of [{ place: 1 }, { place: 2 }, 'no JSON']) {
      await namespace.client().createSender('diagnose').sendMessages({ body });
      await receiver.deadLetterMessage(await receiveOne(receiver));
    }
    const seen: unknown[] = [];
    const first = await messages.drainDeadLetters('diagnose', 100, async (body) => {
      seen.push(body);
      return JSON.stringify(body) !== '{"place":2}';
    });
    expect(first).toEqual({ ok: true, value: 2 });
    expect(seen).toEqual([{ place: 1 }, { place: 2 }, 'no JSON']);
    const second = await messages.drainDeadLetters('diagnose', 100, async () => true);
    expect(second).toEqual({ ok: true, value: 1 });
    expect(await messages.drainDeadLetters('diagnose', 100, async () => true)).toEqual({ ok: true, value: 0 });
  });
});

test('a broker that is down is an answer, not a throw', async () => {
  const other = await startServiceBusFor();
  const unreachable = createMessages(other.connection);
  await other.stop();
  expect(await unreachable.send({ queue: 'verify', id: 'x', body: { v: 1 } })).toMatchObject({
    ok: false,
    failure: { kind: 'TryAgain', message: expect.stringContaining("did not take a message for 'verify'") },
  });
  expect(await unreachable.drainDeadLetters('verify', 1, async () => true)).toMatchObject({
    ok: false,
    failure: { kind: 'TryAgain' },
  });
  await unreachable.close();
});
