import { authorityOf } from './authority.ts';
import type { Change } from './change.ts';
import type { AdObject, Evidence, Fact } from './evidence.ts';
import { anchorOfParty, type Party } from './party.ts';
import { neverRemoved, protectionsOf, unknownProtections } from './protected.ts';
import { normaliseProxyAddress, primarySmtp } from './proxy-address.ts';
import { isExchangeRecipient } from './recipient.ts';
import { inDirectory } from './release-changes.ts';
import { exchangeObstacles } from './release-obstacles.ts';

/** What the relay writes; everything else is a runbook. */
const written: ReadonlySet<string> = new Set(['userPrincipalName', 'proxyAddresses', 'mail']);
const addresses: ReadonlySet<string> = new Set(['proxyAddresses', 'mail', 'mailNickname', 'targetAddress']);

/** The one modification that puts a value in the place of the sought one. */
export function replacement(ad: AdObject, { attribute, value }: Evidence['sought'], next: string): Change {
  const head = {
    ...inDirectory(ad),
    attribute,
    operation: 'replace' as const,
    values: [next],
    stage: 'release' as const,
  };
  if (attribute !== 'proxyAddresses') {
    return {
      ...head,
      before: { kind: 'single', value: value === '' ? null : value },
      after: { kind: 'single', value: next },
    };
  }
  const primary = primarySmtp(ad.proxyAddresses);
  return {
    ...head,
    before: { kind: 'multiple', present: [value], absent: [next], primary },
    after: {
      kind: 'multiple',
      present: [next],
      absent: [value],
      primary: next.startsWith('SMTP:') ? next : primary,
    },
  };
}

/** Why only a person may put `next` in the place of the sought value; empty: a change may. */
export function obstaclesToReplace(party: Party, ad: AdObject, next: string, evidence: Evidence): string[] {
  const { attribute, value } = evidence.sought;
  return [
    ...protectionsOf(party, evidence).map((reason) => `${party.name} is protected: ${reason}`),
    ...unknownProtections(party, evidence),
    ...twinObstacles(party, evidence),
    ...ownerObstacles(party, evidence),
    ...attributeObstacles(attribute),
    ...(attribute === 'proxyAddresses' || attribute === 'mail' ? valueObstacles(value, next, attribute, ad) : []),
    ...(addresses.has(attribute) && isExchangeRecipient(party)
      ? exchangeObstacles(party, [{ attribute: 'proxyAddresses', primary: isPrimary(value, attribute) }], evidence)
      : []),
    ...flowObstacles(party, ad, evidence),
    ...openPlanObstacles(ad, evidence),
    ...freedomObstacles(next, evidence.rules?.replacement?.taken),
  ];
}

/** What was not read of it in Entra could protect it, or say that it is mastered there. */
function twinObstacles(party: Party, evidence: Evidence): string[] {
  const { cloud } = evidence.subject;
  if (cloud.state === 'unknown') return [`whether ${party.name} is in Entra: ${cloud.because}; ${cloud.remedy}`];
  return party.cloud === null && party.objectType !== 'user' && isSynchronised(party, evidence)
    ? [`${party.name} is synchronised, and its object in Entra was not found: whether it is protected is not known`]
    : [];
}

function ownerObstacles(party: Party, evidence: Evidence): string[] {
  const { attribute } = evidence.sought;
  const owner = authorityOf(party, attribute, evidence);
  switch (owner.kind) {
    case 'active-directory':
      return [];
    case 'unknown':
      return [`who owns ${attribute} of ${party.name} is not known: ${owner.because}`];
    default:
      return [`${attribute} of ${party.name} is not mastered in Active Directory (${owner.kind})`];
  }
}

function attributeObstacles(attribute: string): string[] {
  if (attribute === 'mailNickname') return ['mailNickname is never changed: other addresses and folders hang on it'];
  if (attribute === 'targetAddress') return ['targetAddress is never changed: mail is routed by it'];
  return written.has(attribute) ? [] : [`${attribute} is not among the attributes that the relay writes`];
}

