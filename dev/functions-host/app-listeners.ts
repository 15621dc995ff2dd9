import type { ServiceBusClient } from '@azure/service-bus';
import type { MovableClock } from '../clock.ts';
import type { ServiceBusSettings } from './host-json.ts';
import type { IndexedFunction, ServiceBusFunction, TimerFunction } from './index-functions.ts';
import type { InvocationOutcome } from './invocation-outcome.ts';
import type { QueueListener } from './message-processing.ts';
import { listenToQueue } from './queue-listener.ts';
import type { TypedData } from './rpc.ts';
import { bodyOf, metadataOf } from './service-bus-message.ts';
import { listenToSessions } from './session-listener.ts';
import { listenToTimer } from './timer-listener.ts';

export interface AppListenersOptions {
  readonly clock: MovableClock;
  readonly serviceBus: ServiceBusSettings;
  /** Makes the client for the connection that a trigger names; it is closed with the listeners. */
  readonly clientFor: (connection: string) => ServiceBusClient;
  /** Runs a function; never rejects. */
  readonly run: (
    target: IndexedFunction,
    input: TypedData,
    metadata?: Record<string, TypedData>,
  ) => Promise<InvocationOutcome>;
  readonly warn: (message: string) => void;
}

/** The timers and queue listeners of an app, from its start until its host stops. */
export class AppListeners {
  readonly #options: AppListenersOptions;
  readonly #clients = new Map<string, ServiceBusClient>();
  readonly #stopTimers: (() => void)[] = [];
  readonly #queues: QueueListener[] = [];

  constructor(functions: readonly IndexedFunction[], options: AppListenersOptions) {
    this.#options = options;
    for (const indexed of functions) {
      if (indexed.trigger === 'timer') this.#stopTimers.push(this.#listenToTimer(indexed));
      if (indexed.trigger === 'serviceBus') this.#queues.push(this.#listenToServiceBus(indexed));
    }
  }

  /** No timer fires and no message is taken from now on; answers when the messages that run are settled. */
  async close(): Promise<void> {
    for (const stopTimer of this.#stopTimers) stopTimer();
    await Promise.allSettled(this.#queues.map((queue) => queue.close()));
    await Promise.allSettled([...this.#clients.values()].map((client) => client.close()));
  }

  #listenToTimer(timer: TimerFunction): () => void {
    const { clock, run } = this.#options;
    return listenToTimer({ ...timer, clock, run: (json) => run(timer, { json }) });
  }

  #listenToServiceBus(trigger: ServiceBusFunction): QueueListener {
    const { clock, run, warn, serviceBus } = this.#options;
    const client = this.#clients.get(trigger.connection) ?? this.#options.clientFor(trigger.connection);
    this.#clients.set(trigger.connection, client);
    const options = {
      ...serviceBus,
      queue: trigger.queue,
      autoCompleteMessages: trigger.autoCompleteMessages ?? serviceBus.autoCompleteMessages,
      clock,
      run: (message: Parameters<typeof bodyOf>[0]) => run(trigger, bodyOf(message), metadataOf(message)),
      warn,
    };
    return trigger.sessions ? listenToSessions(client, options) : listenToQueue(client, options);
  }
}
