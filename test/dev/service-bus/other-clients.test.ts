import { once } from 'node:events';
import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { timestampArray } from '../../../dev/service-bus/wire.ts';
import { goodToken, type Namespace, startNamespace } from './namespace.ts';

/** What clients of other languages do that JavaScript's does not, spoken with bare AMQP. */

let namespace: Namespace;
let connection: Connection;
/** What the broker answered, in the order of arrival. */
let heard: string[];

beforeEach(async () => {
  namespace = await startNamespace();
  heard = [];
  connection = rhea.create_container().connect({
    transport: 'tls',
    host: 'localhost',
    port: namespace.serviceBus.port,
    reconnect: false,
  });
  connection.on('disconnected', () => {});
  await once(connection, 'connection_open');
});

afterEach(async () => {
  connection.close();
  await once(connection, 'connection_close');
  await namespace.stop();
  expect(namespace.errors).toEqual([]);
});

/** Sends one request to a node and answers with the reply. */
async function ask(node: string, request: Omit<Message, 'reply_to'>): Promise<Message> {
  const replies = connection.open_receiver({ source: node, target: 'replies' });
  const requests = connection.open_sender({ target: node });
  await Promise.all([once(replies, 'receiver_open'), once(requests, 'sendable')]);
  requests.once('accepted', () => heard.push('disposition'));
  replies.once('message', () => heard.push('reply'));
  requests.send({ ...request, reply_to: 'replies' });
  const [{ message }] = (await once(replies, 'message')) as [EventContext];
  replies.close();
  requests.close();
  if (!message) throw new Error('A reply has a message.');
  return message;
}

async function putToken(path: string, type = 'jwt'): Promise<number> {
  const reply = await ask('$cbs', {
    message_id: 'put',
    application_properties: { operation: 'put-token', type, name: `amqps://somewhere/${path}` },
    body: await goodToken(),
  });
  return Number(reply.application_properties?.['status-code']);
}

async function refusalOf(link: Sender | Receiver): Promise<string | undefined> {
  await once(link, link.is_sender() ? 'sender_error' : 'receiver_error');
  return (link.error as { condition?: string } | undefined)?.condition;
}

describe('a .NET client', () => {
  it('receives from an address with a leading slash and into an empty target', async () => {
    expect(await putToken('work')).toBe(202);
    await namespace.client().createSender('work').sendMessages({ body: 'for .NET' });
    const receiver = connection.open_receiver({ source: '/work', target: {}, autoaccept: true });
    const [{ message }] = (await once(receiver, 'message')) as [EventContext];
    expect(message?.body.content.toString()).toBe('"for .NET"');
    await expect.poll(() => namespace.serviceBus.counts('work')).toMatchObject({ active: 0, locked: 0 });
  });

  it('is told of renewed locks in an array of timestamps', () => {
    const array = timestampArray([1, 2]);
    expect(array.type.name).toMatch(/^Array/);
    expect(array.array_constructor?.typecode).toBe(0x83);
  });

  it('is told after its own patience that no session is there', async () => {
    await putToken('lanes');
    const receiver = connection.open_receiver({
      source: { address: 'lanes', filter: { 'com.microsoft:session-filter': null } },
      properties: { 'com.microsoft:timeout': 100 },
    });
    expect(await refusalOf(receiver)).toBe('com.microsoft:timeout');
  });
});

describe('any client', () => {
  it('hears the disposition of its request before the reply', async () => {
    await putToken('work');
    await ask('work/$management', {
      message_id: 'peek',
      application_properties: { operation: 'com.microsoft:peek-message' },
      body: { 'from-sequence-number': rhea.types.wrap_long(0), 'message-count': rhea.types.wrap_int(1) },
    });
    expect(heard).toEqual(['disposition', 'reply', 'disposition', 'reply']);
  });

  it('is told which operation the broker does not know', async () => {
    await putToken('work');
    const reply = await ask('work/$management', {
      message_id: 'x',
      application_properties: { operation: 'com.microsoft:add-rule' },
      body: {},
    });
    expect(reply.application_properties).toMatchObject({ statusCode: 501, errorCondition: 'amqp:not-implemented' });
  });

  it('cannot open a link before it has put a token, nor beyond what its token covers', async () => {
    expect(await refusalOf(connection.open_sender({ target: 'work' }))).toBe('amqp:unauthorized-access');
    await putToken('work');
    expect(await refusalOf(connection.open_receiver({ source: 'lanes' }))).toBe('amqp:unauthorized-access');
    const sender = connection.open_sender({ target: 'work' });
    await once(sender, 'sendable');
    expect(sender.is_open()).toBe(true);
  });

  it('cannot use a shared key', async () => {
    expect(await putToken('work', 'servicebus.windows.net:sastoken')).toBe(401);
  });

  it('that ends its AMQP session while it waits for one of the queue does not get it any more', async () => {
    await putToken('lanes');
    const amqpSession = connection.create_session();
    amqpSession.open();
    amqpSession.open_receiver({ source: { address: 'lanes', filter: { 'com.microsoft:session-filter': null } } });
    // The broker has the attach once it answers a later request on the same connection.
    await putToken('lanes');
    amqpSession.close();
    await once(amqpSession, 'session_close');
    await namespace.client().createSender('lanes').sendMessages({ body: 1, sessionId: 'a' });
    const session = await namespace.client().acceptNextSession('lanes');
    expect(session.sessionId).toBe('a');
  });
});
