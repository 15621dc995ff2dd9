import { type Namespace, startNamespace } from '../service-bus/namespace.ts';
import { defaultHostJson, fixtureApp, type LocalHost, startLocalHost } from './local-host.ts';

/** A host that runs the fixture with queues, on the Service Bus stand-in. */
export interface QueueHost extends LocalHost {
  readonly namespace: Namespace;
  send(
    queue: 'work' | 'lanes',
    ...messages: { body: unknown; sessionId?: string; messageId?: string }[]
  ): Promise<void>;
  /** What the function said when it began (or ended) with a message, in order. */
  seen(when: 'begins' | 'ends'): { body: unknown; metadata: Record<string, unknown> }[];
  stop(): Promise<void>;
}

export async function startQueueHost({
  serviceBus = {},
  functionTimeout = '00:10:00',
  restartDelays,
  stopGrace = 1000,
}: {
  serviceBus?: object;
  functionTimeout?: string;
  restartDelays?: readonly number[];
  stopGrace?: number;
} = {}): Promise<QueueHost> {
  const namespace = await startNamespace();
  const hostJson = {
    ...defaultHostJson,
    functionTimeout,
    extensions: {
      http: { routePrefix: '' },
      serviceBus: { maxConcurrentCalls: 4, sessionIdleTimeout: '00:00:00.300', ...serviceBus },
    },
  };
  const environment = { WORK_QUEUE: 'work', ServiceBus__fullyQualifiedNamespace: 'syncmend.servicebus.windows.net' };
  const local = await startLocalHost([fixtureApp('queue-app.ts', { name: 'worker', hostJson, environment })], {
    clock: namespace.clock,
    serviceBus: () => namespace.client(),
    stopGrace,
    ...(restartDelays && { restartDelays }),
  });
  const client = namespace.client();
  return {
    ...local,
    namespace,
    send: async (queue, ...messages) => {
      const sender = client.createSender(queue);
      await sender.sendMessages(messages);
      await sender.close();
    },
    seen: (when) =>
      local.said(`{"${when}":`).map((text) => {
        const line = JSON.parse(text);
        return { body: line[when], metadata: line.metadata };
      }),
    stop: async () => {
      await local.host.stop();
      await namespace.stop();
    },
  };
}

export const nothingLeft = { active: 0, locked: 0, scheduled: 0, deferred: 0, deadLetter: 0 };
