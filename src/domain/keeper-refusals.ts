import { signedInLately } from './activity.ts';
import { factsOf } from './authority.ts';
import type { Evidence } from './evidence.ts';
import { inputsOf } from './inputs.ts';
import { isCurrentUserPrincipalName } from './keeper-rows.ts';
import type { Party } from './party.ts';
import { neverRemoved, protectionsOf, unknownProtections } from './protected.ts';
import { bareAddress, domainOf, isSmtp, sameProxyAddress } from './proxy-address.ts';
import { hasCloudMailbox, hasOnPremisesMailbox, receivesInCloud, recipientOf } from './recipient.ts';
import { daysBetween } from './time.ts';

/** Why nobody is recommended as keeper, whatever the score; a person may still choose. Empty: nothing speaks against it. */
export function refusalsToRecommend(parties: readonly Party[], evidence: Evidence): string[] {
  return [
    ...parties.flatMap((party) => refusalsFor(party, evidence)),
    ...refusalsOverAll(parties, evidence),
    ...unreadEvidence(evidence),
  ];
}

/** Why this party may not be recommended as the one that gives the value up. */
export function refusalsToTakeFrom(party: Party, evidence: Evidence): string[] {
  const refusals: string[] = [];
  const lose = (what: string): void => void refusals.push(`${party.name} would lose ${what}`);
  if (isCurrentUserPrincipalName(party, evidence)) {
    lose('its UPN');
    if (signedInLately(party, evidence) !== 'no')
      refusals.push(`${party.name} may have signed in with the value in the last 30 days`);
  }
  for (const addresses of effectiveAddresses(party)) {
    const smtp = addresses.filter(isSmtp);
    if (smtp.length === 1 && smtp.some((address) => sameProxyAddress(address, evidence.sought.value)))
      lose('its only SMTP address');
  }
  const never = neverRemoved(evidence.sought.value, party.onPremises);
  if (never !== null) refusals.push(never);
  return refusals;
}

function refusalsFor(party: Party, evidence: Evidence): string[] {
  const { cloud, name } = party;
  const refusals = protectionsOf(party, evidence).map((reason) => `${name} is protected: ${reason}`);
  refusals.push(...unknownProtections(party, evidence));
  if (cloud?.deletedDateTime !== undefined) refusals.push(`${name} is soft-deleted`);
  refusals.push(...holdOf(party, evidence));
  const age = creationOf(party);
  if (age === undefined) refusals.push(`how old ${name} is, is not known`);
  else if (daysBetween(age, evidence.gatheredAt) < 1) refusals.push(`${name} is younger than 24 hours`);
  const ids = [cloud?.id, ...party.onPremises.map((ad) => ad.objectGuid)];
  for (const plan of evidence.openPlans.filter(({ objectId }) => ids.includes(objectId))) {
    refusals.push(`${name} is in an open plan of case ${plan.caseId}`);
  }
  if (cloud?.onPremisesSyncEnabled === true && party.onPremises.length === 0) {
    refusals.push(`the Active Directory object of ${name} could not be read`);
  }
  return refusals;
}

function refusalsOverAll(parties: readonly Party[], evidence: Evidence): string[] {
  const refusals: string[] = [];
  const receiving = parties.filter((party) => mayReceive(party, evidence));
  if (receiving.length >= 3) refusals.push('three or more parties receive mail');
  const primaryMailboxes = parties.filter((party) => hasMailbox(party, evidence) && isPrimaryOf(party, evidence));
  if (primaryMailboxes.length >= 2) refusals.push('the value is the primary address of two mailboxes');
  const { verifiedDomains } = evidence.tenant;
  const domain = domainOf(bareAddress(evidence.sought.value));
  if (verifiedDomains.state !== 'known')
    refusals.push(`whether ${domain} is verified is not known: ${verifiedDomains.remedy}`);
  else if (!verifiedDomains.value.some(({ name }) => name.toLowerCase() === domain)) {
    refusals.push(`${domain} is not a verified domain of the tenant: the value belongs to the outside party`);
  }
  return refusals;
}

/** Reads that failed or are old: a holder may be missing, or no longer be one. */
function unreadEvidence(evidence: Evidence): string[] {
  const reads = [
    evidence.subject.cloud,
    evidence.subject.onPremises,
    evidence.cloudHolders,
    evidence.onPremisesHolders,
  ];
  return reads.flatMap((fact) => {
    if (fact.state === 'unknown') return [`not every holder could be read: ${fact.because}; ${fact.remedy}`];
    return daysBetween(fact.at, evidence.gatheredAt) > 1 ? [`${fact.source} is older than 24 hours`] : [];
  });
}

function holdOf(party: Party, evidence: Evidence): string[] {
  const kind = recipientOf(party, evidence);
  if (party.cloud === null || (kind !== 'unknown' && !hasCloudMailbox(kind))) return [];
  if (kind === 'unknown' && party.objectType !== 'user') return [];
  const hold = factsOf(party, evidence)?.litigationHold;
  if (hold?.state === 'known') return hold.value ? [`${party.name} is on litigation hold`] : [];
  return [`whether ${party.name} is on litigation hold is not known${hold === undefined ? '' : `: ${hold.remedy}`}`];
}

function mayReceive(party: Party, evidence: Evidence): boolean {
  const kind = recipientOf(party, evidence);
  return kind === 'unknown' || kind === 'on-premises-mailbox' || receivesInCloud(kind);
}

function hasMailbox(party: Party, evidence: Evidence): boolean {
  const kind = recipientOf(party, evidence);
  return hasOnPremisesMailbox(party) || kind === 'unknown' || hasCloudMailbox(kind);
}

const isPrimaryOf = (party: Party, evidence: Evidence): boolean =>
  inputsOf(party, evidence).some(({ primary }) => primary);

/**
 * The addresses that take effect today: what Entra shows, and with an on-premises mailbox also what Active Directory says.
 * A quarantined claim takes no effect.
 */
function effectiveAddresses({ cloud, onPremises }: Party): (readonly string[])[] {
  const mailboxes = onPremises.filter((ad) => ad.homeMdb !== undefined || cloud === null);
  return [...(cloud === null ? [] : [cloud.proxyAddresses]), ...mailboxes.map((ad) => ad.proxyAddresses)];
}

const creationOf = ({ cloud, onPremises }: Party): string | undefined =>
  cloud?.createdDateTime ?? onPremises[0]?.whenCreated;
