import { matchKey, type Value } from './attribute-value.ts';
import { type Call, controlOid, showsDeleted } from './call.ts';
import { commit, loggedValues, logWrite } from './commit.ts';
import type { Entry } from './entry.ts';
import { noSuchValue, readValues, requireWellFormed, valueExists, writableAttribute } from './incoming-attribute.ts';
import type { Change } from './ldap-message.ts';
import { locate } from './locate.ts';
import { reanimate, reanimationTarget } from './reanimate.ts';
import { Refusal, resultCode } from './refusal.ts';
import { type AttributeSchema, attributeSchema } from './schema.ts';
import { requireUnique } from './uniqueness.ts';
import { requireWrite } from './write-access.ts';
import type { WrittenChange } from './write-record.ts';

/** Applies all changes in their order, or none: a compare-and-set is a delete of the old value followed by an add. */
export function modifyObject(call: Call, dnText: string, changes: readonly Change[]): void {
  const located = locate(call, dnText, { deleted: showsDeleted(call) });
  const target = reanimationTarget(located, changes);
  if (target !== undefined) {
    reanimate(call, located, target);
    return;
  }
  const { entry, replica } = located;
  const draft = new Map<string, readonly Value[]>();
  const written = changes.map((change) => applyChange(call, entry, draft, change));
  for (const [key, values] of draft) requireAllowed(call, entry, key, values);
  const changed = new Map([...draft].filter(([key, values]) => !sameValues(entry.values(key), values)));
  if (changed.size > 0) commit(call.controller, replica, { guid: entry.guid, attributes: changed });
  logWrite(call, { operation: 'modify', dn: entry.dn, guid: entry.guid, changes: written });
}

function applyChange(call: Call, entry: Entry, draft: Map<string, readonly Value[]>, change: Change): WrittenChange {
  const attribute = writableAttribute(change.type);
  requireWrite(call, entry, attribute);
  if (attribute.key === entry.rdnType.toLowerCase()) throw nameIsChangedByModifyDn();
  const values = readValues(call, attribute, change);
  const present = draft.get(attribute.key) ?? entry.values(attribute.key);
  const permissive = call.controls.has(controlOid.permissiveModify);
  draft.set(attribute.key, nextValues(attribute, present, change.operation, values, permissive));
  const logged = attribute.key === 'unicodepwd' ? [] : loggedValues(attribute, values);
  return { operation: change.operation, attribute: attribute.name, values: logged };
}

function nextValues(
  attribute: AttributeSchema,
  present: readonly Value[],
  operation: Change['operation'],
  values: readonly Value[],
  permissive: boolean,
): readonly Value[] {
  switch (operation) {
    case 'replace':
      return values;
    case 'add':
      return withAdded(attribute, present, values, permissive);
    case 'delete':
      return withDeleted(attribute, present, values, permissive);
  }
}

function withAdded(
  attribute: AttributeSchema,
  present: readonly Value[],
  values: readonly Value[],
  permissive: boolean,
) {
  const held = new Set(present.map((value) => matchKey(attribute, value)));
  const fresh = values.filter((value) => !held.has(matchKey(attribute, value)));
  if (fresh.length < values.length && !permissive) throw valueExists(attribute);
  if (!attribute.multiValued && present.length > 0 && fresh.length > 0) throw valueExists(attribute);
  return [...present, ...fresh];
}

function withDeleted(
  attribute: AttributeSchema,
  present: readonly Value[],
  values: readonly Value[],
  permissive: boolean,
) {
  if (values.length === 0) {
    if (present.length === 0 && !permissive) throw noSuchValue(attribute);
    return [];
  }
  const unwanted = new Set(values.map((value) => matchKey(attribute, value)));
  const kept = present.filter((value) => !unwanted.has(matchKey(attribute, value)));
  if (kept.length !== present.length - unwanted.size && !permissive) throw noSuchValue(attribute);
  return kept;
}

function requireAllowed({ controller }: Call, entry: Entry, key: string, values: readonly Value[]): void {
  const attribute = attributeSchema(key);
  if (!attribute) return;
  requireWellFormed(attribute, values, entry.objectClasses);
  for (const value of values) requireUnique(controller, entry.guid, attribute, value);
}

/** The same values to the letter, in any order: then nothing is written and no version grows. */
function sameValues(present: readonly Value[], next: readonly Value[]): boolean {
  const exact = (value: Value): string => (typeof value === 'string' ? value : value.toString('hex'));
  const held = new Set(present.map(exact));
  return present.length === next.length && next.every((value) => held.has(exact(value)));
}

function nameIsChangedByModifyDn(): Refusal {
  return new Refusal(
    resultCode.notAllowedOnRdn,
    '000020B1: UpdErr: DSID-030F0CC0, problem 6004 (CANT_ON_RDN), data 0\n',
  );
}
