import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusClient, ServiceBusSessionReceiver } from '@azure/service-bus';
import {
  processMessage,
  type QueueListener,
  type QueueListenerOptions,
  receiverOptions,
  whenAborted,
} from './message-processing.ts';

export interface SessionListenerOptions extends QueueListenerOptions {
  readonly maxConcurrentSessions: number;
  /** Milliseconds for which a drained session keeps its slot. */
  readonly sessionIdleTimeout: number;
}

/** Listens to a queue with sessions: many sessions at a time, in each one message at a time and in order. */
export function listenToSessions(client: ServiceBusClient, options: SessionListenerOptions): QueueListener {
  const stop = new AbortController();
  const stopped = whenAborted(stop.signal);
  // Every held session listens to it while it waits for a message.
  setMaxListeners(0, stop.signal);
  const draining = new Set<Promise<void>>();

  async function acceptSessions(): Promise<void> {
    while (!stop.signal.aborted) {
      if (draining.size >= options.maxConcurrentSessions) {
        await Promise.race(draining);
        continue;
      }
      const session = await acceptNext(client, options, stop.signal, stopped);
      if (!session) continue;
      const drained = drain(session, options, stop.signal).finally(() => draining.delete(drained));
      draining.add(drained);
    }
  }

  const accepting = acceptSessions();
  return {
    close: async () => {
      stop.abort();
      await accepting;
      await Promise.all(draining);
    },
  };
}

/** Answers undefined when no session has messages, the broker cannot be reached just now, or the listener closes. */
async function acceptNext(
  client: ServiceBusClient,
  options: SessionListenerOptions,
  signal: AbortSignal,
  stopped: Promise<undefined>,
): Promise<ServiceBusSessionReceiver | undefined> {
  const accepting = client.acceptNextSession(options.queue, receiverOptions);
  try {
    return await Promise.race([accepting, stopped]);
  } catch (error) {
    if (signal.aborted || isNoSession(error)) return undefined;
    options.warn(`Listening to ${options.queue}: ${error}`);
    await sleep(1000, undefined, { signal }).catch(() => undefined);
    return undefined;
  } finally {
    // The SDK does not heed an abort signal here until its own time-out has passed: whatever comes too late is closed.
    if (signal.aborted) void accepting.then((session) => session.close()).catch(() => undefined);
  }
}

/** The broker's way of saying that no session had a message while it waited. */
function isNoSession(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ServiceTimeout' || code === 'SessionCannotBeLocked';
}

async function drain(
  session: ServiceBusSessionReceiver,
  options: SessionListenerOptions,
  abortSignal: AbortSignal,
): Promise<void> {
  const lock = { lockedUntil: () => session.sessionLockedUntilUtc, renew: () => session.renewSessionLock() };
  const settleNow = (settlement: () => Promise<void>) => settlement();
  try {
    while (!abortSignal.aborted) {
      const [message] = await session.receiveMessages(1, { maxWaitTimeInMs: options.sessionIdleTimeout, abortSignal });
      if (!message) break;
      if (!(await processMessage(message, session, lock, options, settleNow))) break;
    }
  } catch (error) {
    if (!abortSignal.aborted) options.warn(`Session ${session.sessionId} of ${options.queue}: ${error}`);
  }
  await session.close().catch(() => undefined);
}
