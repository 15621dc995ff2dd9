import type { Moment } from '../clock.ts';
import type { DirectoryObject } from './directory-object.ts';
import type { Random } from './random.ts';

export interface AuditedChange {
  readonly property: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: Moment;
  readonly activity: string;
  /** `sync`, or the object id of the application that called Graph. */
  readonly initiator: string;
  readonly target: {
    readonly id: string;
    readonly type: string;
    readonly name: string;
    readonly upn: string | undefined;
  };
  readonly changes: readonly AuditedChange[];
}

/** As much as a stand-in needs; the real log is cut by age. */
const longest = 50_000;

/** The directory audit log of a tenant, oldest first. */
export class AuditLog {
  #entries: AuditEntry[] = [];
  readonly #random: Random;
  readonly #now: () => Moment;

  constructor(random: Random, now: () => Moment) {
    this.#random = random;
    this.#now = now;
  }

  get entries(): readonly AuditEntry[] {
    return this.#entries;
  }

  record(activity: string, object: DirectoryObject, initiator: string, changes: readonly AuditedChange[] = []): void {
    this.#entries.push({
      id: this.#random.guid(),
      at: this.#now(),
      activity,
      initiator,
      target: {
        id: object.id,
        type: object.type === 'contact' ? 'Other' : object.type === 'user' ? 'User' : 'Group',
        name: String(object.properties['displayName'] ?? ''),
        upn: object.userPrincipalName,
      },
      changes,
    });
    if (this.#entries.length > longest * 1.2) this.#entries = this.#entries.slice(-longest);
  }
}
