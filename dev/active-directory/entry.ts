import type { Moment } from '../clock.ts';
import type { Value } from './attribute-value.ts';
import { generalizedTime } from './directory-time.ts';
import { formatRdn, rdnKey } from './distinguished-name.ts';
import { type GuidKey, guidOctets } from './object-guid.ts';
import type { StoredAttribute } from './stored-attribute.ts';

const noValues: readonly Value[] = [];

/** One object in one controller's copy of a naming context. Its DN follows from its ancestors, so a move is one step. */
export class Entry {
  readonly guid: GuidKey;
  readonly attributes = new Map<string, StoredAttribute>();
  readonly children = new Map<string, Entry>();
  parent: Entry | undefined;
  rdnType: string;
  rdnValue: string;
  usnCreated = 0;
  usnChanged = 0;
  changedAt: Moment = 0;
  /** Set for the root of a naming context, whose DN has several components. */
  readonly #rootDn: string | undefined;

  constructor(guid: GuidKey, rdnType: string, rdnValue: string, rootDn?: string) {
    this.guid = guid;
    this.rdnType = rdnType;
    this.rdnValue = rdnValue;
    this.#rootDn = rootDn;
  }

  get dn(): string {
    if (this.#rootDn !== undefined) return this.#rootDn;
    const own = formatRdn({ type: this.rdnType, value: this.rdnValue });
    return this.parent ? `${own},${this.parent.dn}` : own;
  }

  get key(): string {
    return rdnKey({ type: this.rdnType, value: this.rdnValue });
  }

  get isDeleted(): boolean {
    return this.text('isdeleted') === 'TRUE';
  }

  get objectClasses(): readonly string[] {
    return this.values('objectclass') as readonly string[];
  }

  /** Values of an attribute (key in lower case) that this copy holds or that follow from the entry alone. */
  values(key: string): readonly Value[] {
    const stored = this.attributes.get(key);
    if (stored) return stored.values;
    switch (key) {
      case 'objectguid':
        return [guidOctets(this.guid)];
      case 'distinguishedname':
        return [this.guid];
      case 'usncreated':
        return [String(this.usnCreated)];
      case 'usnchanged':
        return [String(this.usnChanged)];
      case 'whenchanged':
        return [generalizedTime(this.changedAt)];
      default:
        return key === this.rdnType.toLowerCase() ? this.values('name') : noValues;
    }
  }

  /** The first value as text; empty when there is none. */
  text(key: string): string {
    return String(this.values(key)[0] ?? '');
  }

  isBelow(ancestor: Entry): boolean {
    for (let entry: Entry | undefined = this; entry; entry = entry.parent) if (entry === ancestor) return true;
    return false;
  }

  /** Itself and everything below, parents first. */
  *subtree(): Generator<Entry> {
    yield this;
    for (const child of this.children.values()) yield* child.subtree();
  }
}
