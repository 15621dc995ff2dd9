import type { TokenCredential } from '@azure/identity';
import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusSender } from '@azure/service-bus';
import { failed, succeeded } from '../../domain/result.ts';
import type { Messages, OutgoingMessage } from '../../ports.ts';

export interface ServiceBusConnection {
  /** `<name>.servicebus.windows.net` */
  readonly namespace: string;
  /** Where the namespace is reached, when that is not its own name (a private endpoint behind a gateway). */
  readonly customEndpointAddress?: string;
  readonly credential: TokenCredential;
}

const deadLetterWait = 1000;
/** A send that hangs must not outlive the request that wanted it; the promise is kept by the next sweep. */
const retryOptions = { maxRetries: 1, retryDelayInMs: 500, timeoutInMs: 10_000 };

/** Sends with the SDK, never through an output binding, which can set neither id, session nor schedule. */
export function createMessages({
  namespace,
  customEndpointAddress,
  credential,
}: ServiceBusConnection): Messages & { close(): Promise<void> } {
  let client: Promise<ServiceBusClient> | undefined;
  const senders = new Map<string, ServiceBusSender>();
  const connect = (): Promise<ServiceBusClient> => {
    client ??= import('./client.ts').then(
      ({ ServiceBusClient }) =>
        new ServiceBusClient(namespace, credential, {
          retryOptions,
          ...(customEndpointAddress ? { customEndpointAddress } : {}),
        }),
    );
    return client;
  };

  async function senderOf(queue: string): Promise<ServiceBusSender> {
    const bus = await connect();
    const sender = senders.get(queue) ?? bus.createSender(queue);
    senders.set(queue, sender);
    return sender;
  }

  return {
    async send(message) {
      try {
        await (await senderOf(message.queue)).sendMessages(asServiceBusMessage(message));
        return succeeded(undefined);
      } catch (cause) {
        return failed({
          kind: 'TryAgain',
          message: `Service Bus did not take a message for '${message.queue}': ${wordsOf(cause)}`,
        });
      }
    },
    async drainDeadLetters(queue, limit, handle) {
      try {
        const receiver = (await connect()).createReceiver(queue, { subQueueType: 'deadLetter' });
        try {
          const received = await receiver.receiveMessages(limit, { maxWaitTimeInMs: deadLetterWait });
          let handled = 0;
          // One at a time: neighbouring settlements with different outcomes can be merged on the way (rhea 3.0.5).
          for (const message of received) {
            if (await handle(bodyOf(message))) {
              await receiver.completeMessage(message);
              handled += 1;
            } else {
              await receiver.abandonMessage(message);
            }
          }
          return succeeded(handled);
        } finally {
          await receiver.close();
        }
      } catch (cause) {
        return failed({
          kind: 'TryAgain',
          message: `The dead letters of '${queue}' cannot be read: ${wordsOf(cause)}`,
        });
      }
    },
    async close() {
      await (await client)?.close();
    },
  };
}

function asServiceBusMessage({ id, sessionId, notBefore, body, properties }: OutgoingMessage) {
  return {
    messageId: id,
    contentType: 'application/json',
    body,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(notBefore === undefined ? {} : { scheduledEnqueueTimeUtc: notBefore }),
    ...(properties === undefined ? {} : { applicationProperties: { ...properties } }),
  };
}

/** A body that is not JSON is handed on as text. */
function bodyOf({ body }: ServiceBusReceivedMessage): unknown {
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : body;
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
