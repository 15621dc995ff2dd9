import { type AdObject, firstValue } from './ad-object.ts';
import { isLinkedMailbox } from './attribute-flow.ts';
import { sourceAnchorOf } from './source-anchor.ts';

/** How the wizard was told to recognise one person in several forests; a linked mailbox joins its account unless `once`. */
export type UserMatch = 'once' | 'mail' | 'objectSid' | 'sAMAccountName';

/** Index keys of an object: two objects that may join have one in common. */
export function joinKeys(object: AdObject): readonly string[] {
  return [
    key('anchor', sourceAnchorOf(object)),
    key('sid', securityIdentifierOf(object)),
    key('mail', firstValue(object, 'mail')?.toLowerCase()),
    key('account', accountNameAndAlias(object)),
  ].flatMap((found) => found ?? []);
}

/**
 * Whether two objects of different connectors are one metaverse object: the same source anchor, a GALSync contact and
 * a user with the same mail, a linked mailbox and its account, or what `userMatch` says.
 */
export function join(one: AdObject, other: AdObject, userMatch: UserMatch): boolean {
  if (one.connectorName === other.connectorName) return false;
  const types = [one.objectType, other.objectType].sort().join();
  if (types === 'contact,user') return sameValue(one, other, (object) => firstValue(object, 'mail')?.toLowerCase());
  if (types !== 'user,user') return false;
  if (sameValue(one, other, sourceAnchorOf)) return true;
  const isMailboxAndAccount = isLinkedMailbox(one) !== isLinkedMailbox(other);
  switch (userMatch) {
    case 'once':
      return false;
    case 'mail':
      return sameValue(one, other, (object) => firstValue(object, 'mail')?.toLowerCase());
    case 'objectSid':
      return isMailboxAndAccount && sameValue(one, other, securityIdentifierOf);
    case 'sAMAccountName':
      return sameValue(one, other, accountNameAndAlias);
  }
}

function sameValue(one: AdObject, other: AdObject, of: (object: AdObject) => string | undefined): boolean {
  const value = of(one);
  return value !== undefined && value === of(other);
}

function key(kind: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${kind}:${value}`;
}

function securityIdentifierOf(object: AdObject): string | undefined {
  return firstValue(object, 'msExchMasterAccountSid') ?? firstValue(object, 'objectSid');
}

function accountNameAndAlias(object: AdObject): string | undefined {
  const accountName = firstValue(object, 'sAMAccountName');
  const alias = firstValue(object, 'mailNickname');
  return accountName === undefined || alias === undefined ? undefined : `${accountName}/${alias}`.toLowerCase();
}
