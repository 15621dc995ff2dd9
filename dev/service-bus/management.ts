import type { Message } from 'rhea';
import type { Moment } from '../clock.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Inbox } from './inbox.ts';
import type { Settlement } from './queue.ts';
import { malformed, messageNotFound, notImplemented, Refusal } from './refusal.ts';
import { decodeMessage } from './sending-links.ts';
import { type StoredMessage, sessionIdOf } from './stored-message.ts';
import { encodeDelivery, longArray, timestampArray, toNumber, types, uuid } from './wire.ts';

type Body = Readonly<Record<string, unknown>>;

/** The body of the answer; `nothing` is the protocol's 204. */
export type ManagementAnswer = Body | 'nothing' | Refusal;

/** One request to the `$management` node of a queue. */
export interface ManagementRequest {
  readonly dispatcher: Dispatcher;
  readonly inbox: Inbox;
  readonly now: Moment;
  readonly body: Body;
}

export function manage(operation: string, request: ManagementRequest): ManagementAnswer {
  const perform = operations[operation];
  return perform ? perform(request) : notImplemented(operation);
}

const operations: Readonly<Record<string, (request: ManagementRequest) => ManagementAnswer>> = {
  'com.microsoft:peek-message': peek,
  'com.microsoft:renew-lock': renewLocks,
  'com.microsoft:update-disposition': settle,
  'com.microsoft:schedule-message': schedule,
  'com.microsoft:cancel-scheduled-message': cancelScheduled,
  'com.microsoft:receive-by-sequence-number': receiveDeferred,
  'com.microsoft:renew-session-lock': renewSession,
  'com.microsoft:set-session-state': writeSessionState,
  'com.microsoft:get-session-state': readSessionState,
};

function peek({ dispatcher: { queue }, body }: ManagementRequest): ManagementAnswer {
  const from = toNumber(body['from-sequence-number']);
  const most = toNumber(body['message-count']);
  const sessionId = body['session-id'];
  const peeked = queue.messages
    .values()
    .filter((message) => message.sequenceNumber >= from)
    .filter((message) => typeof sessionId !== 'string' || sessionIdOf(message) === sessionId)
    .take(most)
    .map((message) => ({ message: encodeDelivery(message) }))
    .toArray();
  return peeked.length > 0 ? { messages: peeked } : 'nothing';
}

function renewLocks({ dispatcher: { queue }, body }: ManagementRequest): ManagementAnswer {
  const expirations: Moment[] = [];
  for (const token of tokensIn(body)) {
    const until = queue.renewLock(token);
    if (until instanceof Refusal) return until;
    expirations.push(until);
  }
  return { expirations: timestampArray(expirations) };
}

function settle({ dispatcher: { queue }, body }: ManagementRequest): ManagementAnswer {
  const settlement = settlementIn(body);
  if (settlement instanceof Refusal) return settlement;
  for (const token of tokensIn(body)) {
    const refusal = queue.settle(token, settlement);
    if (refusal) return refusal;
  }
  return {};
}

function settlementIn(body: Body): Settlement | Refusal {
  const properties = { ...(body['properties-to-modify'] as Body | null | undefined) };
  switch (body['disposition-status']) {
    case 'completed':
      return { outcome: 'complete' };
    case 'abandoned':
      return { outcome: 'abandon', properties };
    case 'defered':
      return { outcome: 'defer', properties };
    case 'suspended':
      return {
        outcome: 'deadLetter',
        properties,
        reason: textIn(body, 'deadletter-reason'),
        description: textIn(body, 'deadletter-description'),
      };
    default:
      return malformed(`There is no disposition '${body['disposition-status']}'.`);
  }
}

function schedule({ dispatcher: { queue }, inbox, body }: ManagementRequest): ManagementAnswer {
  const messages = body['messages'] as readonly { readonly message: Buffer }[];
  const numbers = inbox.take(
    queue,
    messages.map(({ message }): Message => decodeMessage(message)),
  );
  return numbers instanceof Refusal ? numbers : { 'sequence-numbers': longArray(numbers) };
}

function cancelScheduled({ dispatcher: { queue }, body }: ManagementRequest): ManagementAnswer {
  for (const sequenceNumber of numbersIn(body)) {
    const refusal = queue.cancelScheduled(sequenceNumber);
    if (refusal) return refusal;
  }
  return {};
}

function receiveDeferred({ dispatcher, now, body }: ManagementRequest): ManagementAnswer {
  const { queue, sessions } = dispatcher;
  const messages: StoredMessage[] = [];
  for (const sequenceNumber of numbersIn(body)) {
    const message = queue.messages.get(sequenceNumber);
    if (message?.state !== 'deferred') return messageNotFound(sequenceNumber);
    messages.push(message);
  }
  const receiveAndDelete = toNumber(body['receiver-settle-mode']) === 0;
  const handOut = (message: StoredMessage): Body => {
    const sessionId = queue.rules.requiresSession ? sessionIdOf(message) : undefined;
    queue.lock(message, sessionId === undefined ? now + queue.rules.lockDuration : sessions.until(sessionId));
    const handed = { 'lock-token': uuid(message.lock?.token ?? ''), message: encodeDelivery(message) };
    if (receiveAndDelete) queue.remove(message);
    return handed;
  };
  return { messages: messages.map(handOut) };
}

function renewSession({ dispatcher, body }: ManagementRequest): ManagementAnswer {
  const until = dispatcher.renewSession(String(body['session-id']));
  return until instanceof Refusal ? until : { expiration: new Date(until) };
}

function writeSessionState({ dispatcher: { sessions }, body }: ManagementRequest): ManagementAnswer {
  const state = body['session-state'];
  const refusal = sessions.writeState(String(body['session-id']), Buffer.isBuffer(state) ? state : undefined);
  return refusal ?? {};
}

function readSessionState({ dispatcher: { sessions }, body }: ManagementRequest): ManagementAnswer {
  return { 'session-state': sessions.readState(String(body['session-id'])) ?? null };
}

const tokensIn = (body: Body): string[] =>
  (body['lock-tokens'] as readonly Buffer[]).map((token) => Buffer.from(token).toString('hex'));

const numbersIn = (body: Body): number[] => (body['sequence-numbers'] as readonly unknown[]).map(toNumber);

const textIn = (body: Body, name: string): string | undefined => {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
};

/** Status and text of an answer, as clients look for them. */
export function statusOf(answer: ManagementAnswer): Record<string, unknown> {
  if (answer instanceof Refusal) {
    return {
      statusCode: types.wrap_int(answer.status),
      statusDescription: answer.description,
      errorCondition: answer.condition,
    };
  }
  const nothing = answer === 'nothing';
  return { statusCode: types.wrap_int(nothing ? 204 : 200), statusDescription: nothing ? 'No messages found' : 'OK' };
}
