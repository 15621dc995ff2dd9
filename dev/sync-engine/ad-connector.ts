import { randomUUID } from 'node:crypto';
import { Attribute, Change } from 'ldapts';
import type { Moment } from '../clock.ts';
import { type AdObject, type DirectoryEntry, objectTypeOf, readAttributes } from './ad-object.ts';
import { AdReader, type DomainControllerAddress, type Watermark } from './ad-reader.ts';

/** One domain of the forest; `url` names its controller where that is another one than the connector's. */
export interface Partition {
  readonly baseDn: string;
  readonly dnsName: string;
  readonly url?: string;
}

export interface AdConnectorOptions extends DomainControllerAddress {
  /** By default the forest's DNS name. */
  readonly name: string;
  readonly forest: string;
  readonly domains: readonly Partition[];
}

/** An object that an import added or changed, or found gone (`after` undefined). */
export interface AdChange {
  readonly before: AdObject | undefined;
  readonly after: AdObject | undefined;
}

/**
 * An AD connector and its connector space: every user, group and contact of the forest, in scope or not, as the last
 * import found them. It imports each partition from one domain controller only, by that controller's update numbers,
 * so a write on another controller is seen when it has been replicated.
 */
export class AdConnector {
  readonly identifier: string = randomUUID();
  readonly name: string;
  readonly forest: string;
  readonly domains: readonly Partition[];
  lastImportedDomainController: string | undefined;
  readonly #partitions: readonly { readonly partition: Partition; readonly reader: AdReader }[];
  readonly #watermarks = new Map<string, Watermark>();
  readonly #objects = new Map<string, AdObject>();
  readonly #guidByDn = new Map<string, string>();
  readonly #containerDns = new Map<string, string>();
  readonly #importedAt = new Map<string, Moment>();
  readonly #pending = new Map<string, AdChange>();

  constructor(options: AdConnectorOptions) {
    this.name = options.name;
    this.forest = options.forest;
    this.domains = options.domains;
    const readers = new Map<string, AdReader>();
    this.#partitions = options.domains.map((partition) => {
      const url = partition.url ?? options.url;
      const reader = readers.get(url) ?? new AdReader({ ...options, url });
      readers.set(url, reader);
      return { partition, reader };
    });
  }

  get objects(): Iterable<AdObject> {
    return this.#objects.values();
  }

  find(distinguishedName: string): AdObject | undefined {
    const guid = this.#guidByDn.get(distinguishedName.toLowerCase());
    return guid === undefined ? undefined : this.#objects.get(guid);
  }

  importedAt(object: AdObject): Moment | undefined {
    return this.#importedAt.get(object.objectGuid);
  }

  /**
   * Brings the connector space up to date; what changed is then pending. A full import reads everything again and finds
   * objects gone that are no longer there; so does a delta whose watermark is of another database or ahead of it.
   * Rejects with the LDAP or socket error; the next import then starts again from the last watermark.
   */
  async import(kind: 'delta' | 'full', now: Moment): Promise<void> {
    for (const { partition, reader } of this.#partitions) {
      const { watermark, dnsHostName } = await reader.readRoot();
      const after = kind === 'full' ? undefined : this.#usableWatermark(partition, watermark);
      const seen = new Set<string>();
      for await (const entry of reader.readUpdates(partition.baseDn, after ?? 0, watermark.updateSequence)) {
        seen.add(this.#stage(entry, partition, now));
      }
      if (after === undefined) this.#removeUnseen(partition, seen);
      this.#watermarks.set(partition.baseDn, watermark);
      if (partition === this.domains[0]) this.lastImportedDomainController = dnsHostName;
    }
  }

  /** The changes since they were last taken, one an object. */
  takePendingChanges(): readonly AdChange[] {
    const changes = [...this.#pending.values()];
    this.#pending.clear();
    return changes;
  }

  /** Writes one attribute as another system would, on the domain controller that the connector reads. */
  async write(object: AdObject, operation: 'add' | 'replace', type: string, values: readonly string[]): Promise<void> {
    const home = this.#partitions.find(({ partition }) => partition.dnsName === object.domain);
    const client = await home?.reader.connect();
    const modification = new Attribute({ type, values: [...values] });
    await client?.modify(object.distinguishedName, new Change({ operation, modification }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#partitions.map(({ reader }) => reader.close()));
  }

  #usableWatermark(partition: Partition, current: Watermark): number | undefined {
    const last = this.#watermarks.get(partition.baseDn);
    if (last === undefined || last.instance !== current.instance) return undefined;
    return last.updateSequence > current.updateSequence ? undefined : last.updateSequence;
  }

  /** Takes one entry into the connector space; answers its GUID. */
  #stage(entry: DirectoryEntry, partition: Partition, now: Moment): string {
    const attributes = readAttributes(entry);
    const objectGuid = attributes['objectGUID']?.[0] ?? '';
    const isDeleted = attributes['isDeleted']?.[0]?.toUpperCase() === 'TRUE';
    const objectType = objectTypeOf(attributes['objectClass'] ?? []);
    if (isDeleted) this.#put(objectGuid, undefined);
    else if (objectType === undefined) this.#followContainer(objectGuid, entry.distinguishedName);
    else {
      this.#importedAt.set(objectGuid, now);
      this.#put(objectGuid, {
        connectorName: this.name,
        domain: partition.dnsName,
        objectGuid,
        distinguishedName: entry.distinguishedName,
        objectType,
        attributes,
      });
    }
    return objectGuid;
  }

  #put(objectGuid: string, after: AdObject | undefined): void {
    const before = this.#objects.get(objectGuid);
    if (before === undefined && after === undefined) return;
    if (before && this.#guidByDn.get(before.distinguishedName.toLowerCase()) === objectGuid) {
      this.#guidByDn.delete(before.distinguishedName.toLowerCase());
    }
    if (after) {
      this.#objects.set(objectGuid, after);
      this.#guidByDn.set(after.distinguishedName.toLowerCase(), objectGuid);
    } else {
      this.#objects.delete(objectGuid);
      this.#importedAt.delete(objectGuid);
    }
    this.#pending.set(objectGuid, { before: this.#pending.get(objectGuid)?.before ?? before, after });
  }

  /** The objects below a container that was renamed or moved have another name, though no update of their own. */
  #followContainer(objectGuid: string, distinguishedName: string): void {
    const old = this.#containerDns.get(objectGuid);
    this.#containerDns.set(objectGuid, distinguishedName);
    if (old === undefined || old === distinguishedName) return;
    const suffix = `,${old.toLowerCase()}`;
    for (const object of [...this.#objects.values()]) {
      if (!object.distinguishedName.toLowerCase().endsWith(suffix)) continue;
      const kept = object.distinguishedName.slice(0, -old.length);
      this.#put(object.objectGuid, { ...object, distinguishedName: `${kept}${distinguishedName}` });
    }
    for (const [guid, dn] of [...this.#containerDns]) {
      if (dn.toLowerCase().endsWith(suffix))
        this.#containerDns.set(guid, `${dn.slice(0, -old.length)}${distinguishedName}`);
    }
  }

  #removeUnseen(partition: Partition, seen: ReadonlySet<string>): void {
    for (const object of [...this.#objects.values()]) {
      if (object.domain === partition.dnsName && !seen.has(object.objectGuid)) {
        this.#put(object.objectGuid, undefined);
      }
    }
  }
}
