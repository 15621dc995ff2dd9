import { eventHash } from '../../src/domain/audit-chain.ts';
import { sealedEvent, type Trail } from '../../src/domain/audit-trail.ts';
import { type Case, caseProjection } from '../../src/domain/case.ts';
import { succeeded } from '../../src/domain/result.ts';
import { summarise } from '../../src/domain/summary.ts';
import type { AuditTrail, CaseStore } from '../../src/ports.ts';
import { InMemoryCaseStore } from '../pipeline/in-memory-store.ts';
import type { AuditGround } from './audit-ground.ts';
import { tenant } from './recorded-cases.ts';

/** The in-memory store with the head that each projection was written with. */
class AuditedStore extends InMemoryCaseStore {
  readonly heads = new Map<string, string>();

  override async append(...request: Parameters<CaseStore['append']>) {
    const outcome = await super.append(...request);
    const last = this.sealed.get(request[1].id)?.at(-1);
    if (outcome === 'appended' && last) this.heads.set(request[1].id, eventHash(last));
    return outcome;
  }
}

export function inMemoryGround(): AuditGround & { readonly store: InMemoryCaseStore } {
  const store = new AuditedStore();
  const blobs = new Set<string>();
  const sealed = (id: string) => store.sealed.get(id) ?? [];
  return {
    store,
    audit: {
      clock: { now: () => new Date('2026-03-01T00:00:00.000Z') },
      store,
      trail: auditTrailOf(store),
      evidence: {
        erase: async (hash) => {
          blobs.delete(hash);
          return succeeded(undefined);
        },
      },
    },
    intruder: {
      changeEvent: async (id, sequence, change) => {
        store.sealed.set(
          id,
          sealed(id).map((one) => (one.sequence === sequence ? (change(one) as typeof one) : one)),
        );
      },
      removeEvent: async (id, sequence) => {
        store.sealed.set(
          id,
          sealed(id).filter((one) => one.sequence !== sequence),
        );
      },
      changeProjection: async (id, change) => {
        const stored = store.projections.get(id);
        if (stored) store.projections.set(id, { ...stored, case: change(stored.case) as Case });
      },
      removeProjection: async (id) => {
        store.projections.delete(id);
      },
    },
    putEvidence: async (hash) => {
      blobs.add(hash);
    },
    hasEvidence: async (hash) => blobs.has(hash),
  };
}

function auditTrailOf(store: AuditedStore): AuditTrail {
  const read = async (id: string): Promise<Trail | null> => {
    const stored = store.projections.get(id);
    const events = (store.sealed.get(id) ?? []).map((one, place) => ({ place, read: sealedEvent.safeParse(one) }));
    const projection = caseProjection.safeParse(stored?.case);
    if (!stored && events.length === 0) return null;
    return {
      id,
      tenant,
      events: events.flatMap((event) => (event.read.success ? [event.read.data] : [])),
      unreadableEvents: events.flatMap((event) =>
        event.read.success ? [] : [`event ${event.place} cannot be read: it is not what was recorded.`],
      ),
      projection: projection.success
        ? {
            case: structuredClone(projection.data),
            head: store.heads.get(id) ?? '',
            summary: summarise(projection.data),
          }
        : null,
      revision: stored?.revision ?? null,
    };
  };
  return {
    read,
    async *trails() {
      for (const id of new Set([...store.projections.keys(), ...store.sealed.keys()])) {
        const trail = await read(id);
        if (trail) yield trail;
      }
    },
    async replaceProjection({ id, revision }, next) {
      if ((store.projections.get(id)?.revision ?? null) !== revision) return 'conflict';
      store.projections.set(id, structuredClone({ case: next, revision: `${next.sequence}` }));
      return 'replaced';
    },
    async eraseEvents({ id, events }, sequences) {
      store.sealed.set(
        id,
        events.map((one) => (sequences.includes(one.sequence) ? { ...one, event: null, salt: null } : one)),
      );
    },
  };
}
