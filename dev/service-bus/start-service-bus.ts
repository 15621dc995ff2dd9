import type { AddressInfo, Socket } from 'node:net';
import type { Server } from 'node:tls';
import type { MovableClock } from '../clock.ts';
import type { Control } from '../control/control.ts';
import type { TlsMaterial, VerifyToken } from '../tokens.ts';
import { entityPathOf } from './authorization.ts';
import { Broker } from './broker.ts';
import { Dispatcher } from './dispatcher.ts';
import { controlsOf, type Faults } from './faults.ts';
import { Inbox, type SentMessage } from './inbox.ts';
import { Queue } from './queue.ts';
import { type QueueSettingsFile, rulesOf } from './queue-settings.ts';
import { dropConnection } from './sending-links.ts';
import { countsOf, type MessageSnapshot, type QueueCounts, snapshotsOf } from './snapshots.ts';

export interface ServiceBusOptions {
  /** Schedules, expiry, the duplicate window and locks follow it. */
  readonly clock: MovableClock;
  /** A certificate for `localhost`. */
  readonly tls: TlsMaterial;
  readonly queues: QueueSettingsFile;
  readonly verify: VerifyToken;
  /** Absent or 0: any free port. */
  readonly port?: number;
  /** Told of faults in the broker and of clients that break the protocol; by default they are printed. */
  readonly onError?: (error: unknown) => void;
}

export interface ServiceBusStandIn {
  readonly port: number;
  /** Throws when there is no such queue, like {@link messages}. */
  counts(queue: string): QueueCounts;
  /** What the queue, or its dead letters, holds now, in the order of the queue. */
  messages(queue: string, which?: { readonly deadLetter?: boolean }): MessageSnapshot[];
  /** Every message that was taken from a client, duplicates included, in the order of arrival. */
  readonly log: readonly SentMessage[];
  controls(): Control[];
  stop(): Promise<void>;
}

/** Starts a Service Bus namespace that speaks AMQP 1.0 over TLS on the loopback interface. */
export async function startServiceBus(options: ServiceBusOptions): Promise<ServiceBusStandIn> {
  const { clock, verify } = options;
  const faults: Faults = { available: true, sends: 'none' };
  const inbox = new Inbox(clock, faults);
  const queues = openQueues(options.queues, clock);
  const dispatchers = new Map(
    queues
      .flatMap((queue) => [queue, queue.deadLetters ?? []].flat())
      .map((queue) => [entityPathOf(queue.name), new Dispatcher(queue, clock)] as const),
  );
  const onError = options.onError ?? ((error) => console.error('The Service Bus stand-in failed.', error));
  const broker = new Broker({ clock, verify, faults, inbox, dispatchers, onError });
  const sockets = new Set<Socket>();
  const server = await listen(broker, options, faults, sockets);

  const dropAll = (): void => {
    for (const connection of [...broker.connections]) dropConnection(connection);
  };
  const queueNamed = (name: string): Queue => {
    const found = dispatchers.get(entityPathOf(name));
    if (!found) throw new Error(`There is no queue '${name}'.`);
    return found.queue;
  };
  return {
    port: (server.address() as AddressInfo).port,
    counts: (name) => countsOf(queueNamed(name)),
    messages: (name, { deadLetter = false } = {}) =>
      snapshotsOf(queueNamed(deadLetter ? `${name}/$DeadLetterQueue` : name)),
    log: inbox.log,
    controls: () => controlsOf(faults, dropAll),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      dropAll();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function openQueues(file: QueueSettingsFile, clock: MovableClock): Queue[] {
  return Object.entries(file.queues).map(([name, settings]) => new Queue(name, rulesOf(settings), clock));
}

async function listen(
  broker: Broker,
  { tls, port = 0 }: ServiceBusOptions,
  faults: Faults,
  sockets: Set<Socket>,
): Promise<Server> {
  const server = broker.container.listen({
    transport: 'tls',
    host: '127.0.0.1',
    port,
    key: tls.key,
    cert: tls.cert,
    autoaccept: false,
    treat_modified_as_released: false,
    // Without it every answer waits for the peer's delayed acknowledgement.
    tcp_no_delay: true,
    credit_window: 500,
    max_frame_size: 65_536,
    idle_time_out: 240_000,
    session_buffer_size: 16_384,
  } as Parameters<typeof broker.container.listen>[0] & { transport: 'tls' });
  server.on('connection', (socket) => {
    if (!faults.available) return void socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  return server;
}
