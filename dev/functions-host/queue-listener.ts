import type { ServiceBusClient } from '@azure/service-bus';
import {
  oneAtATime,
  processMessage,
  type QueueListener,
  type QueueListenerOptions,
  receiverOptions,
} from './message-processing.ts';

/** Listens to a queue without sessions: up to `maxConcurrentCalls` messages at a time, in no order. */
export function listenToQueue(
  client: ServiceBusClient,
  options: QueueListenerOptions & { readonly maxConcurrentCalls: number },
): QueueListener {
  const receiver = client.createReceiver(options.queue, receiverOptions);
  const settle = oneAtATime();
  const running = new Set<Promise<unknown>>();
  const subscription = receiver.subscribe(
    {
      processMessage: async (message) => {
        const lock = {
          lockedUntil: () => message.lockedUntilUtc,
          renew: () => receiver.renewMessageLock(message),
        };
        const run = processMessage(message, receiver, lock, options, settle);
        running.add(run);
        await run;
        running.delete(run);
      },
      processError: async ({ error }) => options.warn(`Listening to ${options.queue}: ${error.message}`),
    },
    { maxConcurrentCalls: options.maxConcurrentCalls, autoCompleteMessages: false },
  );
  return {
    close: async () => {
      await subscription.close();
      await Promise.all(running);
      await receiver.close();
    },
  };
}
