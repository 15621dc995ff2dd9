import type { AuditObject } from '../../audit/audit-object.ts';
import { isOrigin } from '../../audit/origin-form.ts';

const texts = [
  'distinguishedName',
  'cn',
  'displayName',
  'givenName',
  'sn',
  'mail',
  'mailNickname',
  'sAMAccountName',
  'targetAddress',
  'userPrincipalName',
  'employeeID',
  'objectGUID',
  'mS-DS-ConsistencyGuid',
  'objectSid',
  'msExchMasterAccountSid',
  'adminDescription',
  'homeMDB',
  'msExchRecipientTypeDetails',
  'lastLogonTimestamp',
  'whenCreated',
] as const;

/** @returns an object that was written as an AuditObject, as it stands, or why it is none */
export function asAuditObject(parsed: unknown): AuditObject | string {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'it is not an object';
  const object = parsed as Partial<AuditObject>;
  if (!areTexts(object.objectClass)) return 'objectClass is not a list of texts';
  if (!areTexts(object.proxyAddresses)) return 'proxyAddresses is not a list of texts';
  if (object.unreadable !== undefined && !areTexts(object.unreadable)) return 'unreadable is not a list of texts';
  if (object.origin !== undefined && !isOrigin(object.origin))
    return 'its origin says neither which forest nor which Entra object';
  for (const name of texts) {
    const value = object[name];
    if (value !== undefined && typeof value !== 'string') return `${name} is not text`;
  }
  return object as AuditObject;
}

function areTexts(value: readonly string[] | undefined): boolean {
  if (!Array.isArray(value)) return false;
  for (const text of value) if (typeof text !== 'string') return false;
  return true;
}
