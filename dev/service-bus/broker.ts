import rhea, {
  type Connection,
  type Container,
  type EventContext,
  type Message,
  type Receiver,
  type Sender,
} from 'rhea';
import type { MovableClock } from '../clock.ts';
import type { VerifyToken } from '../tokens.ts';
import { entityPathOf } from './authorization.ts';
import { putToken } from './cbs.ts';
import { ClientConnection } from './client-connection.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Faults } from './faults.ts';
import { type Inbox, largestMessage } from './inbox.ts';
import { type ManagementAnswer, manage, statusOf } from './management.ts';
import { type DeliveryOutcomeName, openReceivingLink, settleDelivery } from './receiving-links.ts';
import { notFound, Refusal, unauthorized } from './refusal.ts';
import { type Arrival, answer, takeArrival } from './sending-links.ts';
import { copyOf, endpointOf } from './wire.ts';

const cbsNode = '$cbs';
const managementNode = /\/\$management$/i;

/** What the protocol side needs from the rest of the stand-in. */
export interface BrokerParts {
  readonly clock: MovableClock;
  readonly verify: VerifyToken;
  readonly faults: Faults;
  readonly inbox: Inbox;
  /** By lower-case path; a dead-letter queue is `<queue>/$deadletterqueue`. */
  readonly dispatchers: ReadonlyMap<string, Dispatcher>;
  /** A fault in the broker itself, or a client that breaks the protocol. */
  readonly onError: (error: unknown) => void;
}

/** The AMQP side of the stand-in: a rhea container whose events reach the queues. */
export class Broker {
  readonly container: Container = rhea.create_container({ id: 'service-bus-stand-in' });
  readonly #parts: BrokerParts;
  readonly #clients = new Map<Connection, ClientConnection>();
  readonly #arrivals = new WeakMap<Receiver, (arrival: Arrival) => void>();

  constructor(parts: BrokerParts) {
    this.#parts = parts;
    this.#offerMechanisms();
    this.#followConnections();
    this.#followLinks();
    this.#followMessages();
  }

  get connections(): Iterable<Connection> {
    return this.#clients.keys();
  }

