import { randomUUID } from 'node:crypto';
import type { Moment } from '../clock.ts';
import type {
  ProvisionedObject,
  ProvisioningError,
  ProvisioningRequest,
  ShadowObject,
  ShadowValue,
} from '../entra/provisioning.ts';
import type { AttributeValues } from './attribute-flow.ts';
import { anchorsOf, type Metaverse, type MetaverseObject, objectTypeOf } from './metaverse.ts';
import { exchangeAttributes } from './sync-rules.ts';

/** An export that the service refused; it is tried again in every cycle. */
export interface ExportError {
  readonly error: ProvisioningError;
  readonly dateOccurred: Moment;
  readonly firstOccurred: Moment;
  /** How many exports in a row have failed. */
  readonly retryCount: number;
}

/** What froze an object in synchronisation; it is evaluated again in every cycle. */
export interface SynchronizationError {
  readonly message: string;
  readonly firstOccurred: Moment;
  readonly lastOccurred: Moment;
  readonly retryCount: number;
}

/** One object of the Entra connector space. */
export interface EntraObject {
  readonly id: string;
  readonly sourceAnchor: string;
  /** Undefined when no metaverse object is joined to it. */
  metaverseId: string | undefined;
  /** What should be in Entra; undefined for an object that should not be there or is none of the engine's. */
  desired: ProvisionedObject | undefined;
  lineage: AttributeValues;
  /** What the last import found in Entra. */
  shadow: ShadowObject | undefined;
  /** It was the engine's and has been deprovisioned: a deletion is pending. */
  deprovisioned: boolean;
  /** Why it is not synchronised at present; its last exported state stays as it is. */
  synchronizationError: SynchronizationError | undefined;
  exportError: ExportError | undefined;
  lastImportedAt: Moment | undefined;
  lastExportedAt: Moment | undefined;
}

/** The Entra connector and its connector space, keyed by source anchor. */
export class EntraConnector {
  readonly identifier = 'b891884f-051e-4a83-95af-2544101c9083';
  readonly name: string;
  readonly #objects = new Map<string, EntraObject>();
  readonly #byMetaverseId = new Map<string, EntraObject>();
  #idsInError: ReadonlySet<string> = new Set();

  constructor(name: string) {
    this.name = name;
  }

  get objects(): Iterable<EntraObject> {
    return this.#objects.values();
  }

  find(sourceAnchor: string): EntraObject | undefined {
    return this.#objects.get(sourceAnchor);
  }

  ofMetaverse(metaverseId: string | undefined): EntraObject | undefined {
    return metaverseId === undefined ? undefined : this.#byMetaverseId.get(metaverseId);
  }

  /** Takes the shadow values in, which also confirms what was exported. */
  import(shadows: readonly ShadowObject[], now: Moment): void {
    const found = new Set<string>();
    for (const shadow of shadows) {
      found.add(shadow.sourceAnchor);
      const object = this.#objects.get(shadow.sourceAnchor) ?? this.#add(shadow.sourceAnchor);
      object.shadow = shadow;
      object.lastImportedAt = now;
    }
    for (const object of this.#objects.values()) {
      if (found.has(object.sourceAnchor)) continue;
      object.shadow = undefined;
      if (object.metaverseId === undefined) this.#objects.delete(object.sourceAnchor);
    }
  }

  /**
   * Provisions, updates and deprovisions for the metaverse objects with these ids, and for those that were in error.
   * Answers whether one of them is in error now.
   */
  synchronize(metaverse: Metaverse, ids: Iterable<string>, now: Moment): 'success' | 'completed-sync-errors' {
    const present: MetaverseObject[] = [];
    // First what goes: a new object may have the anchor of a deleted one, and takes its place.
    for (const id of new Set([...ids, ...this.#idsInError])) {
      const object = metaverse.get(id);
      if (object && anchorsOf(object).length > 0) present.push(object);
      else this.#deprovision(this.#byMetaverseId.get(id));
    }
    this.#idsInError = new Set(present.filter((object) => !this.#provision(object, now)).map((object) => object.id));
    return this.#idsInError.size > 0 ? 'completed-sync-errors' : 'success';
  }

  /** Answers false when the object cannot be synchronised. */
  #provision(object: MetaverseObject, now: Moment): boolean {
    const anchors = anchorsOf(object);
    const joined = this.#byMetaverseId.get(object.id);
    const target = joined ? this.#continued(joined, object, anchors) : this.#claim(anchors[0] ?? '', object);
    if (target === undefined) {
      if (joined) joined.synchronizationError = anchorChanged(joined.synchronizationError, now);
      return false;
    }
    target.synchronizationError = undefined;
    target.deprovisioned = false;
    target.lineage = object.values;
    target.desired = {
      sourceAnchor: target.sourceAnchor,
      objectType: objectTypeOf(object),
      attributes: exported(object.values),
    };
    return true;
  }

  /** The object to write to when the metaverse object was joined before; undefined freezes it. */
  #continued(joined: EntraObject, object: MetaverseObject, anchors: readonly string[]): EntraObject | undefined {
    const sameType = joined.desired?.objectType === objectTypeOf(object);
    if (sameType && anchors.includes(joined.sourceAnchor)) return joined;
    if (sameType && joined.shadow !== undefined) return undefined;
    // A contact that became a user is deleted and created again; an anchor that was never exported may still change.
    this.#deprovision(joined);
    return this.#claim(anchors[0] ?? '', object);
  }

