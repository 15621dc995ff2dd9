import type { AuditObject } from '../audit-object.ts';
import { objectClassOf } from '../live-object.ts';
import { knownName, splitOptions } from '../read-names.ts';
import { type FieldProblem, readAuditObject } from '../read-object.ts';

/** What an existing object is known by; exactly one of these. */
export type WantedIdentity =
  | { readonly by: 'objectGUID'; readonly value: string }
  | { readonly by: 'distinguishedName'; readonly value: string }
  | { readonly by: 'userPrincipalName'; readonly value: string }
  | { readonly by: 'entraId'; readonly value: string };

/** An object that somebody wants to create or change, as it was asked for. */
export interface WantedObject {
  /** The asker's own name for it, or its place in the request. */
  readonly key: string;
  /** Null: it is to be created. */
  readonly existing: WantedIdentity | null;
  readonly objectType: 'user' | 'group' | 'contact';
  /** Where a new object is to be created; an existing one is mastered where it is. */
  readonly createIn: 'active-directory' | 'entra';
  /** The attributes that were given, and nothing else. */
  readonly values: AuditObject;
  /** LDAP names of these attributes, those that are to be cleared among them. */
  readonly changed: readonly string[];
}

export interface AskedObject extends Omit<WantedObject, 'values' | 'changed'> {
  /** By LDAP name, in any casing; null clears the attribute. */
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly string[] | null>>;
}

/** Reads the attributes of a request. A name that nothing looks at is a problem: it may be misspelt. */
export function readWanted({ attributes, ...asked }: AskedObject): {
  wanted: WantedObject;
  problems: readonly FieldProblem[];
} {
  const problems: FieldProblem[] = [];
  const record: Record<string, unknown> = {};
  const changed = new Set<string>();
  for (const [field, value] of Object.entries(attributes)) {
    const { name, options } = splitOptions(field);
    const known = knownName(name);
    if (known === undefined || options !== '' || notToBeWanted.has(known.attribute) || notToBeWanted.has(known.kind)) {
      problems.push({ field, message: 'is no attribute that can be asked about; give the LDAP name' });
      continue;
    }
    if (changed.has(known.attribute)) problems.push({ field, message: 'is given twice' });
    changed.add(known.attribute);
    if (value !== null) record[known.attribute] = value;
  }
  const read = readAuditObject({ objectClass: objectClassOf(asked.objectType), ...record });
  return {
    wanted: { ...asked, values: read.object, changed: [...changed] },
    problems: [...problems, ...read.problems],
  };
}

/** What the directory sets by itself, what is said beside the attributes, and parts of an audit object. */
const notToBeWanted: ReadonlySet<string> = new Set([
  ...['objectClass', 'objectGUID', 'objectSid', 'isCriticalSystemObject', 'lastLogonTimestamp', 'whenCreated'],
  'nested',
]);

/** The object as it would be: what it is now, with the wanted attributes in place of its own. */
export function withWanted(now: AuditObject, { values, changed }: WantedObject): AuditObject {
  const own = new Set(changed);
  const merged: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(now)) if (!own.has(name)) merged[name] = value;
  for (const [name, value] of Object.entries(values)) if (name !== 'objectClass') merged[name] = value;
  const others = Object.fromEntries(Object.entries(now.others ?? {}).filter(([name]) => !own.has(name)));
  return {
    ...merged,
    objectClass: now.objectClass,
    proxyAddresses: own.has('proxyAddresses') ? values.proxyAddresses : now.proxyAddresses,
    ...(now.others || values.others ? { others: { ...others, ...values.others } } : {}),
  };
}