function valueObstacles(value: string, next: string, attribute: string, ad: AdObject): string[] {
  const never = neverRemoved(value, [ad]);
  const losesPrimary = value.startsWith('SMTP:') && !next.startsWith('SMTP:');
  const isSecondPrimary =
    attribute === 'proxyAddresses' &&
    next.startsWith('SMTP:') &&
    !value.startsWith('SMTP:') &&
    primarySmtp(ad.proxyAddresses) !== null;
  const isSame = attribute === 'proxyAddresses' && normaliseProxyAddress(value) === normaliseProxyAddress(next);
  return [
    ...(never === null ? [] : [never]),
    ...(losesPrimary ? ['the value is the primary address, and the proposal names no new one'] : []),
    ...(isSecondPrimary ? [`${next} would be a second primary address beside ${primarySmtp(ad.proxyAddresses)}`] : []),
    ...(isSame
      ? [`${value} and ${next} are one address to Active Directory, so that a plan cannot tell them apart`]
      : []),
  ];
}

const isPrimary = (value: string, attribute: string): boolean =>
  attribute !== 'proxyAddresses' || value.startsWith('SMTP:');

/** An expression may have been written with the wrong value in view. */
function flowObstacles(party: Party, ad: AdObject, evidence: Evidence): string[] {
  const { attribute, value } = evidence.sought;
  const anchor = anchorOfParty(party);
  const engine = anchor === null ? undefined : evidence.engineFacts[anchor];
  if (!written.has(attribute) || !isSynchronised(party, evidence)) {
    return engine?.joined.state === 'unknown'
      ? [`whether ${party.name} is synchronised: ${engine.joined.because}`]
      : [];
  }
  if (engine?.lineage.state !== 'known')
    return [`which synchronisation rule takes ${attribute} of ${party.name} to Entra is not known`];
  const flows = Object.values(engine.lineage.value)
    .flat()
    .filter((one) => one.adObjectGuid === ad.objectGuid && one.adAttribute === attribute);
  // What is absent flows nowhere yet.
  if (flows.length === 0 && value !== '')
    return [
      `no synchronisation rule takes ${attribute} of ${ad.distinguishedName} to Entra: a change would not arrive`,
    ];
  const transformed = flows.find(({ flow }) => flow === 'expression');
  return transformed === undefined
    ? []
    : [`${attribute} goes through the expression of the synchronisation rule "${transformed.syncRuleName}"`];
}

function openPlanObstacles(ad: AdObject, evidence: Evidence): string[] {
  return evidence.openPlans
    .filter(({ objectId }) => objectId === ad.objectGuid)
    .map(({ caseId }) => `the object is in an open plan of case ${caseId}`);
}

function freedomObstacles(next: string, taken: Fact<boolean> | undefined): string[] {
  if (taken?.state === 'known') return taken.value ? [`${next} is taken by another object`] : [];
  return [`whether ${next} is free is not known: ${taken === undefined ? 'nobody was asked' : taken.because}`];
}

/** Entra has the object, or the sync engine is about to bring it there. */
export function isSynchronised(party: Party, evidence: Evidence): boolean {
  const anchor = anchorOfParty(party);
  const joined = anchor === null ? undefined : evidence.engineFacts[anchor]?.joined;
  return party.cloud !== null || (joined?.state === 'known' && joined.value.length > 0);
}

/** Entra makes the sign-in name of the sought attribute: as a rule userPrincipalName, with an alternate login id another. */
export function namesUser(party: Party, ad: AdObject, evidence: Evidence): boolean {
  const { attribute } = evidence.sought;
  const anchor = anchorOfParty(party);
  const lineage = anchor === null ? undefined : evidence.engineFacts[anchor]?.lineage;
  const flows = lineage?.state === 'known' ? (lineage.value['userPrincipalName'] ?? []) : [];
  return (
    attribute === 'userPrincipalName' ||
    (party.objectType === 'user' && evidence.rules?.namesUser === true) ||
    flows.some((one) => one.adObjectGuid === ad.objectGuid && one.adAttribute === attribute)
  );
}
