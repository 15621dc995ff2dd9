import { randomUUID } from 'node:crypto';
import type { ObjectType } from '../entra/provisioning.ts';
import type { AdChange } from './ad-connector.ts';
import { type AdObject, keyOf } from './ad-object.ts';
import { type AttributeValues, flowAttributes, isEnabled, isLinkedMailbox } from './attribute-flow.ts';
import { join, joinKeys, type UserMatch } from './joins.ts';
import { type Filtering, outOfScope } from './scope.ts';
import { sourceAnchorOf } from './source-anchor.ts';
import type { SyncRule } from './sync-rules.ts';

/** How one object of the organisation looks when all that AD says about it is put together. */
export interface MetaverseObject {
  readonly id: string;
  /** The AD objects joined to it, in the order in which the connectors were created. Never empty. */
  connected: readonly AdObject[];
  values: AttributeValues;
}

/** What decides how AD objects become metaverse objects. */
export interface SynchronizationPolicy extends Filtering {
  readonly rules: readonly SyncRule[];
  readonly userMatch: UserMatch;
}

/**
 * The metaverse: joins AD objects that are in scope, and flows their attributes. A join is sticky: it ends when the AD
 * object goes or leaves the scope, not when the matching values change.
 */
export class Metaverse {
  readonly #connectorOrder: readonly string[];
  readonly #objects = new Map<string, MetaverseObject>();
  readonly #objectByAdKey = new Map<string, MetaverseObject>();
  readonly #joinIndex = new Map<string, Set<string>>();
  readonly #connectedByDn = new Map<string, string>();
  readonly #referrersByDn = new Map<string, Set<string>>();

  constructor(connectorOrder: readonly string[]) {
    this.#connectorOrder = connectorOrder;
  }

  get objects(): Iterable<MetaverseObject> {
    return this.#objects.values();
  }

  get(id: string): MetaverseObject | undefined {
    return this.#objects.get(id);
  }

  objectOf(adObject: AdObject): MetaverseObject | undefined {
    return this.#objectByAdKey.get(keyOf(adObject));
  }

  /**
   * Synchronises the changed AD objects and what refers to them. Answers the ids of the metaverse objects that were
   * evaluated anew; one that is no longer there has been deleted.
   */
  synchronize(changes: readonly AdChange[], policy: SynchronizationPolicy): ReadonlySet<string> {
    const touched = new Set<string>();
    const touch = (object: MetaverseObject | undefined) => object && touched.add(object.id);
    for (const { before, after } of changes) {
      if (before) touch(this.#update(before, after, policy));
    }
    for (const { after } of changes) {
      if (after && !outOfScope(after, policy))
        touch(this.#objectByAdKey.get(keyOf(after)) ?? this.#connect(after, policy));
    }
    for (const { before, after } of changes) {
      for (const object of [before, after]) {
        for (const referrer of this.#referrersOf(object)) touch(this.#objectByAdKey.get(referrer));
      }
    }
    for (const id of touched) {
      const object = this.#objects.get(id);
      if (object) object.values = flowAttributes(object.connected, policy.rules, (dn) => this.#anchorOf(dn));
    }
    return touched;
  }

  /** Puts the new state of a connected object in the place of the old one, or disconnects it. */
  #update(before: AdObject, after: AdObject | undefined, policy: SynchronizationPolicy): MetaverseObject | undefined {
    const object = this.#objectByAdKey.get(keyOf(before));
    if (!object) return undefined;
    const old = object.connected.find((connected) => keyOf(connected) === keyOf(before)) ?? before;
    this.#unindex(old);
    if (after && !outOfScope(after, policy)) {
      object.connected = object.connected.map((connected) => (connected === old ? after : connected));
      this.#index(after);
      return object;
    }
    this.#objectByAdKey.delete(keyOf(before));
    object.connected = object.connected.filter((connected) => connected !== old);
    if (object.connected.length === 0) this.#objects.delete(object.id);
    return object;
  }

  #connect(adObject: AdObject, policy: SynchronizationPolicy): MetaverseObject {
    const object = this.#joinCandidate(adObject, policy) ?? this.#project();
    object.connected = [...object.connected, adObject].sort((one, other) => this.#rank(one) - this.#rank(other));
    this.#objectByAdKey.set(keyOf(adObject), object);
    this.#index(adObject);
    return object;
  }

  #joinCandidate(adObject: AdObject, policy: SynchronizationPolicy): MetaverseObject | undefined {
    for (const key of joinKeys(adObject)) {
      for (const adKey of this.#joinIndex.get(key) ?? []) {
        const object = this.#objectByAdKey.get(adKey);
        const taken = object?.connected.some((connected) => connected.connectorName === adObject.connectorName);
        if (object && !taken && object.connected.some((connected) => join(adObject, connected, policy.userMatch)))
          return object;
      }
    }
    return undefined;
  }

  #project(): MetaverseObject {
    const object: MetaverseObject = { id: randomUUID(), connected: [], values: new Map() };
    this.#objects.set(object.id, object);
    return object;
  }

  #rank(object: AdObject): number {
    return this.#connectorOrder.indexOf(object.connectorName);
  }

