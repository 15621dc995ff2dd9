import type { Delivery, Sender } from 'rhea';
import type { ClientConnection } from './client-connection.ts';
import type { Dispatcher } from './dispatcher.ts';
import { writeDisposition } from './disposition-writer.ts';
import { LinkConsumer } from './link-consumer.ts';
import type { Settlement } from './queue.ts';
import { notAllowed, Refusal } from './refusal.ts';
import { type AttachFrame, accepted, copyOf, endpointOf, rejectedWith, ticksOf } from './wire.ts';

/** Links on which clients receive; rhea calls them senders, because the broker sends. */

const sessionFilter = 'com.microsoft:session-filter';
const presettled = 1;
const defaultPatience = 60_000;

/** A client opens a receiver: on the queue, on a session of it, or on its dead letters. */
export function openReceivingLink(client: ClientConnection, dispatcher: Dispatcher, link: Sender): Refusal | undefined {
  const { attach } = endpointOf(link).remote;
  const filter = attach.source?.filter;
  const wantsSession = filter !== undefined && filter !== null && sessionFilter in filter;
  const objection = objectionTo(dispatcher, wantsSession);
  if (objection) return objection;

  const consumer = new LinkConsumer(
    dispatcher,
    link,
    attach.snd_settle_mode === presettled ? 'receiveAndDelete' : 'peekLock',
  );
  client.consumers.set(link, consumer);
  if (wantsSession) openSession(dispatcher, consumer, link, attach);
  else dispatcher.add(consumer);
  return undefined;
}

function objectionTo({ queue }: Dispatcher, wantsSession: boolean): Refusal | undefined {
  if (queue.rules.requiresSession === wantsSession) return undefined;
  return notAllowed(
    wantsSession
      ? `The queue '${queue.name}' has no sessions.`
      : `The queue '${queue.name}' requires sessions: a receiver must accept one.`,
  );
}

function openSession(dispatcher: Dispatcher, consumer: LinkConsumer, link: Sender, attach: AttachFrame): void {
  holdAttach(link);
  const answer = (session: { readonly sessionId: string } | Refusal): void => {
    if (session instanceof Refusal) refuseAttach(link, session);
    else answerAttach(link, attach, session.sessionId, dispatcher);
  };
  const wanted = sessionIdIn(attach);
  if (wanted !== undefined) dispatcher.acceptSession(consumer, wanted, answer);
  else dispatcher.acceptNextSession(consumer, patienceOf(attach), answer);
}

/** The filter is the id itself or a described value of it; null asks for any session. */
function sessionIdIn(attach: AttachFrame): string | undefined {
  const filter: unknown = attach.source?.filter?.[sessionFilter];
  const value = typeof filter === 'object' && filter !== null && 'value' in filter ? filter.value : filter;
  return typeof value === 'string' ? value : undefined;
}

function patienceOf(attach: AttachFrame): number {
  const timeout = attach.properties?.['com.microsoft:timeout'];
  return typeof timeout === 'number' ? timeout : defaultPatience;
}

/** rhea answers every attach by itself; a receiver of a session learns only later which one it has. */
function holdAttach(link: Sender): void {
  const { state } = endpointOf(link);
  state.local_open = false;
  state.open_requests = 0;
}

function answerAttach(link: Sender, attach: AttachFrame, sessionId: string, { sessions }: Dispatcher): void {
  const { local } = endpointOf(link);
  link.set_source({ ...copyOf(attach.source), filter: { [sessionFilter]: sessionId } });
  local.attach.properties = { 'com.microsoft:locked-until-utc': ticksOf(sessions.until(sessionId)) };
  link.open();
}

/** An attach without a source, then a detach that says why. */
function refuseAttach(link: Sender, { condition, description }: Refusal): void {
  endpointOf(link).local.attach.source = undefined;
  link.open();
  link.close({ condition, description });
}

export function settleDelivery(consumer: LinkConsumer, delivery: Delivery, outcome: DeliveryOutcomeName): void {
  const answer = consumer.settle(delivery, settlementOf(outcome, delivery.remote_state ?? {}));
  if (answer === 'again') return;
  writeDisposition(delivery.link.session, answer ? 'other' : 'accepted', () => {
    delivery.update(true, answer ? rejectedWith(answer) : accepted());
    // Nothing more comes from the client for this delivery: without this rhea would keep its slot for ever.
    (delivery as { remote_settled: boolean }).remote_settled = true;
  });
}

export type DeliveryOutcomeName = 'accepted' | 'released' | 'modified' | 'rejected';

/** An AMQP outcome as Service Bus reads it. */
function settlementOf(outcome: DeliveryOutcomeName, state: OutcomeFields): Settlement {
  switch (outcome) {
    case 'accepted':
      return { outcome: 'complete' };
    case 'released':
      return { outcome: 'abandon', properties: {} };
    case 'modified': {
      const properties = { ...state.message_annotations };
      return { outcome: state.undeliverable_here ? 'defer' : 'abandon', properties };
    }
    case 'rejected': {
      const {
        DeadLetterReason: reason,
        DeadLetterErrorDescription: description,
        ...properties
      } = {
        ...state.error?.info,
      };
      return { outcome: 'deadLetter', reason, description, properties };
    }
  }
}

interface OutcomeFields {
  readonly message_annotations?: Record<string, unknown>;
  readonly undeliverable_here?: boolean;
  readonly error?: { readonly info?: DeadLetterInfo };
}

interface DeadLetterInfo {
  readonly DeadLetterReason?: string;
  readonly DeadLetterErrorDescription?: string;
  readonly [property: string]: unknown;
}
