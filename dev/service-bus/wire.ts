import { randomUUID } from 'node:crypto';
import rhea, { type Message, type Sender, type Typed } from 'rhea';
import type { Moment } from '../clock.ts';
import type { Refusal } from './refusal.ts';
import type { StoredMessage } from './stored-message.ts';

/** AMQP values as Service Bus clients expect them, and the few internals of rhea that a broker needs. */
export const { types, message: codec } = rhea;

interface Outcomes {
  accepted(): { described(): unknown };
  rejected(fields: { error: { condition: string; description: string } }): { described(): unknown };
}

// The typings of rhea's codec leave out the outcomes.
const outcomes = codec as unknown as Outcomes;

export const accepted = (): unknown => outcomes.accepted().described();

export const rejectedWith = ({ condition, description }: Refusal): unknown =>
  outcomes.rejected({ error: { condition, description } }).described();

/** A lock token in the bytes of a delivery tag: .NET's order of a GUID. */
export function deliveryTagOf(token: string): Buffer {
  const bytes = Buffer.from(token, 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

export const emptyTag = (): Buffer => Buffer.from(randomUUID().replaceAll('-', ''), 'hex');

/** .NET ticks (100 ns since the year 1) as an AMQP long. */
export function ticksOf(moment: Moment): Typed {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(Math.round(moment)) * 10_000n + 621_355_968_000_000_000n);
  return types.wrap_long(bytes);
}

/** An AMQP long: rhea leaves it as eight bytes unless it is small. */
export function toNumber(value: unknown): number {
  return Buffer.isBuffer(value) ? Number(value.readBigInt64BE(0)) : Number(value);
}

const timestampCode = 0x83;
const longCode = 0x81;

/** An AMQP array, not a list: with a list .NET clients renew once and never again. */
export const timestampArray = (moments: readonly Moment[]): Typed =>
  types.wrap_array([...moments], timestampCode, undefined);

export const longArray = (values: readonly number[]): Typed => types.wrap_array([...values], longCode, undefined);

/** The message as the service hands it out, with what it knows about it in the annotations. */
export function encodeDelivery(message: StoredMessage): Buffer {
  const { content, lock } = message;
  const encoded: Message = {
    ...content,
    delivery_count: message.deliveryCount,
    message_annotations: {
      ...content.message_annotations,
      'x-opt-sequence-number': types.wrap_long(message.sequenceNumber),
      'x-opt-enqueue-sequence-number': types.wrap_long(message.firstSequenceNumber),
      'x-opt-enqueued-time': new Date(message.enqueuedAt),
      'x-opt-message-state': types.wrap_int(stateCode(message)),
      ...(lock && { 'x-opt-locked-until': new Date(lock.until) }),
    },
    // A deferred message is handed out in a reply, which has no delivery tag to carry its lock.
    ...(lock && message.deferred && { delivery_annotations: { 'x-opt-lock-token': uuid(lock.token) } }),
  };
  return codec.encode(encoded);
}

export const uuid = (token: string): Typed => types.wrap_uuid(Buffer.from(token, 'hex'));

function stateCode(message: StoredMessage): number {
  if (message.deferred) return 1;
  return message.state === 'scheduled' ? 2 : 0;
}

/** A terminus to answer an attach with. .NET sends empty ones, whose fields rhea cannot copy, and may leave it out. */
export function copyOf(terminus: Terminus | null | undefined): Terminus & { readonly address: string } {
  const fields = terminus?.value ? terminus : {};
  return { ...fields, address: fields.address ?? '' };
}

interface Outgoing {
  readonly next_delivery_id: number;
  readonly next_pending_delivery: number;
  available(): number;
  transfer_window(): number;
}

interface SenderInternals {
  readonly credit: number;
  readonly _draining: boolean;
  readonly session: { readonly outgoing: Outgoing };
  readonly connection: { _register(): void };
}

interface EndpointInternals {
  readonly state: { local_open: boolean; open_requests: number };
  readonly local: { readonly attach: AttachFrame };
  readonly remote: { readonly attach: AttachFrame };
}

export interface AttachFrame {
  source?: Terminus | null | undefined;
  target?: Terminus | null | undefined;
  properties?: Record<string, unknown> | undefined;
  snd_settle_mode?: number | undefined;
  rcv_settle_mode?: number | undefined;
  max_message_size?: number | undefined;
}

export interface Terminus {
  readonly address?: string;
  readonly filter?: Record<string, unknown>;
  /** rhea's fields; null when the peer sent an empty list. */
  readonly value?: unknown;
}

// rhea's typings leave out the state of its endpoints, which a peer that answers attaches itself cannot do without.
export const internalsOf = (sender: Sender): SenderInternals => sender as unknown as SenderInternals;
export const endpointOf = (link: object): EndpointInternals => link as EndpointInternals;

/** Messages that the client has credit for and that rhea can send at once. */
export function roomOf(sender: Sender): number {
  const { credit, session } = internalsOf(sender);
  const { outgoing } = session;
  const unsent = outgoing.next_delivery_id - outgoing.next_pending_delivery;
  // Not a number until the client's first flow tells where its window starts.
  const window = outgoing.transfer_window() || 0;
  return Math.min(Math.min(credit, window) - unsent, outgoing.available());
}
