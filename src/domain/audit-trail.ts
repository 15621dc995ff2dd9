import { z } from 'zod';
import { eventHash, type SealedEvent, verifyChain } from './audit-chain.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Case } from './case.ts';
import { evolve } from './evolve.ts';
import { recordedEvent } from './recorded-event.ts';
import { summarise } from './summary.ts';

/** An event as it stands in the store. */
export const sealedEvent: z.ZodType<SealedEvent> = recordedEvent.extend({
  salt: z.string().nullable(),
  dataHash: z.string(),
  previousHash: z.string(),
});

/** Everything that the store holds of one case, as it stands there: nothing is taken on trust. */
export interface Trail {
  readonly id: string;
  readonly tenant: string;
  /** Oldest first. */
  readonly events: readonly SealedEvent[];
  /** null: it is missing or cannot be read. */
  readonly projection: {
    readonly case: Case;
    /** Hash of the last event, as the projection has it. */
    readonly head: string;
    /** What lists are made from. */
    readonly summary: unknown;
  } | null;
  /** Rows that do not have the shape of an event or a projection, one sentence each. */
  readonly unreadableEvents: readonly string[];
  /** Guards a replacement of the projection; null: there is no such row. */
  readonly revision: string | null;
}

/** What is wrong with a trail. Both lists empty: nothing. */
export interface TrailCheck {
  /** The record itself is broken: a person must find out what happened. */
  readonly broken: readonly string[];
  /** The record holds, but what is shown differs from it: the projection can be made again. */
  readonly outdated: readonly string[];
}

/** The case that the events tell of; null when there are none. Erased events leave state, times and history. */
export function rebuild({ id, tenant, events }: Pick<Trail, 'id' | 'tenant' | 'events'>): Case | null {
  const folded = events.reduce<Case | undefined>(evolve, undefined);
  // The first event names both, until it is erased.
  return folded ? { ...folded, id, tenant } : null;
}

/** Checks the chain, that the projection ends where the chain ends, and that it is the fold of the events. */
export function checkTrail(trail: Trail): TrailCheck {
  const broken = [...trail.unreadableEvents, ...verifyChain(trail.events)];
  const last = trail.events.at(-1);
  const rebuilt = rebuild(trail);
  if (!last || !rebuilt) return { broken: [...broken, 'it has a projection but no events.'], outdated: [] };
  const { projection } = trail;
  if (!projection) {
    return { broken, outdated: [`its projection ${trail.revision === null ? 'is missing' : 'cannot be read'}.`] };
  }
  if (projection.head !== eventHash(last))
    broken.push('its projection does not end with its last event: an event was changed, or removed from the end.');
  return { broken, outdated: differences(projection, rebuilt) };
}

/** Named, not shown: values are personal data, and this goes to logs. */
function differences(stored: NonNullable<Trail['projection']>, rebuilt: Case): string[] {
  const fields = new Set([...Object.keys(stored.case), ...Object.keys(rebuilt)]) as Set<keyof Case>;
  const differing = [...fields].filter((field) => canonicalJson(stored.case[field]) !== canonicalJson(rebuilt[field]));
  const found = differing.map((field) =>
    field === 'state'
      ? `its projection says ${stored.case.state}, its events say ${rebuilt.state}.`
      : `its projection has another '${field}' than its events.`,
  );
  const sameSummary = agrees(stored.summary, summarise(rebuilt));
  return found.length > 0 || sameSummary ? found : ['its summary, which lists show, differs from its events.'];
}

/** A summary written by an earlier release lacks what was added since; what it says must be so. */
function agrees(stored: unknown, derived: object): boolean {
  if (typeof stored !== 'object' || stored === null || !('id' in stored)) return false;
  return canonicalJson({ ...derived, ...stored }) === canonicalJson(derived);
}
