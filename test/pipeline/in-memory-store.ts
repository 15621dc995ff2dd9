import { chainStart, eventHash, type SealedEvent, seal } from '../../src/domain/audit-chain.ts';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import type { Case } from '../../src/domain/case.ts';
import { succeeded } from '../../src/domain/result.ts';
import { sha256 } from '../../src/domain/sha256.ts';
import { summarise } from '../../src/domain/summary.ts';
import type {
  CaseStore,
  EvidenceStore,
  LaneRecords,
  Messages,
  OutgoingMessage,
  PromisedMessage,
  SourceLeases,
} from '../../src/ports.ts';

/** The case store's contract in memory: appends are all or nothing, and a stale revision is a conflict. */
export class InMemoryCaseStore implements CaseStore {
  readonly projections = new Map<string, { case: Case; revision: string }>();
  readonly sealed = new Map<string, SealedEvent[]>();
  readonly keys = new Map<string, string>();
  readonly promises = new Map<string, PromisedMessage>();

  async read(id: string) {
    const stored = this.projections.get(id);
    return stored ? structuredClone(stored) : null;
  }

  async append(...[previous, next, events, messages]: Parameters<CaseStore['append']>) {
    if (this.projections.get(next.id)?.revision !== previous?.revision) return 'conflict' as const;
    const chain = this.sealed.get(next.id) ?? [];
    for (const event of events) {
      const last = chain.at(-1);
      chain.push(seal(structuredClone(event), last ? eventHash(last) : chainStart, `salt-${event.sequence}`));
    }
    this.sealed.set(next.id, chain);
    this.projections.set(next.id, structuredClone({ case: next, revision: String(next.sequence) }));
    for (const promise of messages) this.promises.set(`${promise.caseId}|${promise.sequence}`, promise);
    return 'appended' as const;
  }

  async events(id: string) {
    return (this.sealed.get(id) ?? []).map(({ salt: _s, dataHash: _d, previousHash: _p, ...recorded }) => recorded);
  }

  async claimKey(key: string, caseId: string) {
    const owner = this.keys.get(key) ?? caseId;
    this.keys.set(key, owner);
    return owner;
  }

  async summaries() {
    return [...this.projections.values()].map(({ case: one }) => structuredClone(summarise(one)));
  }

  async promised() {
    return [...this.promises.values()];
  }

  async kept({ caseId, sequence }: PromisedMessage) {
    this.promises.delete(`${caseId}|${sequence}`);
  }
}

/** Messages that were sent, in order; ids are unique within the window, as with duplicate detection. */
export class InMemoryMessages implements Messages {
  readonly sent: OutgoingMessage[] = [];
  readonly deadLetters: { queue: string; body: unknown }[] = [];
  readonly #ids = new Set<string>();
  available = true;

  async send(message: OutgoingMessage) {
    if (!this.available)
      return { ok: false as const, failure: { kind: 'TryAgain' as const, message: 'Service Bus is down.' } };
    if (!this.#ids.has(`${message.queue}|${message.id}`)) this.sent.push(message);
    this.#ids.add(`${message.queue}|${message.id}`);
    return succeeded(undefined);
  }

  async drainDeadLetters(queue: string, limit: number, handle: (body: unknown) => Promise<boolean>) {
    let handled = 0;
    for (const letter of this.deadLetters.filter((one) => one.queue === queue).slice(0, limit)) {
      if (!(await handle(letter.body))) continue;
      this.deadLetters.splice(this.deadLetters.indexOf(letter), 1);
      handled += 1;
    }
    return succeeded(handled);
  }

  /** Takes the messages that are due, oldest due first. */
  takeDue(now: Date): OutgoingMessage[] {
    const due = this.sent.filter((message) => (message.notBefore ?? now) <= now);
    for (const message of due) this.sent.splice(this.sent.indexOf(message), 1);
    return due;
  }
}

export class InMemoryLeases implements SourceLeases {
  readonly rows = new Map<string, { owner: string; until: Date; again: boolean; cursor: string | null }>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  async take(source: string, owner: string, until: Date) {
    const row = this.rows.get(source);
    if (row && row.owner !== '' && row.owner !== owner && row.until > this.#now()) {
      row.again = true;
      return succeeded(null);
    }
    this.rows.set(source, { owner, until, again: false, cursor: row?.cursor ?? null });
    return succeeded({ cursor: row?.cursor ?? null });
  }

  async renew(source: string, owner: string, until: Date) {
    const row = this.rows.get(source);
    if (row?.owner !== owner) return succeeded(false);
    this.rows.set(source, { ...row, until });
    return succeeded(true);
  }

  async release(source: string, owner: string, cursor: string | null) {
    const row = this.rows.get(source);
    if (row?.owner !== owner) return succeeded({ again: false });
    this.rows.set(source, { ...row, owner: '', again: false, cursor });
    return succeeded({ again: row.again });
  }
}

export const inMemoryLanes = (): LaneRecords => {
  const records = new Map<string, Awaited<ReturnType<LaneRecords['read']>>>();
  return {
    read: async (lane) => records.get(lane) ?? [],
    write: async (lane, record) => {
      records.set(lane, [...record]);
    },
  };
};

export const inMemoryEvidence = (): EvidenceStore & { stored: Map<string, unknown> } => {
  const stored = new Map<string, Parameters<EvidenceStore['put']>[0]>();
  return {
    stored,
    put: async (evidence) => {
      const hash = sha256(canonicalJson(evidence));
      stored.set(hash, evidence);
      return succeeded(hash);
    },
    get: async (hash) => succeeded(stored.get(hash) ?? null),
  };
};
