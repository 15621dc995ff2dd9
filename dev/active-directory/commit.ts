import type { Value } from './attribute-value.ts';
import { printable } from './attribute-value.ts';
import type { Call } from './call.ts';
import type { Controller } from './controller.ts';
import type { Entry } from './entry.ts';
import { formatGuid, type GuidKey } from './object-guid.ts';
import type { Replica } from './replica.ts';
import { type AttributeSchema, attributeSchema } from './schema.ts';
import type { Placement, StoredAttribute } from './stored-attribute.ts';
import type { WriteRecord, WrittenChange } from './write-record.ts';

/** New values of some attributes (by key) of one object, and its new place when that changes. */
export interface Draft {
  readonly guid: GuidKey;
  readonly attributes: ReadonlyMap<string, readonly Value[]>;
  readonly placement?: Placement;
}

/** Carries out an originating write: new versions of the attributes here, and the update on its way to all other copies. */
export function commit(
  controller: Controller,
  replica: Replica,
  draft: Draft,
  at = controller.environment.clock.now(),
): Entry {
  const present = replica.byGuid(draft.guid);
  const originatingUsn = replica.usn.last + 1;
  const attributes = new Map<string, StoredAttribute>();
  for (const [key, values] of draft.attributes) {
    const version = (present?.attributes.get(key)?.version ?? 0) + 1;
    attributes.set(key, { values, version, at, origin: controller.dsa, originatingUsn });
  }
  const placement = draft.placement ? { placement: draft.placement } : {};
  return replica.originate({ at, guid: draft.guid, attributes, ...placement });
}

export interface AcceptedWrite {
  readonly operation: WriteRecord['operation'];
  readonly dn: string;
  readonly guid: GuidKey;
  readonly changes?: readonly WrittenChange[];
}

/** Notes a write that a client made; the log is what proves that something was written once. */
export function logWrite({ controller, identity }: Call, { guid, changes = [], ...write }: AcceptedWrite): void {
  const { clock, writes } = controller.environment;
  writes.push({
    at: clock.now(),
    controller: controller.hostName,
    ...write,
    objectGuid: formatGuid(guid),
    changes,
    by: identity.dn,
  });
}

export function loggedValues(attribute: AttributeSchema, values: readonly Value[]): string[] {
  return values.map((value) => printable(attribute, value));
}

export const schemaName = (key: string): string => attributeSchema(key)?.name ?? key;
