import type { Moment } from '../clock.ts';
import { type DirectoryObject, shadowText } from './directory-object.ts';
import type { ObjectType } from './provisioning.ts';
import { addressKey, parseProxyAddress, smtpKeys } from './proxy-address.ts';

type KeyKind = 'upn' | 'address' | 'sip' | 'anchor' | 'sid';
const keyKinds: readonly KeyKind[] = ['upn', 'address', 'sip', 'anchor', 'sid'];

interface EarlierState {
  /** Until then a $filter still sees `state`. */
  readonly visibleUntil: Moment;
  /** Undefined: the object did not exist. */
  readonly state: DirectoryObject | undefined;
}

interface DirectoryOptions {
  readonly now: () => Moment;
  readonly filterLag: () => number;
  /** Whether a soft-deleted object goes on holding its UPN or its addresses (S11). */
  readonly heldWhenDeleted: () => { readonly upn: boolean; readonly addresses: boolean };
}

/** All objects of a tenant, with an index of every value that has to be unique. `change` is the only way to alter one. */
export class Directory {
  readonly #options: DirectoryOptions;
  readonly #byId = new Map<string, DirectoryObject>();
  readonly #byType: Record<ObjectType, Set<DirectoryObject>> = {
    user: new Set(),
    group: new Set(),
    contact: new Set(),
  };
  readonly #index: Record<KeyKind, Map<string, DirectoryObject>>;
  readonly #earlier = new Map<string, EarlierState[]>();
  /** Objects whose addresses have to be calculated again (S8). */
  readonly dirty = new Set<DirectoryObject>();

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#index = { upn: new Map(), address: new Map(), sip: new Map(), anchor: new Map(), sid: new Map() };
  }

  insert(object: DirectoryObject): void {
    this.#remember(object.id, undefined);
    this.#byId.set(object.id, object);
    this.#byType[object.type].add(object);
    this.#addKeys(object);
  }

  change(object: DirectoryObject, changes: Partial<Omit<DirectoryObject, 'id' | 'type'>>): void {
    this.#remember(object.id, { ...object });
    this.#removeKeys(object);
    Object.assign(object, changes);
    this.#addKeys(object);
  }

  /** Hard deletion. */
  remove(object: DirectoryObject): void {
    this.#remember(object.id, { ...object });
    this.#removeKeys(object);
    this.#byId.delete(object.id);
    this.#byType[object.type].delete(object);
    this.dirty.delete(object);
  }

  /** Builds the index again, after a switch has changed what a deleted object holds. */
  reindex(): void {
    for (const kind of keyKinds) this.#index[kind].clear();
    for (const object of this.#byId.values()) this.#addKeys(object);
  }

  byId(id: string): DirectoryObject | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  byUpn(upn: string): DirectoryObject | undefined {
    return this.#index.upn.get(addressKey(upn));
  }

  byAddress(address: string): DirectoryObject | undefined {
    return this.#index.address.get(addressKey(address));
  }

  bySip(address: string): DirectoryObject | undefined {
    return this.#index.sip.get(addressKey(address));
  }

  byAnchor(anchor: string): DirectoryObject | undefined {
    return this.#index.anchor.get(anchor);
  }

  bySid(sid: string): DirectoryObject | undefined {
    return this.#index.sid.get(sid);
  }

  /** Objects of a type in the order of their creation, soft-deleted ones included. */
  all(type: ObjectType): ReadonlySet<DirectoryObject> {
    return this.#byType[type];
  }

  /** Objects of a type as a $filter, $search or $count sees them now: writes of the last moments are missing (S10). */
  *searchable(type: ObjectType): Iterable<DirectoryObject> {
    const now = this.#options.now();
    for (const object of this.#byType[type]) {
      const state = this.#stateForSearch(object.id, object, now);
      if (state) yield state;
    }
    for (const id of this.#earlier.keys()) {
      if (this.#byId.has(id)) continue;
      const state = this.#stateForSearch(id, undefined, now);
      if (state?.type === type) yield state;
    }
  }

  /** Like `searchable`, but only of `named` and of the objects whose latest writes are not visible yet. */
  *searchableAmong(type: ObjectType, named: ReadonlySet<DirectoryObject>): Iterable<DirectoryObject> {
    const now = this.#options.now();
    const ids = new Set([...named].map(({ id }) => id).concat([...this.#earlier.keys()]));
    for (const id of ids) {
      const state = this.#stateForSearch(id, this.#byId.get(id), now);
      if (state?.type === type) yield state;
    }
  }

  /** Lets every write become visible to searches. */
  settleSearch(): void {
    this.#earlier.clear();
  }

  #stateForSearch(id: string, present: DirectoryObject | undefined, now: Moment): DirectoryObject | undefined {
    const states = this.#earlier.get(id);
    if (!states) return present;
    const pending = states.findIndex(({ visibleUntil }) => visibleUntil > now);
    if (pending < 0) {
      this.#earlier.delete(id);
      return present;
    }
    return states[pending]?.state;
  }

  #remember(id: string, state: DirectoryObject | undefined): void {
    const lag = this.#options.filterLag();
    if (lag <= 0) return;
    const now = this.#options.now();
    const pending = (this.#earlier.get(id) ?? []).filter(({ visibleUntil }) => visibleUntil > now);
    this.#earlier.set(id, [...pending, { visibleUntil: now + lag, state }]);
  }

  #addKeys(object: DirectoryObject): void {
    for (const [kind, key] of this.#keysOf(object)) {
      if (!this.#index[kind].has(key)) this.#index[kind].set(key, object);
    }
  }

  #removeKeys(object: DirectoryObject): void {
    for (const [kind, key] of this.#keysOf(object)) {
      if (this.#index[kind].get(key) === object) this.#index[kind].delete(key);
    }
  }

  #keysOf(object: DirectoryObject): [KeyKind, string][] {
    const keys: [KeyKind, string][] = [];
    const sid = shadowText(object.shadow, 'onPremisesSecurityIdentifier');
    if (object.sourceAnchor) keys.push(['anchor', object.sourceAnchor]);
    if (sid) keys.push(['sid', sid]);

    const held = object.deletedAt === undefined ? { upn: true, addresses: true } : this.#options.heldWhenDeleted();
    if (held.upn && object.userPrincipalName) keys.push(['upn', addressKey(liveUpn(object))]);
    if (held.addresses) {
      for (const key of smtpKeys(object.proxyAddresses)) keys.push(['address', key]);
      for (const { scheme, address } of object.proxyAddresses.map(parseProxyAddress)) {
        if (scheme === 'sip') keys.push(['sip', addressKey(address)]);
      }
    }
    return keys;
  }
}

/** The UPN without the 32 hex digits that a soft-deleted user's carries in front (S11). */
export function liveUpn(object: DirectoryObject): string {
  const upn = object.userPrincipalName ?? '';
  return object.deletedAt === undefined ? upn : upn.replace(/^[0-9a-f]{32}/, '');
}
