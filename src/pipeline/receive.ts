import type { z } from 'zod';
import { secondsUntilNextAttempt } from '../domain/retry-schedule.ts';
import { sha256 } from '../domain/sha256.ts';
import { type Clock, type Messages, type OutgoingMessage, StoreUnavailable } from '../ports.ts';

interface ReceivePorts {
  readonly clock: Clock;
  readonly messages: Messages;
  readonly tenant: string;
}

/**
 * Takes one message of a queue. What does not fit its schema, or belongs to another tenant, goes to `rejected` with the
 * field. When the store is out of reach the message's successor is scheduled: the host would redeliver at once. Only when
 * that cannot be sent either does the message go back to the broker.
 */
export async function receive<Body extends { readonly tenant: string }>(
  ports: ReceivePorts,
  queue: string,
  schema: z.ZodType<Body>,
  body: unknown,
  handle: (message: Body) => Promise<void>,
  successor: (message: Body, seconds: (attempt: number) => Date) => OutgoingMessage,
): Promise<'handled' | 'rejected' | 'putOff'> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return reject(ports, queue, body, issue?.message ?? 'does not fit', issue?.path.join('.') || '(body)');
  }
  if (parsed.data.tenant !== ports.tenant)
    return reject(ports, queue, body, 'The message belongs to another tenant.', 'tenant');
  try {
    await handle(parsed.data);
    return 'handled';
  } catch (cause) {
    if (!(cause instanceof StoreUnavailable)) throw cause;
    const later = (attempt: number): Date =>
      new Date(ports.clock.now().getTime() + secondsUntilNextAttempt(attempt, 0.5) * 1000);
    const sent = await ports.messages.send(successor(parsed.data, later));
    if (!sent.ok) throw cause;
    return 'putOff';
  }
}

async function reject(
  ports: ReceivePorts,
  queue: string,
  body: unknown,
  reason: string,
  field: string,
): Promise<'rejected'> {
  const sent = await ports.messages.send({
    queue: 'rejected',
    // The text tells two malformed messages of one millisecond apart.
    id: `${queue}.${ports.clock.now().getTime()}.${sha256(JSON.stringify(body) ?? '').slice(0, 16)}`,
    body: { v: 1, queue, received: body ?? null },
    properties: { reason, field },
  });
  if (!sent.ok) throw new Error(`a malformed message of '${queue}' could not be put aside: ${sent.failure.message}`);
  return 'rejected';
}
