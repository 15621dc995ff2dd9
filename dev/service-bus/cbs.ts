import type { Message, Receiver } from 'rhea';
import type { VerifyToken } from '../tokens.ts';
import type { ClientConnection } from './client-connection.ts';
import { Refusal, unauthorized } from './refusal.ts';
import { types } from './wire.ts';

const audience = 'https://servicebus.azure.net';

/** Claims-based security: a client puts a bearer token for an entity, and its links to that entity are allowed from then on. */
export async function putToken(
  client: ClientConnection,
  link: Receiver,
  request: Message,
  verify: VerifyToken,
): Promise<void> {
  const refusal = await objectionTo(request, verify);
  if (refusal) {
    client.reply(link, request, {
      application_properties: {
        'status-code': types.wrap_int(refusal.status),
        'status-description': refusal.description,
        'error-condition': refusal.condition,
      },
      body: '',
    });
    return;
  }
  client.grants.add(String(request.application_properties?.['name']));
  client.reply(link, request, {
    application_properties: { 'status-code': types.wrap_int(202), 'status-description': 'Accepted' },
    body: '',
  });
}

async function objectionTo(request: Message, verify: VerifyToken): Promise<Refusal | undefined> {
  const properties = request.application_properties;
  if (properties?.['operation'] !== 'put-token') return new Refusal('amqp:not-implemented', 'Only put-token.', 501);
  if (!/jwt/i.test(String(properties['type']))) return unauthorized('Local authentication is disabled.');
  try {
    await verify(String(request.body), audience);
    return undefined;
  } catch (cause) {
    return unauthorized(`The token is not valid: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
