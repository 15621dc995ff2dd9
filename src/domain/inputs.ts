import { type AddressAttribute, authorityOf } from './authority.ts';
import type { AdObject, Evidence } from './evidence.ts';
import { anchorOfParty, type Party } from './party.ts';
import { bareAddress, normaliseProxyAddress, sameProxyAddress } from './proxy-address.ts';
import { sameUserPrincipalName, withoutDeletionPrefix } from './user-principal-name.ts';

/** One attribute value that makes a party yield the sought value. A release must take away every one of them. */
export interface Input {
  readonly side: 'active-directory' | 'entra';
  /** objectGUID or Entra object id. */
  readonly objectId: string;
  readonly attribute: AddressAttribute;
  /** As stored, with its prefix. */
  readonly value: string;
  /** A proxy address written `SMTP:`. */
  readonly primary: boolean;
  /**
   * Entra: `calculated` from Active Directory, or `own`. Active Directory: what lineage says of the way into the cloud
   * value; `none`: looked, and the attribute feeds nothing; `foreseen`: the sync engine does not know the object yet.
   */
  readonly flow: 'direct' | 'expression' | 'none' | 'unknown' | 'foreseen' | 'calculated' | 'own';
  /** The synchronisation rule of the flow, where there is one. */
  readonly rule?: string;
  /** For a calculated value: the Active Directory inputs behind it, as `attribute of DN`. */
  readonly behind?: readonly string[];
}

/** Every input of a party that yields the sought value, in any form; a soft-deleted user holds no UPN. */
export function inputsOf(party: Party, evidence: Evidence): Input[] {
  const onPremises = party.onPremises.flatMap((ad) => adInputs(ad, party, evidence));
  return [...onPremises, ...cloudInputs(party, onPremises, evidence)];
}

/** The party has the value in Entra now, as far as Entra shows it. */
export const holdsInEntra = (party: Party, evidence: Evidence): boolean =>
  inputsOf(party, evidence).some((input) => input.side === 'entra');

function adInputs(ad: AdObject, party: Party, evidence: Evidence): Input[] {
  const { value } = evidence.sought;
  const address = bareAddress(value);
  const isAddress = normaliseProxyAddress(value).startsWith('smtp:');
  const input = (attribute: AddressAttribute, stored: string): Input => ({
    side: 'active-directory',
    objectId: ad.objectGuid,
    attribute,
    value: stored,
    primary: stored.startsWith('SMTP:'),
    ...flowOf(ad, attribute, party, evidence),
  });
  const inputs = ad.proxyAddresses
    .filter((stored) => sameProxyAddress(stored, value))
    .map((stored) => input('proxyAddresses', stored));
  if (!isAddress) return inputs;
  if (ad.mail !== undefined && bareAddress(ad.mail) === address) inputs.push(input('mail', ad.mail));
  if (ad.userPrincipalName !== undefined && sameUserPrincipalName(ad.userPrincipalName, address)) {
    inputs.push(input('userPrincipalName', ad.userPrincipalName));
  }
  if (ad.mailNickname !== undefined && isInitialAddressOf(ad.mailNickname, address, evidence)) {
    inputs.push(input('mailNickname', ad.mailNickname));
  }
  return inputs;
}

function cloudInputs(party: Party, onPremises: readonly Input[], evidence: Evidence): Input[] {
  const { cloud } = party;
  if (cloud === null) return [];
  if (cloud.deletedDateTime !== undefined && evidence.sought.attribute === 'userPrincipalName') return [];
  const { value } = evidence.sought;
  const address = bareAddress(value);
  const input = (attribute: AddressAttribute, stored: string): Input => {
    const own = {
      side: 'entra',
      objectId: cloud.id,
      attribute,
      value: stored,
      primary: stored.startsWith('SMTP:'),
    } as const;
    const calculated = authorityOf(party, attribute, evidence).kind === 'active-directory';
    if (!calculated) return { ...own, flow: 'own' };
    return {
      ...own,
      flow: 'calculated',
      behind: onPremises
        .filter(({ flow }) => flow !== 'none')
        .map((source) => `${source.attribute} of ${source.objectId}`),
    };
  };
  const inputs = cloud.proxyAddresses
    .filter((stored) => sameProxyAddress(stored, value))
    .map((stored) => input('proxyAddresses', stored));
  if (!normaliseProxyAddress(value).startsWith('smtp:')) return inputs;
  if (cloud.mail !== undefined && bareAddress(cloud.mail) === address) inputs.push(input('mail', cloud.mail));
  const upn = heldUserPrincipalName(party);
  if (upn !== undefined && sameUserPrincipalName(upn, address)) inputs.push(input('userPrincipalName', upn));
  return inputs;
}

/** Entra stores the UPN of a soft-deleted user with the object id in front. */
function heldUserPrincipalName({ cloud }: Party): string | undefined {
  if (cloud?.userPrincipalName === undefined || cloud.deletedDateTime === undefined) return cloud?.userPrincipalName;
  return withoutDeletionPrefix(cloud.userPrincipalName, cloud.id);
}

function flowOf(
  ad: AdObject,
  attribute: AddressAttribute,
  party: Party,
  evidence: Evidence,
): Pick<Input, 'flow' | 'rule'> {
  const anchor = anchorOfParty(party);
  const engine = anchor === null ? undefined : evidence.engineFacts[anchor];
  const isNew = engine?.joined.state === 'known' && engine.joined.value.length === 0;
  if (evidence.foreseen === true && party.cloud === null && isNew) return { flow: 'foreseen' };
  const lineage = engine?.lineage;
  if (lineage?.state !== 'known') return { flow: 'unknown' };
  const feeding = Object.values(lineage.value)
    .flat()
    .filter((source) => source.adObjectGuid === ad.objectGuid && source.adAttribute === attribute);
  const transformed = feeding.find((source) => source.flow === 'expression');
  const source = transformed ?? feeding[0];
  if (source !== undefined) return { flow: source.flow, rule: source.syncRuleName };
  // Only a lineage that was read for this attribute proves that it feeds nothing.
  return { flow: Object.hasOwn(lineage.value, attribute) ? 'none' : 'unknown' };
}

function isInitialAddressOf(alias: string, address: string, evidence: Evidence): boolean {
  const { verifiedDomains } = evidence.tenant;
  if (verifiedDomains.state !== 'known') return false;
  return verifiedDomains.value.some(
    (domain) => domain.isInitial && address === `${alias}@${domain.name}`.toLowerCase(),
  );
}
