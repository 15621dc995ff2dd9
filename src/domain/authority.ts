import type { CloudFacts, Evidence, Fact } from './evidence.ts';
import { anchorOfParty, type Party } from './party.ts';

/** Who owns an attribute of an object: only there can it be changed. */
export type Authority =
  | { readonly kind: 'active-directory'; readonly forest: string; readonly attribute: string }
  | { readonly kind: 'entra' }
  | { readonly kind: 'exchange-online' }
  | { readonly kind: 'other-tenant' }
  | { readonly kind: 'unknown'; readonly because: string };

export type AddressAttribute = 'userPrincipalName' | 'proxyAddresses' | 'mail' | 'mailNickname';

/** What Exchange masters of a synchronised user, where that is switched to the cloud. */
const exchangeAttributes: ReadonlySet<Evidence['sought']['attribute']> = new Set([
  'proxyAddresses',
  'mail',
  'mailNickname',
  'targetAddress',
]);

/**
 * Authority belongs to an (object, attribute) pair: a synchronised user has its name in Active Directory and may have its
 * addresses in Exchange Online. `unknown` never yields a change.
 */
export function authorityOf(party: Party, attribute: Evidence['sought']['attribute'], evidence: Evidence): Authority {
  const { cloud } = party;
  if (party.onPremises.some(isWrittenBackGroup)) return inCloud(party, attribute);
  if (cloud === null) return inActiveDirectory(party, attribute);
  if (cloud.userPrincipalName?.includes('#EXT#') === true) return { kind: 'other-tenant' };
  if (cloud.onPremisesSyncEnabled === true) return ofSynchronised(party, attribute, evidence);
  return hasOnPremisesPast(party) ? ofFormerlySynchronised(party, attribute, evidence) : inCloud(party, attribute);
}

function ofSynchronised(party: Party, attribute: Evidence['sought']['attribute'], evidence: Evidence): Authority {
  const facts = factsOf(party, evidence);
  if (isTrue(facts?.isCloudManaged)) return inCloud(party, attribute);
  if (!exchangeAttributes.has(attribute) || party.objectType !== 'user') return inActiveDirectory(party, attribute);
  if (facts?.recipient.state === 'known' && facts.recipient.value === 'none')
    return inActiveDirectory(party, attribute);
  if (facts?.exchangeCloudManaged.state === 'known') {
    return facts.exchangeCloudManaged.value ? { kind: 'exchange-online' } : inActiveDirectory(party, attribute);
  }
  switch (evidence.tenant.exchangeAuthority) {
    case 'on-premises':
      return inActiveDirectory(party, attribute);
    case 'cloud':
      return { kind: 'exchange-online' };
    case 'mixed':
      return { kind: 'unknown', because: 'it is not known whether its Exchange attributes are cloud-managed' };
  }
}

/**
 * Not synchronised now, but with an anchor or SID of a synchronised past: switched source of authority, moved out of scope,
 * or restored. Only the switch itself, or the engine not knowing the anchor, proves that Entra owns it.
 */
function ofFormerlySynchronised(
  party: Party,
  attribute: Evidence['sought']['attribute'],
  evidence: Evidence,
): Authority {
  const facts = factsOf(party, evidence);
  const anchor = anchorOfParty(party);
  const engine = anchor === null ? undefined : evidence.engineFacts[anchor];
  if (isTrue(facts?.isCloudManaged) || isTrue(engine?.blockOnPremisesSync)) return inCloud(party, attribute);
  const notInScope = engine?.joined.state === 'known' && engine.joined.value.length === 0;
  if (notInScope && party.onPremises.length === 0 && facts?.isCloudManaged.state === 'known') {
    return inCloud(party, attribute);
  }
  return {
    kind: 'unknown',
    because: 'it has the source anchor of a synchronised past, and nothing proves who owns it now',
  };
}

/** `proxyAddresses` is read-only in Graph for every object: addresses in the cloud belong to Exchange Online. */
function inCloud(party: Party, attribute: Evidence['sought']['attribute']): Authority {
  if (!exchangeAttributes.has(attribute)) return { kind: 'entra' };
  if (attribute === 'mail' && party.objectType === 'user' && party.cloud?.proxyAddresses.length === 0) {
    return { kind: 'entra' };
  }
  return { kind: 'exchange-online' };
}

function inActiveDirectory(party: Party, attribute: Evidence['sought']['attribute']): Authority {
  const [first] = party.onPremises;
  if (first === undefined) return { kind: 'unknown', because: 'its Active Directory object could not be read' };
  return { kind: 'active-directory', forest: first.forest, attribute };
}

export function factsOf(party: Party, evidence: Evidence): CloudFacts | undefined {
  return party.cloud === null ? undefined : evidence.cloudFacts[party.cloud.id];
}

const isTrue = (fact: Fact<boolean> | undefined): boolean => fact?.state === 'known' && fact.value;

const isWrittenBackGroup = (ad: Party['onPremises'][number]): boolean =>
  ad.objectType === 'group' && /^Group_/i.test(ad.adminDescription ?? '');

function hasOnPremisesPast({ cloud, onPremises }: Party): boolean {
  return (
    onPremises.length > 0 ||
    cloud?.onPremisesImmutableId !== undefined ||
    cloud?.onPremisesSecurityIdentifier !== undefined ||
    cloud?.onPremisesDistinguishedName !== undefined
  );
}
