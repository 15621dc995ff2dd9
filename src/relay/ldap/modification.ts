import { Attribute, Change as LdapChange } from 'ldapts';
import type { ValueState } from '../../domain/change.ts';
import { bareAddress, parseProxyAddress } from '../../domain/proxy-address.ts';
import type { DirectoryChange } from '../../relay-contract.ts';

/** What one LDAP modify takes away and puts in. */
export interface Modification {
  /** Values as the directory holds them, octet by octet. */
  readonly removed: readonly Buffer[];
  readonly added: readonly string[];
}

/**
 * The difference between `before` and `after`. The directory compares a deletion with what it stores, and `ldapts` drops a
 * leading U+FEFF from texts that it reads: a deletion therefore names the stored octets, not the text of the plan.
 * @param stored every value of the attribute now
 * @returns null when `before`, `after`, operation and values do not describe one and the same change
 */
export function modificationOf(change: DirectoryChange, stored: readonly Buffer[]): Modification | null {
  const removed = missing(valuesIn(change.before), valuesIn(change.after));
  const added = missing(valuesIn(change.after), valuesIn(change.before));
  if (!describes(change, removed, added)) return null;
  return { removed: removed.map((value) => storedForm(value, stored)), added };
}

/** One modify for both: Active Directory does all of it or nothing, and answers noSuchAttribute when a removed value is gone. */
export function ldapChanges(attribute: string, { removed, added }: Modification): LdapChange[] {
  const part = (operation: 'add' | 'delete', values: Buffer[] | string[]): LdapChange[] =>
    values.length === 0
      ? []
      : [new LdapChange({ operation, modification: new Attribute({ type: attribute, values }) })];
  return [...part('delete', [...removed]), ...part('add', [...added])];
}

function valuesIn(state: ValueState): readonly string[] {
  if (state.kind === 'multiple') return state.present;
  return state.value === null ? [] : [state.value];
}

function missing(values: readonly string[], from: readonly string[]): string[] {
  const others = new Set(from.map(exactForm));
  return values.filter((value) => !others.has(exactForm(value)));
}

function describes(change: DirectoryChange, removed: readonly string[], added: readonly string[]): boolean {
  if (
    change.before.kind !== change.after.kind ||
    (change.before.kind === 'multiple') !== (change.attribute === 'proxyAddresses')
  ) {
    return false;
  }
  if (removed.length + added.length === 0) return false;
  switch (change.operation) {
    case 'add':
      return removed.length === 0 && sameAddresses(change.values, added);
    case 'delete':
      return added.length === 0 && sameAddresses(change.values, removed);
    case 'replace':
      return change.before.kind === 'multiple' || sameAddresses(change.values, added);
  }
}

function sameAddresses(left: readonly string[], right: readonly string[]): boolean {
  const others = new Set(right.map(bareAddress));
  return new Set(left.map(bareAddress)).size === others.size && left.every((value) => others.has(bareAddress(value)));
}

function storedForm(value: string, stored: readonly Buffer[]): Buffer {
  const found =
    stored.find((octets) => exactForm(octets.toString('utf8')) === exactForm(value)) ??
    stored.find((octets) => bareAddress(octets.toString('utf8')) === bareAddress(value));
  return found ?? Buffer.from(value, 'utf8');
}

/** Addresses are compared ignoring case, but `SMTP:` and `smtp:` are two states of one address. A plain text stands for itself. */
function exactForm(value: string): string {
  const parsed = parseProxyAddress(value);
  return parsed === null
    ? value
    : `${parsed.primary ? parsed.prefix.toUpperCase() : parsed.prefix}:${parsed.address.toLowerCase()}`;
}
