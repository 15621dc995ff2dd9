import type { Moment } from '../clock.ts';
import { ChangeLog } from './change-log.ts';
import { type DistinguishedName, parseDn, rdnKey } from './distinguished-name.ts';
import { Entry } from './entry.ts';
import { formatGuid, type GuidKey } from './object-guid.ts';
import { attributeSchema } from './schema.ts';
import {
  type Dsa,
  type Placement,
  type ReplicatedUpdate,
  type StoredAttribute,
  supersedes,
} from './stored-attribute.ts';
import { ValueIndex } from './value-index.ts';

/** The running number that one controller gives to every change of its database, originating or replicated. */
export class UpdateSequence {
  last = 12_000;

  next(): number {
    return ++this.last;
  }
}

export interface ReplicaOptions {
  readonly baseDn: string;
  readonly dsa: Dsa;
  readonly usn: UpdateSequence;
  /** A partial replica holds the global catalogue's attributes only, and nobody writes it but replication. */
  readonly partial?: boolean;
}

/** One controller's copy of one naming context, with its indexes and its inbox of updates from the other copies. */
export class Replica {
  readonly baseDn: string;
  readonly dsa: Dsa;
  readonly partial: boolean;
  readonly usn: UpdateSequence;
  readonly index = new ValueIndex();
  readonly changes = new ChangeLog();
  /** Highest originating update seen of every controller: what a DirSync cookie remembers. */
  readonly upToDate = new Map<GuidKey, number>();
  readonly #baseKeys: readonly string[];
  readonly #byGuid = new Map<GuidKey, Entry>();
  readonly #inbox: ReplicatedUpdate[] = [];
  readonly #partners: Replica[] = [];
  #root: Entry | undefined;

  constructor({ baseDn, dsa, usn, partial = false }: ReplicaOptions) {
    this.baseDn = baseDn;
    this.dsa = dsa;
    this.usn = usn;
    this.partial = partial;
    this.#baseKeys = parseDn(baseDn).map(rdnKey);
  }

  get root(): Entry {
    if (!this.#root) throw new Error(`${this.baseDn} has no root yet`);
    return this.#root;
  }

  entries(): Iterable<Entry> {
    return this.#byGuid.values();
  }

  byGuid(guid: GuidKey): Entry | undefined {
    return this.#byGuid.get(guid);
  }

  /** Number of components that `dn` has below this naming context, or `undefined` when it lies elsewhere. */
  depthOf(dn: DistinguishedName): number | undefined {
    const depth = dn.length - this.#baseKeys.length;
    const tail = dn.slice(Math.max(0, depth));
    return depth >= 0 && tail.every((rdn, index) => rdnKey(rdn) === this.#baseKeys[index]) ? depth : undefined;
  }

  /** The deepest existing entry on the way to `dn`, and whether it is `dn` itself. */
  resolve(dn: DistinguishedName): { entry: Entry; found: boolean } | undefined {
    const depth = this.depthOf(dn);
    if (depth === undefined || !this.#root) return undefined;
    let entry = this.#root;
    for (const rdn of dn.slice(0, depth).reverse()) {
      const child = entry.children.get(rdnKey(rdn));
      if (!child) return { entry, found: false };
      entry = child;
    }
    return { entry, found: true };
  }

  /** Every write on the other copy will arrive here, after the replication delay. */
  replicateTo(partner: Replica): void {
    this.#partners.push(partner);
  }

  /** Applies an originating write and sends it on its way. */
  originate(update: ReplicatedUpdate): Entry {
    const entry = this.apply(update);
    for (const partner of this.#partners) partner.#inbox.push(update);
    return entry;
  }

  /** Takes in what has been under way for at least `delay` milliseconds. */
  catchUp(now: Moment, delay: number): void {
    let due = 0;
    while (due < this.#inbox.length && (this.#inbox[due]?.at ?? 0) + delay <= now) due++;
    for (const update of this.#inbox.splice(0, due)) this.apply(update);
  }

  apply(update: ReplicatedUpdate): Entry {
    const present = this.#byGuid.get(update.guid);
    const entry = present ?? this.#create(update);
    let changed = !present;
    for (const [key, stored] of update.attributes) {
      if (this.partial && !attributeSchema(key)?.inGlobalCatalogue) continue;
      if (!supersedes(stored, entry.attributes.get(key))) continue;
      this.#store(entry, key, stored);
      if (key === 'name' && update.placement) this.#place(entry, update.placement);
      changed = true;
    }
    if (changed) this.#stamp(entry, update.at);
    this.#remember(update);
    return entry;
  }

  #create({ guid, placement, attributes }: ReplicatedUpdate): Entry {
    const name = placement ?? { rdnType: 'CN', rdnValue: formatGuid(guid) };
    const entry = new Entry(guid, name.rdnType, name.rdnValue, placement?.parent === '' ? this.baseDn : undefined);
    this.#byGuid.set(guid, entry);
    if (placement?.parent === '') this.#root = entry;
    // An update can overtake the creation of its object only between three controllers; it then waits at the root.
    else if (!attributes.has('name')) this.#attach(entry, this.root);
    return entry;
  }

  #store(entry: Entry, key: string, stored: StoredAttribute): void {
    this.index.remove(entry, key);
    entry.attributes.set(key, stored);
    this.index.add(entry, key);
  }

  #place(entry: Entry, { parent, rdnType, rdnValue }: Placement): void {
    if (parent === '') return;
    entry.parent?.children.delete(entry.key);
    entry.rdnType = rdnType;
    entry.rdnValue = rdnValue;
    this.#attach(entry, this.#byGuid.get(parent) ?? this.root);
  }

  /** Two controllers may have given one name to two objects: the later write keeps it, the other is renamed. */
  #attach(entry: Entry, parent: Entry): void {
    entry.parent = parent;
    const rival = parent.children.get(entry.key);
    if (rival && rival !== entry) {
      const name = entry.attributes.get('name');
      const loser = name && supersedes(name, rival.attributes.get('name')) ? rival : entry;
      parent.children.delete(entry.key);
      loser.rdnValue = `${loser.rdnValue}\nCNF:${formatGuid(loser.guid)}`;
      parent.children.set(rival.key, rival);
    }
    parent.children.set(entry.key, entry);
  }

  #stamp(entry: Entry, at: Moment): void {
    entry.usnChanged = this.usn.next();
    if (entry.usnCreated === 0) entry.usnCreated = entry.usnChanged;
    entry.changedAt = Math.max(entry.changedAt, at);
    this.changes.record(entry);
  }

  #remember({ attributes }: ReplicatedUpdate): void {
    for (const { origin, originatingUsn } of attributes.values()) {
      const seen = this.upToDate.get(origin.invocationId) ?? 0;
      if (originatingUsn > seen) this.upToDate.set(origin.invocationId, originatingUsn);
    }
  }
}
