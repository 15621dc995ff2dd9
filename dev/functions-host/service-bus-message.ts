import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { TypedData } from './rpc.ts';

/** The body as the host hands it to a function: text where it is text, else bytes. Needs a receiver that does not parse bodies. */
export function bodyOf(message: ServiceBusReceivedMessage): TypedData {
  const { body } = message;
  if (body === undefined || body === null) return { string: '' };
  if (typeof body === 'string') return { string: body };
  if (!(body instanceof Uint8Array)) return { json: JSON.stringify(body) };
  try {
    return { string: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { bytes: body };
  }
}

/**
 * The trigger metadata of a message. As in the real host every top-level property of a JSON body that is not an array
 * overwrites the system value of that name, whatever its casing: nothing in it can be trusted.
 */
export function metadataOf(message: ServiceBusReceivedMessage): Record<string, TypedData> {
  const values = systemValues(message);
  for (const [name, value] of Object.entries(bodyProperties(bodyOf(message)))) {
    if (Array.isArray(value)) continue;
    const system = Object.keys(values).find((key) => key.toLowerCase() === name.toLowerCase());
    values[system ?? name] = value;
  }
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const data = toTypedData(value);
      return data ? [[name, data]] : [];
    }),
  );
}

function systemValues(message: ServiceBusReceivedMessage): Record<string, unknown> {
  return {
    MessageId: message.messageId,
    // The SDK shows 0 on the first delivery, the host 1.
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    SequenceNumber: Number(message.sequenceNumber ?? 0),
    EnqueuedSequenceNumber: message.enqueuedSequenceNumber,
    EnqueuedTimeUtc: message.enqueuedTimeUtc?.toISOString(),
    ExpiresAtUtc: expiryOf(message),
    LockToken: message.lockToken,
    ContentType: message.contentType,
    CorrelationId: message.correlationId,
    Subject: message.subject,
    To: message.to,
    ReplyTo: message.replyTo,
    SessionId: message.sessionId,
    ReplyToSessionId: message.replyToSessionId,
    PartitionKey: message.partitionKey,
    DeadLetterSource: message.deadLetterSource,
    ApplicationProperties: message.applicationProperties ?? {},
  };
}

/** .NET's DateTime.MaxValue stands for a message that never expires. */
function expiryOf({ expiresAtUtc }: ServiceBusReceivedMessage): string {
  const moment = expiresAtUtc?.getTime() ?? Number.NaN;
  return Number.isNaN(moment) || moment >= Date.UTC(9999, 11, 31)
    ? '9999-12-31T23:59:59.9999999Z'
    : new Date(moment).toISOString();
}

function bodyProperties(body: TypedData): object {
  const text = body.string ?? body.json;
  if (text === undefined) return {};
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
  } catch {
    return {};
  }
}

function toTypedData(value: unknown): TypedData | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) };
}
