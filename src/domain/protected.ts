import { factsOf } from './authority.ts';
import type { AdObject, CloudObject, Evidence } from './evidence.ts';
import type { Party } from './party.ts';
import { bareAddress, domainOf, isSmtp, normaliseProxyAddress } from './proxy-address.ts';

/** Why nobody's plan may change a party; empty: nothing protects it. */
export function protectionsOf(party: Party, evidence: Evidence): string[] {
  const facts = factsOf(party, evidence);
  const privileges = facts?.privileges.state === 'known' ? facts.privileges.value : [];
  return [
    ...privileges.map((privilege) => `it is privileged: ${privilege}`),
    ...(party.cloud === null ? [] : cloudProtections(party.cloud)),
    ...party.onPremises.flatMap(directoryProtections),
    ...(isListed(party, evidence) ? ['it is on the list of protected objects'] : []),
  ];
}

/** Facts without which a party cannot be said to be unprotected; each with its remedy. */
export function unknownProtections(party: Party, evidence: Evidence): string[] {
  if (party.cloud === null) return [];
  const privileges = factsOf(party, evidence)?.privileges;
  if (privileges?.state === 'known') return [];
  const why = privileges === undefined ? 'it was not read' : `${privileges.because}; ${privileges.remedy}`;
  return [`whether ${party.name} is privileged: ${why}`];
}

/**
 * Why a change must never remove this address; null when it may.
 * Exchange routes and replies by these values: losing one breaks mail flow or off-boarding.
 */
export function neverRemoved(value: string, objects: readonly AdObject[]): string | null {
  const normalised = normaliseProxyAddress(value);
  if (/^x[45]00:/.test(normalised))
    return 'X400 and X500 addresses are never removed: replies to old messages need them';
  if (!isSmtp(value) && /^[a-z0-9.]+:/i.test(value)) return 'only SMTP addresses are changed';
  if (domainOf(bareAddress(value)).endsWith('.onmicrosoft.com'))
    return 'addresses of the initial domain route mail and are never removed';
  const isTarget = objects.some(
    (ad) => ad.targetAddress !== undefined && normaliseProxyAddress(ad.targetAddress) === normalised,
  );
  return isTarget ? 'the value is its targetAddress: mail is routed by it' : null;
}

function cloudProtections(cloud: CloudObject): string[] {
  const reasons: string[] = [];
  if (cloud.isAssignableToRole === true) reasons.push('it is a role-assignable group');
  if (cloud.isManagementRestricted === true) reasons.push('it is in a restricted management administrative unit');
  if (isSyncAccount(cloud.displayName, cloud.userPrincipalName))
    reasons.push('it is an account of Entra Connect itself');
  return reasons;
}

function directoryProtections(ad: AdObject): string[] {
  const reasons: string[] = [];
  if (ad.adminCount === 1) reasons.push('adminCount is 1');
  if (ad.tierZero) reasons.push('it is a member of a Tier-0 group');
  if (ad.isCriticalSystemObject) reasons.push('it is a critical system object');
  if (ad.isGroupManagedServiceAccount) reasons.push('it is a group managed service account');
  if (ad.objectType === 'user' && ad.servicePrincipalNames.length > 0)
    reasons.push('it is a service account (it has service principal names)');
  if (ad.inheritanceBroken) reasons.push('its security descriptor refuses inherited permissions');
  if (isSyncAccount(ad.displayName, ad.sAMAccountName)) reasons.push('it is an account of Entra Connect itself');
  if (isExchangeSystemMailbox(ad)) reasons.push('it is a system mailbox of Exchange');
  if (ad.sAMAccountName?.toLowerCase() === 'krbtgt') reasons.push('it is krbtgt');
  return reasons;
}

const isSyncAccount = (...names: readonly (string | undefined)[]): boolean =>
  names.some((name) =>
    /^(MSOL_|AAD_|Sync_|ADToAADSyncServiceAccount|On-Premises Directory Synchronization)/i.test(name ?? ''),
  );

/** msExchRecipientTypeDetails: arbitration, mailbox plan, discovery, monitoring and audit mailboxes. */
const systemMailboxTypes: ReadonlySet<string> = new Set([
  '8388608',
  '16777216',
  '536870912',
  '549755813888',
  '4398046511104',
]);

const isExchangeSystemMailbox = (ad: AdObject): boolean =>
  systemMailboxTypes.has(ad.msExchRecipientTypeDetails ?? '') ||
  /^(SystemMailbox\{|HealthMailbox|FederatedEmail|DiscoverySearchMailbox|Migration\.8f3e7716|Exchange Online-ApplicationAccount)/i.test(
    ad.displayName,
  );

function isListed({ cloud, onPremises }: Party, evidence: Evidence): boolean {
  const names = [
    cloud?.id,
    cloud?.userPrincipalName,
    ...onPremises.flatMap((ad) => [ad.objectGuid, ad.userPrincipalName, ad.distinguishedName]),
  ];
  return names.some((name) => name !== undefined && evidence.policy.protectedObjects.includes(name.toLowerCase()));
}
