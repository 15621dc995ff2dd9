import { factsOf } from './authority.ts';
import type { Evidence, RecipientKind } from './evidence.ts';
import type { Party } from './party.ts';

/**
 * msExchRecipientTypeDetails of mailboxes that nobody signs in to: linked, shared, room, equipment, and the remote room,
 * equipment and shared mailboxes.
 */
export const resourceTypes: ReadonlySet<string> = new Set([
  '2',
  '4',
  '16',
  '32',
  '8589934592',
  '17179869184',
  '34359738368',
]);
const resourceKinds: ReadonlySet<RecipientKind> = new Set(['shared-mailbox', 'room-mailbox', 'equipment-mailbox']);
const cloudMailboxKinds: ReadonlySet<RecipientKind> = new Set([...resourceKinds, 'user-mailbox', 'remote-mailbox']);
const mailEnabledGroups: ReadonlySet<RecipientKind> = new Set([
  'distribution-group',
  'microsoft-365-group',
  'dynamic-distribution-group',
]);

/** What kind of recipient a party is, if anything says so. */
export function recipientOf(party: Party, evidence: Evidence): RecipientKind | 'unknown' {
  if (hasOnPremisesMailbox(party)) return 'on-premises-mailbox';
  const fact = factsOf(party, evidence)?.recipient;
  if (fact?.state === 'known') return fact.value;
  return party.cloud === null && !isExchangeRecipient(party) ? 'none' : 'unknown';
}

/** The mailbox database is on premises: mail is delivered there, whatever Entra shows. */
export const hasOnPremisesMailbox = (party: Party): boolean => party.onPremises.some((ad) => ad.homeMdb !== undefined);

/** Exchange writes this object too: its own cmdlets are the supported way to change addresses. */
export const isExchangeRecipient = (party: Party): boolean =>
  party.onPremises.some(
    (ad) => ad.mailNickname !== undefined || ad.homeMdb !== undefined || ad.msExchRecipientTypeDetails !== undefined,
  );

export function isResource(party: Party, evidence: Evidence): boolean {
  const kind = recipientOf(party, evidence);
  return (
    (kind !== 'unknown' && resourceKinds.has(kind)) ||
    party.onPremises.some((ad) => resourceTypes.has(ad.msExchRecipientTypeDetails ?? ''))
  );
}

/** Mail for it is delivered in the cloud: a mailbox there, or a mail-enabled group. */
export const receivesInCloud = (kind: RecipientKind): boolean =>
  cloudMailboxKinds.has(kind) || mailEnabledGroups.has(kind);

export const hasCloudMailbox = (kind: RecipientKind): boolean => cloudMailboxKinds.has(kind);

/** Entra adds the UPN to the addresses of such a user, and keeps an old UPN as an alias. */
export function mayHaveMailbox(party: Party, evidence: Evidence): boolean {
  const kind = recipientOf(party, evidence);
  if (kind !== 'unknown') return kind !== 'none';
  const { cloud, onPremises } = party;
  if (cloud?.enabledServices.includes('exchange') === true || isExchangeRecipient(party)) return true;
  return onPremises.length === 0 && cloud !== null && cloud.proxyAddresses.length > 0;
}
