import tls from 'node:tls';
import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { jwtVerify, SignJWT } from 'jose';
import { generate } from 'selfsigned';
import { MovableClock } from '../../../dev/clock.ts';
import type { QueueSettings } from '../../../dev/service-bus/queue-settings.ts';
import { type ServiceBusStandIn, startServiceBus } from '../../../dev/service-bus/start-service-bus.ts';
import type { TlsMaterial, VerifyToken } from '../../../dev/tokens.ts';

const plain: QueueSettings = {
  requiresSession: false,
  lockDuration: 'PT1M',
  maxDeliveryCount: 3,
  duplicateDetectionWindow: 'PT1H',
  defaultTimeToLive: 'P14D',
  deadLetterOnExpiration: true,
};

/** Queues for the stories: one without sessions, one with, one that drops what expires. */
const queues = {
  work: plain,
  lanes: { ...plain, requiresSession: true },
  dropping: { ...plain, deadLetterOnExpiration: false },
};

export type QueueName = keyof typeof queues;

const issuerKey = Buffer.from('the key that the issuer signs with');
const otherKey = Buffer.from('a key that nobody has ever trusted');

/** A stand-in with its clock, and clients that reach it as production does: TLS and bearer tokens. */
export interface Namespace {
  readonly clock: MovableClock;
  readonly serviceBus: ServiceBusStandIn;
  readonly errors: unknown[];
  readonly tls: TlsMaterial;
  client(token?: Promise<string>): ServiceBusClient;
  setControl(name: string, value: unknown): Promise<void>;
  stop(): Promise<void>;
}

export async function startNamespace(): Promise<Namespace> {
  const material = await certificate;
  const clock = new MovableClock();
  const errors: unknown[] = [];
  const clients: ServiceBusClient[] = [];
  const serviceBus = await startServiceBus({
    clock,
    tls: material,
    queues: { queues },
    verify,
    onError: (error) => errors.push(error),
  });
  return {
    clock,
    serviceBus,
    errors,
    tls: material,
    client: (token = goodToken()) => {
      const client = clientOf(serviceBus.port, token);
      clients.push(client);
      return client;
    },
    setControl: async (name, value) => {
      const control = serviceBus.controls().find((candidate) => candidate.name === name);
      if (!control) throw new Error(`There is no control '${name}'.`);
      await control.write(value);
    },
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await serviceBus.stop();
    },
  };
}

function clientOf(port: number, token: Promise<string>): ServiceBusClient {
  const credential = {
    getToken: async () => ({ token: await token, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  return new ServiceBusClient('syncmend.servicebus.windows.net', credential, {
    customEndpointAddress: `https://localhost:${port}`,
    retryOptions: { maxRetries: 0, timeoutInMs: 1_500 },
  });
}

export const goodToken = (audience = 'https://servicebus.azure.net'): Promise<string> => sign(issuerKey, audience);

export const forgedToken = (): Promise<string> => sign(otherKey, 'https://servicebus.azure.net');

function sign(key: Uint8Array, audience: string): Promise<string> {
  return new SignJWT({ oid: 'an-identity', tid: 'a-tenant', roles: [] })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setExpirationTime('1h')
    .sign(key);
}

const verify: VerifyToken = async (token, audience) => {
  const { payload } = await jwtVerify(token, issuerKey, { audience });
  return { aud: audience, oid: String(payload['oid']), tid: String(payload['tid']), roles: [] };
};

/** One for all namespaces of the process: two self-signed ones of the same name are not told apart. */
const certificate = trustedCertificate();

async function trustedCertificate(): Promise<TlsMaterial> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  tls.setDefaultCACertificates([...tls.getCACertificates(), cert]);
  return { key, cert };
}

/** The next message, which the story says is there. */
export async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 2_000 });
  if (!message) throw new Error('No message arrived within two seconds.');
  return message;
}

/** Whether nothing arrives for a short while. */
export async function hearsNothing(receiver: ServiceBusReceiver): Promise<boolean> {
  return (await receiver.receiveMessages(1, { maxWaitTimeInMs: 150 })).length === 0;
}

/** The SDK's code of the error that `promise` ends with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
  return 'none';
}
