import type { AdObject } from '../../domain/evidence.ts';
import { bareAddress, domainOf, parseProxyAddress } from '../../domain/proxy-address.ts';

/** Why a change is not made, whatever was approved. */
export interface Refusal {
  readonly code: 'ProtectedAttribute' | 'ProtectedObject' | 'ProtectedValue' | 'InconsistentChange';
  readonly message: string;
}

const writableAttributes: readonly string[] = ['userPrincipalName', 'proxyAddresses', 'mail'];

/** The only attributes that the relay writes; never msExch*, mailNickname, legacyExchangeDN, anchors or passwords. */
export function refuseAttribute(attribute: string): Refusal | null {
  if (writableAttributes.includes(attribute)) return null;
  return {
    code: 'ProtectedAttribute',
    message: `The relay writes ${writableAttributes.join(', ')} only, not ${attribute}.`,
  };
}

const protections: readonly { readonly because: string; readonly holds: (object: AdObject) => boolean }[] = [
  { because: 'it has adminCount 1', holds: ({ adminCount }) => adminCount === 1 },
  { because: 'it is or belongs to a Tier-0 group', holds: ({ tierZero }) => tierZero },
  { because: 'it is a critical system object', holds: ({ isCriticalSystemObject }) => isCriticalSystemObject },
  { because: 'it refuses inherited permissions', holds: ({ inheritanceBroken }) => inheritanceBroken },
  { because: 'it is a managed service account', holds: (object) => object.isGroupManagedServiceAccount },
  { because: 'it has service principal names', holds: (object) => object.servicePrincipalNames.length > 0 },
  { because: 'it is an account of the directory or of the sync service', holds: isServiceAccount },
  { because: 'it is a system mailbox of Exchange', holds: isSystemMailbox },
];

/** Protected objects get a runbook for a person; a change that names one is a mistake or worse. */
export function refuseObject(object: AdObject): Refusal | null {
  const protection = protections.find(({ holds }) => holds(object));
  if (protection === undefined) return null;
  return { code: 'ProtectedObject', message: `${object.distinguishedName} is protected: ${protection.because}.` };
}

const serviceAccounts = /^(?:MSOL_|AAD_|Sync_|ADToAADSyncServiceAccount|krbtgt)/i;

function isServiceAccount({ sAMAccountName, userPrincipalName }: AdObject): boolean {
  return serviceAccounts.test(sAMAccountName ?? '') || serviceAccounts.test(userPrincipalName ?? '');
}

const systemMailboxes = /^(?:SystemMailbox|HealthMailbox|DiscoverySearchMailbox|FederatedEmail\.|Migration\.)/i;
/** Arbitration, discovery, monitoring and audit-log mailboxes in msExchRecipientTypeDetails. */
const systemRecipientTypes: readonly string[] = ['8388608', '536870912', '549755813888', '4398046511104'];

function isSystemMailbox(object: AdObject): boolean {
  const names = [object.displayName, object.mailNickname ?? '', object.sAMAccountName ?? ''];
  return (
    names.some((name) => systemMailboxes.test(name)) ||
    systemRecipientTypes.includes(object.msExchRecipientTypeDetails ?? '')
  );
}

/**
 * Addresses that no change may take away or rewrite: mail routing and old replies hang on them.
 * @param removed values of `mail` or `proxyAddresses` that the change deletes or writes anew in another form
 * @param nextPrimary the primary SMTP address that the same change leaves, if any
 */
export function refuseRemoval(
  object: AdObject,
  removed: readonly string[],
  nextPrimary: string | null,
): Refusal | null {
  for (const value of removed) {
    const because = neverRemoved(object, value, nextPrimary);
    if (because !== null) return { code: 'ProtectedValue', message: `${value} is never removed: ${because}.` };
  }
  return null;
}

function neverRemoved(object: AdObject, value: string, nextPrimary: string | null): string | null {
  const proxy = parseProxyAddress(value);
  if (proxy?.prefix === 'x400' || proxy?.prefix === 'x500') return 'replies to old mail need it';
  const address = bareAddress(value);
  if (domainOf(address).endsWith('.onmicrosoft.com')) return 'mail is routed by it';
  if (object.targetAddress !== undefined && bareAddress(object.targetAddress) === address)
    return 'it is the targetAddress';
  const takesPrimary = proxy?.prefix === 'smtp' && proxy.primary;
  if (takesPrimary && (nextPrimary === null || bareAddress(nextPrimary) === address)) {
    return 'it is the primary address, and the change names no new one';
  }
  return null;
}
