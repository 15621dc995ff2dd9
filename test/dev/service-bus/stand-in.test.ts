import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Namespace, receiveOne, startNamespace } from './namespace.ts';

let namespace: Namespace;

beforeEach(async () => {
  namespace = await startNamespace();
});

afterEach(() => namespace.stop());

describe('the stand-in', () => {
  it('shows what a queue holds', async () => {
    const client = namespace.client();
    const sender = client.createSender('lanes');
    const later = namespace.clock.now() + 60_000;
    await sender.sendMessages({ body: { n: 1 }, messageId: 'm1', sessionId: 'a', applicationProperties: { k: 'v' } });
    await sender.scheduleMessages({ body: 'text', messageId: 'm2', sessionId: 'b' }, new Date(later));
    await receiveOne(await client.acceptSession('lanes', 'a'));
    const common = { sequenceNumber: expect.any(Number), deliveryCount: 0, enqueuedAt: expect.any(Number) };
    expect(namespace.serviceBus.messages('lanes')).toEqual([
      {
        ...common,
        messageId: 'm1',
        sessionId: 'a',
        state: 'locked',
        body: { n: 1 },
        applicationProperties: { k: 'v' },
        lockedUntil: expect.any(Number),
      },
      {
        ...common,
        messageId: 'm2',
        sessionId: 'b',
        state: 'scheduled',
        body: 'text',
        applicationProperties: {},
        scheduledFor: later,
      },
    ]);
    expect(namespace.serviceBus.log).toMatchObject([
      { queue: 'lanes', messageId: 'm1', sessionId: 'a' },
      { queue: 'lanes', messageId: 'm2', sessionId: 'b', scheduledFor: later },
    ]);
  });

  it('does not know a queue that its settings do not name', () => {
    expect(() => namespace.serviceBus.counts('nowhere')).toThrow("There is no queue 'nowhere'.");
    expect(() => namespace.serviceBus.messages('nowhere', { deadLetter: true })).toThrow(/There is no queue/);
  });

  it('stops while clients hold connections, one of which has not said a word', async () => {
    await namespace.client().createReceiver('work').peekMessages(1);
    const silent = net.connect(namespace.serviceBus.port, '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));
    const closed = new Promise((resolve) => silent.once('close', resolve));
    await namespace.serviceBus.stop();
    await closed;
    const refused = net.connect(namespace.serviceBus.port, '127.0.0.1');
    const [error] = await new Promise<[NodeJS.ErrnoException]>((resolve) =>
      refused.once('error', (cause) => resolve([cause])),
    );
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('survives a client that speaks another protocol', async () => {
    const stranger = net.connect(namespace.serviceBus.port, '127.0.0.1');
    stranger.on('error', () => {});
    stranger.write('GET / HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => stranger.once('close', resolve));
    await namespace.client().createSender('work').sendMessages({ body: 1 });
    expect(namespace.serviceBus.counts('work').active).toBe(1);
  });
});
