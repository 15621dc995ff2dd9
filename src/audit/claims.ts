import { immutableIdOf } from '../domain/immutable-id.ts';
import { normaliseProxyAddress } from '../domain/proxy-address.ts';
import { type AuditObject, objectTypeOf } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import { comparedAs } from './claim-table.ts';

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
  /** Of users without a UPN: the others' account names never reach Entra. Within one domain. */
  sAMAccountName: 4,
  sourceAnchor: 5,
  securityIdentifier: 6,
  /** Every account name, of any domain: a proposed one must be new. */
  heldAccountName: 7,
} as const;

export type Space = (typeof spaces)[keyof typeof spaces];

/**
 * The claimed value is what `comparedAs` makes of the text from `from` on: most texts need not be changed for it.
 * @param stored as the attribute has it
 */
export type TakeClaim = (space: Space, text: string, from: number, attribute: string, stored: string) => void;

/** What the object's values claim. One value may be claimed several times, by different attributes of the object. */
export function eachClaim(object: AuditObject, settings: AuditSettings, take: TakeClaim): void {
  const { userPrincipalName, mail, proxyAddresses, targetAddress, mailNickname, sAMAccountName, others } = object;
  if (userPrincipalName && givesUserPrincipalName(object, settings)) {
    take(spaces.address, userPrincipalName, 0, 'userPrincipalName', userPrincipalName);
  }
  if (mail) take(spaces.address, mail, 0, 'mail', mail);
  for (const value of proxyAddresses) takeAddress(value, 'proxyAddresses', take);
  if (targetAddress) takeAddress(targetAddress, 'targetAddress', take);
  if (mailNickname) take(spaces.mailNickname, mailNickname, 0, 'mailNickname', mailNickname);
  if (others !== undefined) {
    for (const value of others['msRTCSIP-PrimaryUserAddress'] ?? []) {
      takeAddress(value, 'msRTCSIP-PrimaryUserAddress', take);
    }
  }
  if (sAMAccountName && object.origin?.side !== 'entra') {
    take(spaces.heldAccountName, sAMAccountName, 0, 'sAMAccountName', sAMAccountName);
    if (!userPrincipalName?.includes('@') && objectTypeOf(object) === 'user') {
      take(spaces.sAMAccountName, nameInDomain(sAMAccountName, object), 0, 'sAMAccountName', sAMAccountName);
    }
  }
}

type IdentitySpace = typeof spaces.sourceAnchor | typeof spaces.securityIdentifier;

/** By what the object is known, not by what it holds. These values are compared as they are. */
export function eachIdentity(
  object: AuditObject,
  take: (space: IdentitySpace, value: string, attribute: string) => void,
): void {
  const anchor = sourceAnchorOf(object);
  if (anchor !== null) take(spaces.sourceAnchor, anchor, anchorAttributeOf(object));
  if (object.objectSid) take(spaces.securityIdentifier, object.objectSid, 'objectSid');
}

/** What a value would claim, were it the attribute's; null: nothing. */
export function claimOf(attribute: string, value: string): { space: Space; value: string } | null {
  let claim: { space: Space; value: string } | null = null;
  switch (attribute) {
    case 'userPrincipalName':
    case 'mail':
      return { space: spaces.address, value: comparedAs(value) };
    case 'mailNickname':
      return { space: spaces.mailNickname, value: comparedAs(value) };
    case 'sAMAccountName':
      return { space: spaces.heldAccountName, value: comparedAs(value) };
    case 'proxyAddresses':
    case 'targetAddress':
    case 'msRTCSIP-PrimaryUserAddress':
      takeAddress(value, attribute, (space, text, from) => {
        claim = { space, value: comparedAs(text, from) };
      });
      return claim;
    default:
      return null;
  }
}

/** Base64, case-sensitive. */
export function sourceAnchorOf(object: AuditObject): string | null {
  const stored = storedAnchorOf(object);
  return stored !== null && stored === object.objectGUID ? immutableIdOf(stored) : stored;
}

/**
 * The source anchor as it is stored: Base64, or the dashed text of objectGUID. A linked mailbox gives none: its account does
 * ("Understanding the default configuration", user rules, read 2026-11-29).
 */
export function storedAnchorOf(object: AuditObject): string | null {
  const { origin, objectGUID } = object;
  if (origin?.side === 'entra') return anchorOfGuid(origin.onPremisesImmutableId);
  if (isLinkedMailbox(object)) return null;
  const consistencyGuid = object['mS-DS-ConsistencyGuid'];
  if (consistencyGuid && objectTypeOf(object) === 'user') return consistencyGuid;
  return objectGUID || null;
}

/** An immutableId that is no GUID was made of an attribute that is not known here: it says nothing about who is whose twin. */
const anchorOfGuid = (immutableId: string | undefined): string | null =>
  immutableId?.length === 24 && immutableId.endsWith('==') ? immutableId : null;

function anchorAttributeOf(object: AuditObject): string {
  if (object.origin?.side === 'entra') return 'onPremisesImmutableId';
  return storedAnchorOf(object) === object.objectGUID ? 'objectGUID' : 'mS-DS-ConsistencyGuid';
}

const isLinkedMailbox = ({ msExchRecipientTypeDetails }: AuditObject): boolean => msExchRecipientTypeDetails === '2';

/** A soft-deleted user's UPN is free; a linked mailbox's and that beside an alternate login id never reach Entra. */
function givesUserPrincipalName(object: AuditObject, { userNameAttribute }: AuditSettings): boolean {
  if (object.origin?.side === 'entra') return object.origin.kind !== 'soft-deleted';
  return userNameAttribute === 'userPrincipalName' && !isLinkedMailbox(object);
}

function takeAddress(value: string, attribute: string, take: TakeClaim): void {
  if (startsWithSmtp(value)) {
    if (value.length > 5) take(spaces.address, value, 5, attribute, value);
    return;
  }
  const normalised = normaliseProxyAddress(value);
  const colon = normalised.indexOf(':');
  if (colon === normalised.length - 1) return;
  const kind = normalised.slice(0, colon);
  if (kind === 'smtp') take(spaces.address, normalised, 5, attribute, value);
  else if (kind === 'sip') take(spaces.sip, normalised, 4, attribute, value);
  else take(spaces.otherAddress, normalised, 0, attribute, value);
}

/** In any case; the usual kind of address must be seen quickly. */
const startsWithSmtp = (value: string): boolean =>
  value.charCodeAt(4) === 58 &&
  (value.charCodeAt(0) | 32) === 115 &&
  (value.charCodeAt(1) | 32) === 109 &&
  (value.charCodeAt(2) | 32) === 116 &&
  (value.charCodeAt(3) | 32) === 112;

/** With the domain that its DN lies in, which is where Active Directory keeps it unique. */
function nameInDomain(sAMAccountName: string, { origin, distinguishedName }: AuditObject): string {
  const forest = origin?.side === 'active-directory' ? origin.forest : '';
  const at = distinguishedName === undefined ? -1 : distinguishedName.search(/,dc=/i);
  return `${sAMAccountName.trim()}\\${at < 0 ? forest : distinguishedName?.slice(at)}`;
}
