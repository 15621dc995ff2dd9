import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { MovableClock } from '../clock.ts';
import type { InvocationOutcome } from './invocation-outcome.ts';
import { keepLocked, type Lock } from './lock-renewal.ts';

/** What a listener needs to know of the function that it feeds. */
export interface QueueListenerOptions {
  readonly queue: string;
  readonly autoCompleteMessages: boolean;
  /** Milliseconds for which the lock of a message or session is renewed while the function runs. */
  readonly maxAutoLockRenewalDuration: number;
  readonly clock: MovableClock;
  /** Runs the function; never rejects. */
  readonly run: (message: ServiceBusReceivedMessage) => Promise<InvocationOutcome>;
  readonly warn: (message: string) => void;
}

/** A listener that takes messages from one queue until it is closed. */
export interface QueueListener {
  /** Takes no more messages and waits for those that run. */
  close(): Promise<void>;
}

/** Of a body the receiver must leave every byte as it is; locks are renewed here (lock-renewal.ts). */
export const receiverOptions = { skipParsingBodyAsJson: true, maxAutoLockRenewalDurationInMs: 0 } as const;

/**
 * Runs the function with one message and settles it: completed, or abandoned at once when it failed, so that the broker
 * redelivers it at once. A message that is cut off by the end of the host stays locked. Answers false when the broker
 * refused the settlement.
 */
export async function processMessage(
  message: ServiceBusReceivedMessage,
  receiver: ServiceBusReceiver,
  lock: Lock,
  options: QueueListenerOptions,
  settle: (settlement: () => Promise<void>) => Promise<void>,
): Promise<boolean> {
  const stopRenewal = keepLocked(lock, options.maxAutoLockRenewalDuration, options.clock, (error) =>
    options.warn(`The lock on ${options.queue} could not be renewed: ${error}`),
  );
  const outcome = await options.run(message);
  stopRenewal();
  try {
    if (outcome.ok && options.autoCompleteMessages) await settle(() => receiver.completeMessage(message));
    if (!outcome.ok && outcome.reason !== 'hostStopped') await settle(() => receiver.abandonMessage(message));
    return true;
  } catch (error) {
    options.warn(`Message ${message.messageId} of ${options.queue} could not be settled: ${error}`);
    return false;
  }
}

/**
 * Lets settlements leave one after another, each in a tick of its own. rhea 3.0.5 merges neighbouring deliveries that
 * are settled in one tick into one disposition with the first outcome: an abandoned message would count as completed.
 */
export function oneAtATime(): (settlement: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (settlement) => {
    const turn = last.then(() => answered(settlement()));
    last = turn.then(nextTick, nextTick);
    return turn;
  };
}

/** After moved time ended its lock, a settlement may wait for an answer that never comes; the SDK itself waits a minute. */
const longestSettlement = 5000;

function answered(settlement: Promise<void>): Promise<void> {
  const { promise: silence, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('the broker gave no answer')), longestSettlement);
  return Promise.race([settlement, silence]).finally(() => clearTimeout(timer));
}

function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Settles when `signal` is aborted; to be made once a signal, since every call adds a listener to it. */
export function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
