import { immutableIdOf } from '../domain/immutable-id.ts';
import { normaliseProxyAddress } from '../domain/proxy-address.ts';
import { problemsOfUserPrincipalName } from '../domain/user-principal-name.ts';
import { type AuditObject, objectTypeOf } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';

/**
 * Within a space a value belongs to one object. Entra compares UPN, mail and SMTP addresses with one another; SIP addresses
 * only among themselves (`AttributeConflictName` SipProxyAddress beside ProxyAddresses: "Understanding errors during
 * Microsoft Entra synchronization", read 2026-11-22); of other kinds of address the whole value counts.
 */
export const spaces = {
  address: 0,
  sip: 1,
  otherAddress: 2,
  mailNickname: 3,
  /** Of users that have no valid UPN: the others' account names never reach Entra. */
  sAMAccountName: 4,
  sourceAnchor: 5,
  securityIdentifier: 6,
  /** Every account name of a domain. Active Directory keeps them unique: only proposals need to know. */
  heldAccountName: 7,
} as const;

export type Space = (typeof spaces)[keyof typeof spaces];

/** @param value as it is compared @param stored as the attribute has it */
export type TakeClaim = (space: Space, value: string, attribute: string, stored: string) => void;

/** What the object's values claim. One value may be claimed several times, by different attributes of the object. */
export function eachClaim(object: AuditObject, settings: AuditSettings, take: TakeClaim): void {
  const { origin, userPrincipalName, mail, proxyAddresses, targetAddress, mailNickname, sAMAccountName } = object;
  if (userPrincipalName && givesUserPrincipalName(object, settings)) {
    take(spaces.address, folded(userPrincipalName), 'userPrincipalName', userPrincipalName);
  }
  if (mail) take(spaces.address, folded(mail), 'mail', mail);
  for (const value of proxyAddresses) takeAddress(value, 'proxyAddresses', take);
  if (targetAddress) takeAddress(targetAddress, 'targetAddress', take);
  if (mailNickname) take(spaces.mailNickname, folded(mailNickname), 'mailNickname', mailNickname);
  if (object.others !== undefined) {
    for (const value of object.others['msRTCSIP-PrimaryUserAddress'] ?? []) {
      takeAddress(value, 'msRTCSIP-PrimaryUserAddress', take);
    }
  }
  if (origin?.side !== 'entra' && sAMAccountName) {
    const name = accountName(sAMAccountName, object);
    take(spaces.heldAccountName, name, 'sAMAccountName', sAMAccountName);
    if (namesItself(object)) take(spaces.sAMAccountName, name, 'sAMAccountName', sAMAccountName);
  }
}

/** By what the object is known, not by what it holds. */
export function eachIdentity(object: AuditObject, take: TakeClaim): void {
  const anchor = sourceAnchorOf(object);
  if (anchor !== null) take(spaces.sourceAnchor, anchor, anchorAttributeOf(object, anchor), anchor);
  if (object.objectSid) take(spaces.securityIdentifier, object.objectSid, 'objectSid', object.objectSid);
}

function anchorAttributeOf(object: AuditObject, anchor: string): string {
  if (object.origin?.side === 'entra') return 'onPremisesImmutableId';
  return object['mS-DS-ConsistencyGuid'] === anchor ? 'mS-DS-ConsistencyGuid' : 'objectGUID';
}

/** What a value would claim, were it the object's; null: nothing. */
export function claimOf(attribute: string, value: string, object: AuditObject): { space: Space; value: string } | null {
  let claim: { space: Space; value: string } | null = null;
  switch (attribute) {
    case 'userPrincipalName':
    case 'mail':
      return { space: spaces.address, value: folded(value) };
    case 'mailNickname':
      return { space: spaces.mailNickname, value: folded(value) };
    case 'sAMAccountName':
      return { space: spaces.heldAccountName, value: accountName(value, object) };
    case 'proxyAddresses':
    case 'targetAddress':
    case 'msRTCSIP-PrimaryUserAddress':
      takeAddress(value, attribute, (space, claimed) => {
        claim = { space, value: claimed };
      });
      return claim;
    default:
      return null;
  }
}

/**
 * Base64, case-sensitive. A linked mailbox gives none: its account does ("Understanding the default configuration", user
 * rules, read 2026-11-22).
 */
export function sourceAnchorOf(object: AuditObject): string | null {
  const { origin, objectGUID } = object;
  if (origin?.side === 'entra') return origin.onPremisesImmutableId ?? null;
  if (isLinkedMailbox(object)) return null;
  const consistencyGuid = object['mS-DS-ConsistencyGuid'];
  if (consistencyGuid && objectTypeOf(object) === 'user') return consistencyGuid;
  return objectGUID === undefined ? null : immutableIdOf(objectGUID);
}

export const isLinkedMailbox = ({ msExchRecipientTypeDetails }: AuditObject): boolean =>
  msExchRecipientTypeDetails === '2';

/** A soft-deleted user's UPN is free; a linked mailbox's and that beside an alternate login id never reach Entra. */
function givesUserPrincipalName(object: AuditObject, { userNameAttribute }: AuditSettings): boolean {
  if (object.origin?.side === 'entra') return object.origin.kind !== 'soft-deleted';
  return userNameAttribute === 'userPrincipalName' && !isLinkedMailbox(object);
}

/** Quick to see of a usual value: it starts with `smtp:` in any case. */
function takeAddress(value: string, attribute: string, take: TakeClaim): void {
  const lower = folded(value);
  if (lower.startsWith('smtp:')) {
    const address = lower.slice(5);
    const first = address.charCodeAt(0);
    take(spaces.address, first <= 32 || first > 126 ? address.trim() : address, attribute, value);
    return;
  }
  if (lower === '') return;
  const normalised = normaliseProxyAddress(value);
  const kind = normalised.slice(0, normalised.indexOf(':'));
  if (kind === 'smtp') take(spaces.address, normalised.slice(5), attribute, value);
  else if (kind === 'sip') take(spaces.sip, normalised.slice(4), attribute, value);
  else take(spaces.otherAddress, normalised, attribute, value);
}

/** Where the UPN will not do, the sync engine makes one of sAMAccountName and domain. */
function namesItself(object: AuditObject): boolean {
  const { userPrincipalName } = object;
  if (userPrincipalName && usual.test(userPrincipalName)) return false;
  return (
    objectTypeOf(object) === 'user' && (!userPrincipalName || problemsOfUserPrincipalName(userPrincipalName).length > 0)
  );
}

/** A name without problems that is quickly seen to have none. */
const usual = /^[A-Za-z0-9][A-Za-z0-9._-]{0,40}[A-Za-z0-9]@[a-z0-9]{1,20}\.[a-z]{2,10}$/i;

/** With the domain that its DN lies in. */
function accountName(sAMAccountName: string, { origin, distinguishedName }: AuditObject): string {
  const forest = origin?.side === 'active-directory' ? origin.forest : '';
  const at = distinguishedName === undefined ? -1 : distinguishedName.search(firstDomainComponent);
  return folded(`${sAMAccountName.trim()}\\${at < 0 ? forest : distinguishedName?.slice(at)}`);
}

const firstDomainComponent = /,dc=/i;

const folded = (text: string): string => text.trim().toLowerCase();
