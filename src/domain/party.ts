import type { AdObject, CloudObject, Evidence } from './evidence.ts';
import { immutableIdOf } from './immutable-id.ts';
import { domainOfDn, nameApart } from './name-apart.ts';
import { bareAddress } from './proxy-address.ts';
import { withoutDeletionPrefix } from './user-principal-name.ts';

/** One person or thing as the conflict sees it: an AD object (or several, joined) and its cloud twin are one party. */
export interface Party {
  /** Entra object id when there is one, else the objectGUID. */
  readonly id: string;
  readonly role: 'subject' | 'holder';
  /** As texts call it: its display name, and what tells it apart where another party has the same. */
  readonly name: string;
  readonly objectType: 'user' | 'group' | 'contact';
  readonly cloud: CloudObject | null;
  readonly onPremises: readonly AdObject[];
}

export interface Parties {
  readonly subject: Party;
  /** Everybody else that yields the value, in Entra or in Active Directory. */
  readonly others: readonly Party[];
}

/** Sorts every object of the evidence into parties. Objects of the subject's own party never become another party. */
export function partiesOf(evidence: Evidence): Parties {
  const subjectCloud = valueOr(evidence.subject.cloud, null);
  const cloudHolders = valueOr(evidence.cloudHolders, []).filter((cloud) => cloud.id !== subjectCloud?.id);
  const cloudObjects = subjectCloud === null ? cloudHolders : [subjectCloud, ...cloudHolders];
  const adHolders = valueOr(evidence.onPremisesHolders, []);
  const subjectAd = valueOr(evidence.subject.onPremises, []);

  const twinOf = new Map(adHolders.map((ad) => [ad.objectGuid, twin(ad, cloudObjects, evidence)]));
  const ofSubject = adHolders.filter(
    (ad) => isSubjectsOwn(ad, subjectAd, evidence) || isSame(twinOf.get(ad.objectGuid), subjectCloud),
  );
  const rest = adHolders.filter((ad) => !ofSubject.includes(ad));
  return toldApart(party('subject', subjectCloud, distinct([...subjectAd, ...ofSubject])), [
    ...cloudHolders.map((cloud) =>
      party(
        'holder',
        cloud,
        rest.filter((ad) => twinOf.get(ad.objectGuid) === cloud),
      ),
    ),
    ...joinedGroups(
      rest.filter((ad) => twinOf.get(ad.objectGuid) === undefined),
      evidence,
    ).map((group) => party('holder', null, group)),
  ]);
}

/** Every text takes its names from here, so that none can call two parties the same. */
function toldApart(subject: Party, others: readonly Party[]): Parties {
  const [own, ...theirs] = nameApart([subject, ...others].map((one) => ({ name: one.name, marks: marksOf(one) })));
  return {
    subject: { ...subject, name: own ?? subject.name },
    others: others.map((one, index) => ({ ...one, name: theirs[index] ?? one.name })),
  };
}

function marksOf({ id, cloud, onPremises: [ad] }: Party): (string | undefined)[] {
  const signInName = cloud?.userPrincipalName;
  const dn = ad?.distinguishedName ?? cloud?.onPremisesDistinguishedName;
  return [
    cloud && signInName !== undefined ? withoutDeletionPrefix(signInName, cloud.id) : ad?.userPrincipalName,
    dn === undefined ? cloud?.onPremisesDomainName : domainOfDn(dn),
    dn,
    id,
  ];
}

/** The source anchor that the sync engine makes of an AD object: mS-DS-ConsistencyGuid of users when set, else objectGUID. */
export function anchorOf(ad: AdObject): string | null {
  if (ad.objectType === 'user' && ad.consistencyGuid !== undefined) return ad.consistencyGuid;
  return immutableIdOf(ad.objectGuid);
}

/** The anchor by which `Evidence.engineFacts` knows a party. */
export function anchorOfParty(party: Party): string | null {
  const [first] = party.onPremises;
  return party.cloud?.onPremisesImmutableId ?? (first === undefined ? null : anchorOf(first));
}

function twin(ad: AdObject, clouds: readonly CloudObject[], evidence: Evidence): CloudObject | undefined {
  const anchor = anchorOf(ad);
  return (
    clouds.find((cloud) => anchor !== null && cloud.onPremisesImmutableId === anchor) ??
    clouds.find((cloud) => ad.objectSid !== undefined && cloud.onPremisesSecurityIdentifier === ad.objectSid) ??
    clouds.find((cloud) => joinedTo(cloud.onPremisesImmutableId, evidence).includes(ad.objectGuid)) ??
    clouds.find((cloud) => isSameContact(ad, cloud))
  );
}

/** Graph shows neither anchor nor SID of a contact: its name and an address in common have to do. */
function isSameContact(ad: AdObject, cloud: CloudObject): boolean {
  if (ad.objectType !== 'contact' || cloud.objectType !== 'contact' || cloud.onPremisesSyncEnabled !== true)
    return false;
  const addresses = (side: AdObject | CloudObject): string[] =>
    [side.mail ?? '', ...side.proxyAddresses].map(bareAddress);
  const own = addresses(ad).filter((address) => address !== '');
  return ad.displayName === cloud.displayName && addresses(cloud).some((address) => own.includes(address));
}

function isSubjectsOwn(ad: AdObject, subjectAd: readonly AdObject[], evidence: Evidence): boolean {
  return subjectAd.some(
    (own) => own.objectGuid === ad.objectGuid || joinedTo(anchorOf(own), evidence).includes(ad.objectGuid),
  );
}

/** AD objects without a twin in Entra: those joined to one metaverse object are one party. */
function joinedGroups(objects: readonly AdObject[], evidence: Evidence): AdObject[][] {
  const groups: AdObject[][] = [];
  for (const ad of objects) {
    const group = groups.find((members) =>
      members.some(
        (member) =>
          joinedTo(anchorOf(member), evidence).includes(ad.objectGuid) ||
          joinedTo(anchorOf(ad), evidence).includes(member.objectGuid),
      ),
    );
    if (group === undefined) groups.push([ad]);
    else group.push(ad);
  }
  return groups;
}

function joinedTo(anchor: string | null | undefined, evidence: Evidence): readonly string[] {
  if (anchor === null || anchor === undefined) return [];
  const joined = evidence.engineFacts[anchor]?.joined;
  return joined?.state === 'known' ? joined.value : [];
}

function party(role: Party['role'], cloud: CloudObject | null, onPremises: readonly AdObject[]): Party {
  const [first] = onPremises;
  return {
    id: cloud?.id ?? first?.objectGuid ?? 'unread',
    role,
    name: cloud?.displayName ?? first?.displayName ?? 'the object that the error names',
    objectType: cloud?.objectType ?? (first === undefined || first.objectType === 'other' ? 'user' : first.objectType),
    cloud,
    onPremises,
  };
}

/** One entry an objectGUID: the first, which is the one that was read for the subject itself. */
function distinct(objects: readonly AdObject[]): AdObject[] {
  return objects.filter((ad, index) => objects.findIndex(({ objectGuid }) => objectGuid === ad.objectGuid) === index);
}

const isSame = (left: CloudObject | undefined, right: CloudObject | null): boolean =>
  left !== undefined && right !== null && left.id === right.id;

function valueOr<T>(fact: { state: 'known'; value: T } | { state: 'unknown' }, otherwise: T): T {
  return fact.state === 'known' ? fact.value : otherwise;
}
