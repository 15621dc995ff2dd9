import { type AdObject, firstValue, isSecurityGroup } from './ad-object.ts';

/** Relative identifiers of the accounts that every domain is born with: Administrator, Guest, krbtgt. */
const builtInAccounts = /-(?:500|501|502)$/;
const serviceAccounts = /^(?:SUPPORT_|MSOL_|AAD_|CAS_)/i;
const exchangeSystemMailboxes = /^(?:CAS_|SystemMailbox\{|DiscoverySearchMailbox|FederatedEmail|HealthMailbox)/i;

/** What the filtering page of the installation wizard holds. */
export interface Filtering {
  /** Distinguished names of the organisational units that are synchronised, with all below them; empty means all. */
  readonly scopedOus: readonly string[];
}

/**
 * Why the object is not synchronised, or undefined when it is in scope. The reasons are those of the default inbound
 * rules (Entra Connect Sync: default configuration) and of domain and OU filtering.
 */
export function outOfScope(object: AdObject, filtering: Filtering): string | undefined {
  if (object.distinguishedName.includes('\\0ACNF:')) return 'replication conflict object';
  if (firstValue(object, 'isCriticalSystemObject')?.toUpperCase() === 'TRUE') return 'isCriticalSystemObject';
  if (!isBelowOneOf(object.distinguishedName, filtering.scopedOus)) return 'organisational unit not selected';
  switch (object.objectType) {
    case 'user':
      return userOutOfScope(object);
    case 'group':
      return groupOutOfScope(object);
    case 'contact':
      return contactOutOfScope(object);
  }
}

function userOutOfScope(user: AdObject): string | undefined {
  const accountName = firstValue(user, 'sAMAccountName');
  if (accountName === undefined) return 'no sAMAccountName';
  if (adminDescriptionStarts(user, 'User_')) return 'adminDescription User_';
  if (builtInAccounts.test(firstValue(user, 'objectSid') ?? '')) return 'built-in account';
  if (serviceAccounts.test(accountName)) return 'service account';
  if (exchangeSystemMailboxes.test(firstValue(user, 'mailNickname') ?? '')) return 'Exchange system mailbox';
  return undefined;
}

function groupOutOfScope(group: AdObject): string | undefined {
  // Such a group was written back from Entra and is mastered there.
  if (adminDescriptionStarts(group, 'Group_')) return 'adminDescription Group_';
  const mailEnabled = firstValue(group, 'mail') !== undefined || firstValue(group, 'proxyAddresses') !== undefined;
  return mailEnabled || isSecurityGroup(group) ? undefined : 'neither mail-enabled nor a security group';
}

function contactOutOfScope(contact: AdObject): string | undefined {
  if (adminDescriptionStarts(contact, 'Contact_')) return 'adminDescription Contact_';
  return firstValue(contact, 'mail') === undefined ? 'contact without mail' : undefined;
}

function adminDescriptionStarts(object: AdObject, prefix: string): boolean {
  return firstValue(object, 'adminDescription')?.toLowerCase().startsWith(prefix.toLowerCase()) ?? false;
}

function isBelowOneOf(distinguishedName: string, roots: readonly string[]): boolean {
  const name = distinguishedName.toLowerCase();
  return (
    roots.length === 0 || roots.some((root) => name === root.toLowerCase() || name.endsWith(`,${root.toLowerCase()}`))
  );
}
