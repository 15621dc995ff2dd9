import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusClient } from '@azure/service-bus';
import {
  oneAtATime,
  processMessage,
  type QueueListener,
  type QueueListenerOptions,
  receiverOptions,
  whenAborted,
} from './message-processing.ts';

type Options = QueueListenerOptions & { readonly maxConcurrentCalls: number };

/** Milliseconds before the host listens again after the broker was lost; the SDK itself would wait for half a minute. */
const pauseAfterLoss = 1000;

/** Listens to a queue without sessions: up to `maxConcurrentCalls` messages at a time, in no order. */
export function listenToQueue(client: ServiceBusClient, options: Options): QueueListener {
  const stop = new AbortController();

  async function listen(): Promise<void> {
    const stopped = whenAborted(stop.signal);
    while (!stop.signal.aborted) {
      const subscription = subscribe(client, options);
      await Promise.race([subscription.lost, stopped]);
      const closed = subscription.close();
      if (stop.signal.aborted) await closed;
      else await sleep(pauseAfterLoss, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  const listening = listen();
  return {
    close: async () => {
      stop.abort();
      await listening;
    },
  };
}

/** One receiver; `lost` settles when it can receive no more. Closing it waits for the messages that run. */
function subscribe(client: ServiceBusClient, options: Options): { lost: Promise<void>; close(): Promise<void> } {
  const receiver = client.createReceiver(options.queue, receiverOptions);
  const settle = oneAtATime();
  const running = new Set<Promise<unknown>>();
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
  const subscription = receiver.subscribe(
    {
      processMessage: async (message) => {
        const lock = { lockedUntil: () => message.lockedUntilUtc, renew: () => receiver.renewMessageLock(message) };
        const run = processMessage(message, receiver, lock, options, settle);
        running.add(run);
        await run;
        running.delete(run);
      },
      processError: async ({ error }) => {
        options.warn(`Listening to ${options.queue}: ${error.message}`);
        lose();
      },
    },
    { maxConcurrentCalls: options.maxConcurrentCalls, autoCompleteMessages: false },
  );
  return {
    lost,
    close: async () => {
      await subscription.close().catch(() => undefined);
      await Promise.all(running);
      await receiver.close().catch(() => undefined);
    },
  };
}
