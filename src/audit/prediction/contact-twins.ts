import type { AuditObject } from '../audit-object.ts';
import type { CloudObject } from './cloud-directory.ts';
import { smtpAddress } from './wanted-values.ts';

/** What a contact may be in Entra. */
export interface ContactTwins {
  /** Of one contact each. */
  readonly known: ReadonlyMap<AuditObject, CloudObject>;
  readonly guessed: ReadonlyMap<AuditObject, readonly CloudObject[]>;
}

/**
 * Graph shows neither anchor nor SID of a contact. Whatever has its display name or an address of it, and is synchronised,
 * may be its object in Entra; an Entra contact that agrees in both with one contact alone is taken for that one's.
 */
export function guessContactTwins(
  contacts: readonly AuditObject[],
  synchronised: readonly CloudObject[],
): ContactTwins {
  const byName = indexBy(contacts, (object) => [nameOf(object)]);
  const byAddress = indexBy(contacts, addressesOf);
  const known = new Map<AuditObject, CloudObject>();
  const guessed = new Map<AuditObject, CloudObject[]>();
  for (const cloud of synchronised) {
    const alike = new Set(byName.get(nameOf(cloud)) ?? []);
    const sharing = new Set(addressesOf(cloud).flatMap((address) => byAddress.get(address) ?? []));
    const both = [...alike].filter((contact) => sharing.has(contact));
    const [only] = both;
    if (only !== undefined && both.length === 1 && !known.has(only)) known.set(only, cloud);
    else for (const contact of new Set([...alike, ...sharing])) add(guessed, contact, cloud);
  }
  for (const contact of known.keys()) guessed.delete(contact);
  return { known, guessed };
}

const nameOf = ({ displayName }: AuditObject): string => displayName?.trim().toLowerCase() ?? '';

const addressesOf = ({ proxyAddresses, mail }: AuditObject): string[] => [
  ...new Set([...proxyAddresses.flatMap((value) => smtpAddress(value) ?? []), ...(mail ? [mail.toLowerCase()] : [])]),
];

function indexBy(contacts: readonly AuditObject[], keysOf: (contact: AuditObject) => readonly string[]) {
  const index = new Map<string, AuditObject[]>();
  for (const contact of contacts) {
    for (const key of keysOf(contact)) if (key !== '') add(index, key, contact);
  }
  return index;
}

function add<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