  #index(object: AdObject): void {
    for (const key of joinKeys(object)) addTo(this.#joinIndex, key, keyOf(object));
    for (const dn of referencesOf(object)) addTo(this.#referrersByDn, dn, keyOf(object));
    this.#connectedByDn.set(object.distinguishedName.toLowerCase(), keyOf(object));
  }

  #unindex(object: AdObject): void {
    for (const key of joinKeys(object)) removeFrom(this.#joinIndex, key, keyOf(object));
    for (const dn of referencesOf(object)) removeFrom(this.#referrersByDn, dn, keyOf(object));
    const dn = object.distinguishedName.toLowerCase();
    if (this.#connectedByDn.get(dn) === keyOf(object)) this.#connectedByDn.delete(dn);
  }

  #referrersOf(object: AdObject | undefined): Iterable<string> {
    return (object && this.#referrersByDn.get(object.distinguishedName.toLowerCase())) ?? [];
  }

  #anchorOf(distinguishedName: string): string | undefined {
    const adKey = this.#connectedByDn.get(distinguishedName.toLowerCase());
    const object = adKey === undefined ? undefined : this.#objectByAdKey.get(adKey);
    // The referenced object may be evaluated later in the same run, so its values are not to be relied on.
    return object && anchorsOf(object)[0];
  }
}

/** A user where any connected object is one: a GALSync contact that joins a user is that user. */
export function objectTypeOf(object: MetaverseObject): ObjectType {
  const types = object.connected.map((connected) => connected.objectType);
  return types.includes('user') ? 'user' : (types[0] ?? 'contact');
}

/**
 * The source anchors that its connected objects yield, the preferred one first: that of an enabled account, then by
 * connector. None when only a linked mailbox is there.
 */
export function anchorsOf(object: MetaverseObject): readonly string[] {
  const type = objectTypeOf(object);
  const sources = object.connected.filter((connected) => connected.objectType === type && !isLinkedMailbox(connected));
  return sources.toSorted((one, other) => Number(isEnabled(other)) - Number(isEnabled(one))).map(sourceAnchorOf);
}

function referencesOf(object: AdObject): readonly string[] {
  return [...(object.attributes['manager'] ?? []), ...(object.attributes['member'] ?? [])].map((dn) =>
    dn.toLowerCase(),
  );
}

function addTo(index: Map<string, Set<string>>, key: string, value: string): void {
  const values = index.get(key);
  if (values) values.add(value);
  else index.set(key, new Set([value]));
}

function removeFrom(index: Map<string, Set<string>>, key: string, value: string): void {
  const values = index.get(key);
  values?.delete(value);
  if (values?.size === 0) index.delete(key);
}