  /** Identity comes by token; clients other than JavaScript's name the mechanism for that. */
  #offerMechanisms(): void {
    const mechanisms = this.container.sasl_server_mechanisms;
    mechanisms.enable_anonymous();
    mechanisms['MSSBCBS'] = mechanisms['ANONYMOUS'];
  }

  #followConnections(): void {
    const { container } = this;
    container.on('connection_open', ({ connection }: EventContext) => void this.#clientOf(connection));
    for (const end of ['connection_close', 'disconnected']) {
      container.on(end, ({ connection }: EventContext) => {
        this.#clientOf(connection).leave(() => true);
        this.#clients.delete(connection);
      });
    }
    container.on('session_close', ({ connection, session }: EventContext) =>
      this.#clientOf(connection).leave((link) => link.session === session),
    );
    // A client may end what it opened with an error of its own: the close that follows is all that matters here.
    for (const ended of ['connection_error', 'session_error', 'receiver_error', 'sender_error']) {
      container.on(ended, () => {});
    }
    container.on('protocol_error', (error: unknown) => this.#parts.onError(error));
    container.on('error', (error: unknown) => this.#parts.onError(error));
  }

  #followLinks(): void {
    this.container.on('receiver_open', ({ connection, receiver }: EventContext) => {
      if (receiver) closeIfRefused(receiver, this.#openForSending(this.#clientOf(connection), receiver));
    });
    this.container.on('sender_open', ({ connection, sender }: EventContext) => {
      if (sender) closeIfRefused(sender, this.#openForReceiving(this.#clientOf(connection), sender));
    });
    this.container.on('sender_flow', ({ connection, sender }: EventContext) => {
      if (sender) this.#clientOf(connection).consumers.get(sender)?.flow();
    });
    this.container.on('sender_close', ({ connection, sender }: EventContext) => {
      this.#clientOf(connection).leave((link) => link === sender);
    });
  }

  #followMessages(): void {
    this.container.on('message', ({ receiver, delivery, message, ...rest }: EventContext & { format?: number }) => {
      if (receiver && delivery && message) {
        this.#arrivals.get(receiver)?.({ delivery, message, format: rest.format ?? 0 });
      }
    });
    for (const outcome of ['accepted', 'released', 'modified', 'rejected'] satisfies DeliveryOutcomeName[]) {
      this.container.on(outcome, ({ connection, sender, delivery }: EventContext) => {
        const consumer = sender && this.#clientOf(connection).consumers.get(sender);
        if (consumer && delivery) settleDelivery(consumer, delivery, outcome);
      });
    }
  }

  #openForSending(client: ClientConnection, link: Receiver): Refusal | undefined {
    const { local, remote } = endpointOf(link);
    const { source, target } = remote.attach;
    link.set_target(copyOf(target));
    link.set_source(copyOf(source));
    local.attach.max_message_size = largestMessage;

    const address = target?.address ?? '';
    if (address === cbsNode) {
      this.#onRequest(link, (request) => putToken(client, link, request, this.#parts.verify));
      return undefined;
    }
    const dispatcher = this.#enter(client, address);
    if (dispatcher instanceof Refusal) return dispatcher;
    if (managementNode.test(address))
      this.#onRequest(link, (request) => this.#manage(client, dispatcher, link, request));
    else {
      const { inbox, faults } = this.#parts;
      this.#arrivals.set(link, (arrival) => takeArrival(dispatcher.queue, link, arrival, inbox, faults));
    }
    return undefined;
  }

  #openForReceiving(client: ClientConnection, link: Sender): Refusal | undefined {
    const { local, remote } = endpointOf(link);
    const { source, target, snd_settle_mode, rcv_settle_mode } = remote.attach;
    link.set_source(copyOf(source));
    link.set_target(copyOf(target));
    local.attach.snd_settle_mode = snd_settle_mode;
    local.attach.rcv_settle_mode = rcv_settle_mode;

    const address = source?.address ?? '';
    if (address === cbsNode || managementNode.test(address)) {
      client.addReplyLink(link);
      return undefined;
    }
    const dispatcher = this.#enter(client, address);
    return dispatcher instanceof Refusal ? dispatcher : openReceivingLink(client, dispatcher, link);
  }

  /** The entity of an address, for a client whose tokens cover it. */
  #enter(client: ClientConnection, address: string): Dispatcher | Refusal {
    if (!client.grants.cover(address)) return unauthorized(`No valid token was put for '${address}'.`);
    return this.#parts.dispatchers.get(entityPathOf(address.replace(managementNode, ''))) ?? notFound(address);
  }

  #onRequest(link: Receiver, handle: (request: Message) => void | Promise<void>): void {
    this.#arrivals.set(link, ({ delivery, message }) => {
      answer(delivery);
      if (!Buffer.isBuffer(message)) Promise.resolve(message).then(handle).catch(this.#parts.onError);
    });
  }

  #manage(client: ClientConnection, dispatcher: Dispatcher, link: Receiver, request: Message): void {
    const { clock, inbox } = this.#parts;
    const operation = String(request.application_properties?.['operation']);
    const answered = this.#guard(() => manage(operation, { dispatcher, inbox, now: clock.now(), body: request.body }));
    const body = answered === 'nothing' || answered instanceof Refusal ? {} : answered;
    client.reply(link, request, { application_properties: statusOf(answered), body });
  }

  /** A request whose body has the wrong shape breaks the operation; its client hears of it all the same. */
  #guard(perform: () => ManagementAnswer): ManagementAnswer {
    try {
      return perform();
    } catch (error) {
      this.#parts.onError(error);
      return new Refusal('amqp:internal-error', String(error), 500);
    }
  }

  #clientOf(connection: Connection): ClientConnection {
    const client = this.#clients.get(connection) ?? new ClientConnection();
    this.#clients.set(connection, client);
    return client;
  }
}

/** An attach without the terminus that the client asked for, then a detach that says why. */
function closeIfRefused(link: Sender | Receiver, refusal: Refusal | undefined): void {
  if (!refusal) return;
  const { attach } = endpointOf(link).local;
  if (link.is_sender()) attach.source = undefined;
  else attach.target = undefined;
  link.close({ condition: refusal.condition, description: refusal.description });
}
