import type { Evidence, VerifiedDomain } from './evidence.ts';
import { type Party, partiesOf } from './party.ts';
import { numbered, plain } from './plain-name.ts';
import { bareAddress, domainOf, isSmtp, localPartOf, sameProxyAddress } from './proxy-address.ts';
import { problemsOfUserPrincipalName } from './user-principal-name.ts';

/** A new UPN for a party that gives the sought one up; null when none could be found that passes every check. */
export interface NewName {
  readonly name: string;
  /** What a person should know about the checks, such as one that could not be made. */
  readonly note: string | null;
}

/**
 * @param master Entra gives a managed suffix only: a federated one needs an immutableId and the identity provider
 */
export function newUserPrincipalName(
  party: Party,
  master: 'entra' | 'active-directory',
  evidence: Evidence,
): NewName | null {
  const suffix = suffixFor(master, evidence);
  if (suffix === null) return null;
  const taken = knownNames(evidence);
  const name = namesOf(party, suffix).find(
    (candidate) =>
      problemsOfUserPrincipalName(candidate).length === 0 &&
      !taken.has(candidate.toLowerCase()) &&
      !isKnownTaken(candidate, evidence),
  );
  if (name === undefined) return null;
  const asked = evidence.namesTaken?.[name]?.state === 'known';
  return {
    name,
    note: asked ? null : `${name} is free among the objects of this case; the whole directory was not asked.`,
  };
}

/** Every name that a plan may propose, for the evidence to ask whether it is taken. At most nine a party and suffix. */
export function candidateNames(evidence: Evidence): string[] {
  const { subject, others } = partiesOf(evidence);
  const suffixes = [suffixFor('entra', evidence), suffixFor('active-directory', evidence)];
  const names = [subject, ...others].flatMap((party) =>
    suffixes.flatMap((suffix) => (suffix === null ? [] : namesOf(party, suffix))),
  );
  return [...new Set(names)].filter((name) => problemsOfUserPrincipalName(name).length === 0);
}

/**
 * The address that becomes primary in the place of the sought one: a name that the same plan gives, else another address
 * that the party already has in Entra, else its UPN.
 */
export function newPrimaryAddress(party: Party, newUpn: string | undefined, evidence: Evidence): string | null {
  if (newUpn !== undefined) return newUpn;
  const { cloud } = party;
  const own = cloud?.proxyAddresses.filter(isSmtp).map(bareAddress) ?? [];
  const candidates = cloud?.userPrincipalName === undefined ? own : [...own, cloud.userPrincipalName];
  const others = namesHeldBy(partiesOf(evidence).others.filter(({ id }) => id !== party.id));
  return (
    candidates.find(
      (address) =>
        !sameProxyAddress(address, evidence.sought.value) &&
        !others.has(address.toLowerCase()) &&
        domainsOf(evidence).some(({ name, isInitial }) => !isInitial && name.toLowerCase() === domainOf(address)),
    ) ?? null
  );
}

/** The domain of the sought value when it will do, else the tenant's first that will, else the initial one. */
function suffixFor(master: 'entra' | 'active-directory', evidence: Evidence): string | null {
  const suitable = domainsOf(evidence).filter(
    (domain) => master === 'active-directory' || domain.isInitial || domain.authenticationType === 'Managed',
  );
  const wanted = domainOf(bareAddress(evidence.sought.value));
  const chosen =
    suitable.find(({ name }) => name.toLowerCase() === wanted) ??
    suitable.find(({ isInitial }) => !isInitial) ??
    suitable[0];
  return chosen?.name.toLowerCase() ?? null;
}

function namesOf(party: Party, suffix: string): string[] {
  const base = baseName(party);
  return base === '' ? [] : numbered(base).map((name) => `${name}@${suffix}`);
}

/** From its alias or its own name, in letters that a UPN may have. */
function baseName({ cloud, onPremises }: Party): string {
  const sides = cloud === null ? [...onPremises] : [cloud, ...onPremises];
  const full = sides.find(({ givenName, surname }) => givenName !== undefined && surname !== undefined);
  const texts = [
    full === undefined ? '' : `${full.givenName}.${full.surname}`,
    ...sides.map(({ mailNickname }) => mailNickname ?? ''),
    ...onPremises.map(({ sAMAccountName }) => sAMAccountName ?? ''),
    ...sides.map(({ displayName }) => displayName),
    localPartOf(cloud?.userPrincipalName ?? ''),
  ];
  return texts.map(plain).find((text) => text !== '') ?? '';
}

/** Every name that an object of the evidence holds, the sought value among them. */
function knownNames(evidence: Evidence): Set<string> {
  const { subject, others } = partiesOf(evidence);
  return new Set([bareAddress(evidence.sought.value), ...namesHeldBy([subject, ...others])]);
}

function namesHeldBy(parties: readonly Party[]): Set<string> {
  const values = parties.flatMap(({ cloud, onPremises }) =>
    (cloud === null ? [...onPremises] : [cloud, ...onPremises]).flatMap((side) => [
      side.userPrincipalName ?? '',
      side.mail ?? '',
      ...side.proxyAddresses,
    ]),
  );
  return new Set(values.filter((value) => value !== '').map(bareAddress));
}

function isKnownTaken(name: string, evidence: Evidence): boolean {
  const fact = evidence.namesTaken?.[name];
  return fact?.state === 'known' && fact.value;
}

const domainsOf = (evidence: Evidence): VerifiedDomain[] =>
  evidence.tenant.verifiedDomains.state === 'known' ? evidence.tenant.verifiedDomains.value : [];