  /** The object with this anchor, joined; undefined when another metaverse object has it. */
  #claim(sourceAnchor: string, object: MetaverseObject): EntraObject | undefined {
    const found = this.#objects.get(sourceAnchor) ?? this.#add(sourceAnchor);
    if (found.metaverseId !== undefined) return undefined;
    found.metaverseId = object.id;
    this.#byMetaverseId.set(object.id, found);
    return found;
  }

  #deprovision(object: EntraObject | undefined): void {
    if (!object) return;
    if (object.metaverseId !== undefined) this.#byMetaverseId.delete(object.metaverseId);
    object.metaverseId = undefined;
    object.desired = undefined;
    object.exportError = undefined;
    object.synchronizationError = undefined;
    object.deprovisioned = object.shadow !== undefined;
    if (!object.deprovisioned) this.#objects.delete(object.sourceAnchor);
  }

  #add(sourceAnchor: string): EntraObject {
    const object: EntraObject = {
      id: randomUUID(),
      sourceAnchor,
      metaverseId: undefined,
      desired: undefined,
      lineage: new Map(),
      shadow: undefined,
      deprovisioned: false,
      synchronizationError: undefined,
      exportError: undefined,
      lastImportedAt: undefined,
      lastExportedAt: undefined,
    };
    this.#objects.set(sourceAnchor, object);
    return object;
  }
}

/** What an export would send for the object, or undefined when Entra already has it or the object is not to be exported. */
export function pendingExport(object: EntraObject): ProvisioningRequest | undefined {
  if (object.synchronizationError || object.shadow?.isCloudManaged) return undefined;
  const { desired, shadow } = object;
  if (!desired)
    return object.deprovisioned && shadow ? { operation: 'delete', sourceAnchor: object.sourceAnchor } : undefined;
  if (!shadow) return { operation: 'add', object: desired };
  const wanted = shadow.exchangeCloudManaged ? withExchangeAttributesOf(shadow, desired) : desired;
  return sameAttributes(wanted.attributes, shadow.attributes) ? undefined : { operation: 'update', object: wanted };
}

function anchorChanged(last: SynchronizationError | undefined, now: Moment): SynchronizationError {
  return {
    message: 'sourceAnchor attribute has changed',
    firstOccurred: last?.firstOccurred ?? now,
    lastOccurred: now,
    retryCount: (last?.retryCount ?? 0) + 1,
  };
}

function exported(values: AttributeValues): Record<string, ShadowValue> {
  const pairs = [...values].map(([name, contribution]) => [name, contribution.value] as const);
  return Object.fromEntries(pairs.filter(([name]) => name !== 'sourceAnchor'));
}

function withExchangeAttributesOf(shadow: ShadowObject, desired: ProvisionedObject): ProvisionedObject {
  const isExchange = (name: string) => exchangeAttributes.includes(name);
  const own = Object.entries(desired.attributes).filter(([name]) => !isExchange(name));
  const theirs = Object.entries(shadow.attributes).filter(([name]) => isExchange(name));
  return { ...desired, attributes: Object.fromEntries([...own, ...theirs]) };
}

type Attributes = Readonly<Record<string, ShadowValue>>;

function sameAttributes(one: Attributes, other: Attributes): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => comparable(one[name]) === comparable(other[name]));
}

/** The order of values says nothing, and an empty list is no value. */
function comparable(value: ShadowValue | undefined): string {
  if (value === undefined || (typeof value === 'object' && value.length === 0)) return 'absent';
  return JSON.stringify(typeof value === 'object' ? value.toSorted() : value);
}
