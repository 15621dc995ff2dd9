import { isSmtp } from '../domain/proxy-address.ts';
import { type AuditObject, objectTypeOf } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';

/**
 * Why the sync engine's default rules, or the chosen subtrees, keep the object out of Entra; null: they do not. An absent
 * attribute speaks only where the object has nothing else that could be synchronised: a file may lack the column.
 *
 * Source: "Understanding the default configuration" (12/05/2024), read 2026-11-29; `adminDescription`: objects that Entra
 * Connect has written back itself.
 */
export function outOfScope(object: AuditObject, settings: AuditSettings): string | null {
  if (object.origin?.side === 'entra') return null;
  if (settings.scope !== null && !liesIn(object.distinguishedName, settings.scope)) {
    return 'it lies outside the synchronised subtrees';
  }
  if (object.isCriticalSystemObject === true) return 'isCriticalSystemObject is TRUE';
  if (isReplicationVictim(object)) return 'it is what a replication conflict left behind (CNF)';
  if (object.adminDescription !== undefined && /^(?:User|Group)_/i.test(object.adminDescription)) {
    return `it is written back from Entra (adminDescription ${object.adminDescription})`;
  }
  const isLeftOut = leftOut[objectTypeOf(object)];
  return isLeftOut(object);
}

function liesIn(distinguishedName: string | undefined, scope: readonly string[]): boolean {
  if (distinguishedName === undefined) return true;
  const dn = comparable(distinguishedName);
  return scope.some((base) => dn === comparable(base) || dn.endsWith(`,${comparable(base)}`));
}

const comparable = (distinguishedName: string): string => distinguishedName.toLowerCase().replace(/,\s+/g, ',');

const isReplicationVictim = ({ distinguishedName, cn }: AuditObject): boolean =>
  distinguishedName?.includes('\\0ACNF:') === true || cn?.includes('\nCNF:') === true;

const leftOut = {
  user: (object: AuditObject): string | null => {
    const { sAMAccountName, mailNickname } = object;
    if (startsWith(sAMAccountName, 'aad_') || startsWith(sAMAccountName, 'msol_')) {
      return 'it is an account of the synchronisation itself';
    }
    if (sAMAccountName?.toLowerCase() === 'support_388945a0' || isExchangeSystem(mailNickname, sAMAccountName)) {
      return 'it is a system account';
    }
    return hasRecipientBit(object, userRecipientsLeftOut) ? 'its kind of recipient does not exist in Entra' : null;
  },
  group: (object: AuditObject): string | null => {
    if (hasRecipientBit(object, roleGroup)) return 'it is an Exchange role group';
    if (object.sAMAccountName?.toLowerCase() === 'msol_ad_sync_richcoexistence') return 'it belongs to DirSync';
    return object.groupType !== undefined && object.groupType >= 0 && !isMailEnabled(object)
      ? 'a distribution group without an address is not synchronised'
      : null;
  },
  contact: (object: AuditObject): string | null => {
    if (isExchangeSystem(object.mailNickname, undefined)) return 'it is a system contact';
    return isMailEnabled(object) || object.targetAddress ? null : 'a contact without an address is not synchronised';
  },
  other: (): string | null => null,
};

const isMailEnabled = ({ mail, proxyAddresses }: AuditObject): boolean => Boolean(mail) || proxyAddresses.some(isSmtp);

function isExchangeSystem(mailNickname: string | undefined, sAMAccountName: string | undefined): boolean {
  return (
    startsWith(mailNickname, 'systemmailbox{') ||
    (startsWith(mailNickname, 'cas_') && mailNickname?.includes('}') === true) ||
    (startsWith(sAMAccountName, 'cas_') && sAMAccountName?.includes('}') === true)
  );
}

/** Bits of msExchRecipientTypeDetails, from the same page. */
const userRecipientsLeftOut = 0x21c07000;
const roleGroup = 0x40000000;

function hasRecipientBit({ msExchRecipientTypeDetails }: AuditObject, mask: number): boolean {
  if (msExchRecipientTypeDetails === undefined) return false;
  // A 64-bit number of which the mask looks at the lower half.
  return ((Number(msExchRecipientTypeDetails) % 2 ** 32) & mask) !== 0;
}

const startsWith = (text: string | undefined, start: string): boolean =>
  text !== undefined && text.length >= start.length && text.slice(0, start.length).toLowerCase() === start;
