import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControlValueError } from '../../../dev/control/control.ts';
import { codeOf, forgedToken, goodToken, type Namespace, receiveOne, startNamespace } from './namespace.ts';

let namespace: Namespace;

beforeEach(async () => {
  namespace = await startNamespace();
});

afterEach(() => namespace.stop());

describe('a client', () => {
  it('with a forged token is refused, to send and to receive', async () => {
    const client = namespace.client(forgedToken());
    expect(await codeOf(client.createSender('work').sendMessages({ body: 1 }))).toBe('UnauthorizedAccess');
    expect(await codeOf(client.createReceiver('work').receiveMessages(1))).toBe('UnauthorizedAccess');
    expect(await codeOf(client.createReceiver('work').peekMessages(1))).toBe('UnauthorizedAccess');
    expect(namespace.serviceBus.log).toEqual([]);
  });

  it('with a token for another resource is refused', async () => {
    const client = namespace.client(goodToken('https://graph.microsoft.com'));
    expect(await codeOf(client.createSender('work').sendMessages({ body: 1 }))).toBe('UnauthorizedAccess');
  });
});

describe('serviceBus.available', () => {
  it('drops connections and refuses new ones until it is true again, and keeps the messages', async () => {
    const client = namespace.client();
    await client.createSender('work').sendMessages({ body: 'kept' });
    await namespace.setControl('serviceBus.available', false);
    expect(await codeOf(namespace.client().createSender('work').sendMessages({ body: 'lost' }))).not.toBe('none');
    expect(namespace.serviceBus.log.map(({ body }) => body)).toEqual(['kept']);
    await namespace.setControl('serviceBus.available', true);
    expect((await receiveOne(namespace.client().createReceiver('work'))).body).toBe('kept');
  });

  it('wakes a subscription again after an outage', async () => {
    const client = namespace.client();
    const seen: unknown[] = [];
    const receiver = client.createReceiver('work');
    receiver.subscribe({
      processMessage: async ({ body }) => void seen.push(body),
      processError: async () => {},
    });
    await namespace.client().createSender('work').sendMessages({ body: 'before' });
    await expect.poll(() => seen).toEqual(['before']);
    await namespace.setControl('serviceBus.available', false);
    await namespace.setControl('serviceBus.available', true);
    await namespace.client().createSender('work').sendMessages({ body: 'after' });
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['before', 'after']);
  });

  it('frees the sessions of the clients that it drops', async () => {
    await namespace.client().createSender('lanes').sendMessages({ body: 1, sessionId: 'a' });
    await namespace.client().acceptSession('lanes', 'a');
    await namespace.setControl('serviceBus.available', false);
    await namespace.setControl('serviceBus.available', true);
    const next = await namespace.client().acceptSession('lanes', 'a');
    expect((await receiveOne(next)).body).toBe(1);
  });
});

describe('serviceBus.sends', () => {
  it('refuses messages as a busy server does, keeping none', async () => {
    await namespace.setControl('serviceBus.sends', 'refuse');
    const sender = namespace.client().createSender('work');
    expect(await codeOf(sender.sendMessages({ body: 1 }))).toBe('ServiceBusy');
    await namespace.setControl('serviceBus.sends', 'none');
    await sender.sendMessages({ body: 2 });
    expect(namespace.serviceBus.log.map(({ body }) => body)).toEqual([2]);
  });

  it('keeps a message and loses the answer, so that a second try is a duplicate', async () => {
    await namespace.setControl('serviceBus.sends', 'loseReply');
    const message = { body: 1, messageId: 'a' };
    expect(await codeOf(namespace.client().createSender('work').sendMessages(message))).not.toBe('none');
    await namespace.setControl('serviceBus.sends', 'none');
    await namespace.client().createSender('work').sendMessages(message);
    expect(namespace.serviceBus.log.map(({ duplicate }) => duplicate)).toEqual([false, true]);
    expect(namespace.serviceBus.counts('work').active).toBe(1);
  });
});

describe('controls', () => {
  it('take only the values that they name', async () => {
    await expect(namespace.setControl('serviceBus.available', 'no')).rejects.toThrow(ControlValueError);
    await expect(namespace.setControl('serviceBus.sends', 'sometimes')).rejects.toThrow(ControlValueError);
    const shown = namespace.serviceBus.controls().map((control) => [control.name, control.read()]);
    expect(shown).toEqual([
      ['serviceBus.available', true],
      ['serviceBus.sends', 'none'],
    ]);
  });
});
