import { canonicalJson } from './canonical-json.ts';
import type { RecordedEvent } from './recorded-event.ts';
import { sha256 } from './sha256.ts';

/** An event with the hashes that tie it to the one before it. */
export interface SealedEvent extends RecordedEvent {
  /** Random, stored beside the data; erased together with it, so that erased data cannot be guessed from its hash. */
  readonly salt: string | null;
  /** SHA-256 of salt and data. Stays when the data is erased: the chain covers it, not the data. */
  readonly dataHash: string;
  /** Hash of the event before; 64 zeros for the first. */
  readonly previousHash: string;
}

export const chainStart = '0'.repeat(64);

export function seal(recorded: RecordedEvent, previousHash: string, salt: string): SealedEvent {
  return { ...recorded, salt, dataHash: dataHash(salt, recorded.event), previousHash };
}

/** The hash that the next event carries as `previousHash`. */
export function eventHash({ v, sequence, at, by, type, state, dataHash: data, previousHash }: SealedEvent): string {
  return sha256(canonicalJson({ v, sequence, at, by, type, state, dataHash: data, previousHash }));
}

/**
 * Checks one case's chain, oldest event first.
 * @returns one sentence for each break; empty: the chain holds
 */
export function verifyChain(events: readonly SealedEvent[]): string[] {
  let previous = chainStart;
  return events.flatMap((sealed, place) => {
    const breaks = breaksOf(sealed, place, previous);
    previous = eventHash(sealed);
    return breaks;
  });
}

function breaksOf(sealed: SealedEvent, place: number, previous: string): string[] {
  const breaks: string[] = [];
  if (sealed.sequence !== place) breaks.push(`event ${place} is missing or out of order (found ${sealed.sequence}).`);
  if (sealed.previousHash !== previous)
    breaks.push(`event ${sealed.sequence} does not follow the event before it: one of the two was changed.`);
  if (sealed.event !== null && sealed.salt !== null && sealed.dataHash !== dataHash(sealed.salt, sealed.event)) {
    breaks.push(`event ${sealed.sequence}: its data is not what was recorded.`);
  }
  if ((sealed.event === null) !== (sealed.salt === null)) breaks.push(`event ${sealed.sequence} is half erased.`);
  return breaks;
}

const dataHash = (salt: string, event: RecordedEvent['event']): string => sha256(salt + canonicalJson(event));
