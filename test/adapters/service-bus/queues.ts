import { readFileSync } from 'node:fs';
import { ServiceBusClient } from '@azure/service-bus';
import { createCertificates, trustInThisProcess } from '../../../dev/certificates.ts';
import { MovableClock } from '../../../dev/clock.ts';
import type { QueueSettings } from '../../../dev/service-bus/queue-settings.ts';
import { startServiceBus } from '../../../dev/service-bus/start-service-bus.ts';
import type { ServiceBusConnection } from '../../../src/adapters/service-bus/messages.ts';

export { hearsNothing, receiveOne } from '../../dev/service-bus/namespace.ts';

export interface Namespace {
  readonly clock: MovableClock;
  readonly connection: ServiceBusConnection;
  client(): ServiceBusClient;
  stop(): Promise<void>;
}

/** A namespace with the queues that the deployment creates. */
export async function startServiceBusFor(): Promise<Namespace> {
  const { authority, server } = await createCertificates();
  trustInThisProcess(authority);
  const clock = new MovableClock();
  const { queues } = JSON.parse(readFileSync('infra/service-bus.json', 'utf8')) as {
    queues: Record<string, QueueSettings>;
  };
  const serviceBus = await startServiceBus({
    clock,
    tls: server,
    queues: { queues },
    verify: async (_token, audience) => ({ aud: audience, oid: 'an-identity', tid: 'a-tenant', roles: [] }),
    onError: () => undefined,
  });
  const credential = { getToken: async () => ({ token: 'a-token', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const connection = {
    namespace: 'syncmend.servicebus.windows.net',
    customEndpointAddress: `https://localhost:${serviceBus.port}`,
    credential,
  };
  const clients: ServiceBusClient[] = [];
  return {
    clock,
    connection,
    client() {
      const { namespace, customEndpointAddress } = connection;
      const client = new ServiceBusClient(namespace, credential, {
        customEndpointAddress,
        retryOptions: { maxRetries: 0 },
      });
      clients.push(client);
      return client;
    },
    async stop() {
      await Promise.all(clients.map((client) => client.close()));
      await serviceBus.stop();
    },
  };
}
