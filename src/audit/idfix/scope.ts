import { type AuditObject, isUnreadable } from '../audit-object.ts';
import { classOf } from './failure.ts';

export type IdFixMode = 'multi-tenant' | 'dedicated';

/** Whether IdFix would report on the object: its LDAP filter finds it, and none of its exclusions holds. */
export function isExamined(object: AuditObject, mode: IdFixMode): boolean {
  if (object.origin?.side === 'entra' || !isPersonOrGroup(object) || isExcluded(object)) return false;
  if (mode === 'dedicated') return object.mail !== undefined || isUnreadable(object, 'mail');
  if (object.isCriticalSystemObject === true) return false;
  switch (classOf(object)) {
    case 'user':
      return !isExcludedUser(object);
    case 'group':
      return !isExcludedGroup(object);
    default:
      return true;
  }
}

/**
 * Stands in for `objectCategory=Person` or `Group`, which a file seldom has: by the classes that have these categories in the
 * schema of Active Directory. What has no class at all is examined rather than lost.
 */
function isPersonOrGroup(object: AuditObject): boolean {
  const { objectClass } = object;
  if (objectClass.length === 0 || categorised.has(classOf(object))) return true;
  const classes = objectClass.map((name) => name.toLowerCase());
  return !classes.includes('computer') && classes.some((name) => categorised.has(name));
}

const categorised = new Set(['user', 'group', 'contact', 'inetorgperson', 'person', 'organizationalperson']);

function isExcluded({ cn = '', distinguishedName }: AuditObject): boolean {
  if (cn.endsWith('$') || excludedCn.test(cn)) return true;
  return distinguishedName !== undefined && conflictMarker.test(distinguishedName);
}

/** Also hides whoever is called so by chance: "Administrative Assistants". U+212A is k to .NET. */
const excludedCn =
  /^(?:Admini|CAS_\{|DiscoverySearchMailbox|FederatedEmail|Guest|HTTPConnector|[k\u212a]rbtgt|iusr_|iwam|msol|support_|SystemMailbox|WWIOadmini|HealthMailbox|Exchange Online-ApplicationAccount)/i;

/** Of an object that lost a naming conflict, in a DN as LDAP writes it. */
const conflictMarker = /\\0ACNF:/i;

function isExcludedUser(object: AuditObject): boolean {
  if (/^(?:CAS|SUPPORT|MSOL)_/i.test(object.sAMAccountName ?? '')) return true;
  if (/^(?:CAS_|SYSTEMMAILBOX)/i.test(object.mailNickname ?? '')) return true;
  if (object.msExchHideFromAddressLists === true && /^MSOL/i.test(object.displayName ?? '')) return true;
  return recipientTypesInHexadecimal.has(object.msExchRecipientTypeDetails ?? '');
}

/** Kept as IdFix has it: LDAP answers in decimal, so that none of these is ever met. */
const recipientTypesInHexadecimal = new Set([
  '0x1000',
  '0x2000',
  '0x4000',
  '0x400000',
  '0x800000',
  '0x1000000',
  '0x20000000',
]);

/** A security group has a negative groupType. Without a groupType nothing is decided. */
function isExcludedGroup(object: AuditObject): boolean {
  const { groupType, mail, proxyAddresses } = object;
  if (groupType === undefined) return false;
  return groupType < 0
    ? mail === undefined && !isUnreadable(object, 'mail')
    : proxyAddresses.length === 0 && !isUnreadable(object, 'proxyAddresses');
}
