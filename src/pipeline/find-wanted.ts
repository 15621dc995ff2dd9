import type { AuditObject } from '../audit/audit-object.ts';
import { auditObjectOfAd, auditObjectOfCloud } from '../audit/live-object.ts';
import type { Self, Unknown } from '../audit/preflight/claims.ts';
import type { WantedObject } from '../audit/preflight/wanted.ts';
import type { AdObject, CloudObject } from '../domain/evidence.ts';
import { immutableIdOf } from '../domain/immutable-id.ts';
import { anchorOf } from '../domain/party.ts';
import type { Result } from '../domain/result.ts';
import { sameUserPrincipalName } from '../domain/user-principal-name.ts';
import type { CloudDirectory, CloudObjectType, OnPremises } from '../ports.ts';
import type { Questions } from './preflight-questions.ts';

interface FindPorts {
  readonly directory: CloudDirectory;
  readonly onPremises: OnPremises;
}

/** A wanted object itself, with all that is one with it. */
export interface FoundWanted {
  readonly self: Self;
  readonly unknowns: readonly Unknown[];
}

/** Looks for the object that is to be changed; of a new one only whether its place is free. */
export async function findWanted(ports: FindPorts, questions: Questions, wanted: WantedObject): Promise<FoundWanted> {
  const { existing } = wanted;
  if (existing === null) return placeOfNew(ports, questions, wanted);
  switch (existing.by) {
    case 'objectGUID': {
      const read = await ports.onPremises.findBySourceAnchor(immutableIdOf(existing.value) ?? '');
      return fromActiveDirectory(
        ports,
        questions,
        only(read, ({ objectGuid }) => objectGuid === existing.value),
      );
    }
    case 'distinguishedName':
      return fromActiveDirectory(ports, questions, await ports.onPremises.findByDistinguishedName(existing.value));
    case 'userPrincipalName':
      return byUserPrincipalName(ports, questions, existing.value);
    case 'entraId':
      return fromEntra(ports, questions, await readCloud(ports.directory, existing.value));
  }
}

async function placeOfNew(
  { onPremises }: FindPorts,
  questions: Questions,
  { values: { distinguishedName }, createIn }: WantedObject,
): Promise<FoundWanted> {
  if (distinguishedName === undefined || createIn === 'entra')
    return { self: { state: 'new', occupant: null }, unknowns: [] };
  const read = await onPremises.findByDistinguishedName(distinguishedName);
  if (!read.ok) {
    const unknown = questions.unknown('relay', 'whether the distinguished name is free', read.failure);
    return { self: { state: 'new', occupant: null }, unknowns: [unknown] };
  }
  const [occupant] = read.value;
  return { self: { state: 'new', occupant: occupant === undefined ? null : auditObjectOfAd(occupant) }, unknowns: [] };
}

async function byUserPrincipalName(ports: FindPorts, questions: Questions, name: string): Promise<FoundWanted> {
  const [ads, clouds] = await Promise.all([ports.onPremises.findHolders(name), ports.directory.findHolders(name)]);
  const isNamed = ({ userPrincipalName }: AdObject | CloudObject): boolean =>
    userPrincipalName !== undefined && sameUserPrincipalName(userPrincipalName, name);
  const named = only(ads, isNamed);
  if (!named.ok || named.value.length > 0) return fromActiveDirectory(ports, questions, named);
  return fromEntra(
    ports,
    questions,
    only(clouds, (cloud) => cloud.deletedDateTime === undefined && isNamed(cloud)),
  );
}

async function fromActiveDirectory(
  ports: FindPorts,
  questions: Questions,
  read: Result<AdObject[]>,
): Promise<FoundWanted> {
  if (!read.ok) return unread(questions.unknown('relay', itself, read.failure));
  const [ad, ...more] = read.value;
  if (ad === undefined) return notOne('No such object was found in Active Directory.');
  if (more.length > 0)
    return notOne(`Several objects are named so: ${read.value.map((one) => one.distinguishedName).join('; ')}.`);
  const anchor = anchorOf(ad);
  const [joined, twin] = await Promise.all([
    joinedWith(ports, questions, ad, anchor),
    twinOf(ports, questions, ad, anchor),
  ]);
  const synchronised = ad.objectType === 'user' ? twin.known : joined.known;
  const others = [...joined.objects.map(auditObjectOfAd), ...twin.objects.map((cloud) => auditObjectOfCloud(cloud))];
  return {
    self: { state: 'found', masteredIn: 'active-directory', now: auditObjectOfAd(ad), others, synchronised },
    unknowns: [...joined.unknowns, ...(ad.objectType === 'user' ? twin.unknowns : [])],
  };
}

/** @property known whether the object is one with something there; null: that could not be found out */
interface Partners<T> {
  readonly objects: readonly T[];
  readonly known: boolean | null;
  readonly unknowns: readonly Unknown[];
}

async function joinedWith(
  { onPremises }: FindPorts,
  questions: Questions,
  ad: AdObject,
  anchor: string | null,
): Promise<Partners<AdObject>> {
  const joined = await onPremises.joined(anchor ?? '');
  if (!joined.ok) {
    if (joined.failure.kind !== 'Refused' || joined.failure.code !== 'NotInstalled') {
      const unknown = questions.unknown('relay', 'what the sync engine has joined it with', joined.failure);
      return { objects: [], known: null, unknowns: [unknown] };
    }
    // Without a sync engine nothing is joined. Of users Graph says whether another kind of synchronisation knows them.
    const because = `Microsoft Graph does not show the source anchor of a ${ad.objectType}, and no sync engine is installed.`;
    const remedy = 'Look in the Entra admin centre whether it is synchronised.';
    const unknown = { what: 'whether it is synchronised already', because, remedy };
    return { objects: [], known: null, unknowns: ad.objectType === 'user' ? [] : [unknown] };
  }
  const guids = (joined.value ?? []).filter((guid) => guid !== ad.objectGuid);
  const reads = await Promise.all(guids.map((guid) => onPremises.findBySourceAnchor(immutableIdOf(guid) ?? '')));
  return {
    objects: reads
      .flatMap((read) => (read.ok ? read.value : []))
      .filter(({ objectGuid }) => guids.includes(objectGuid)),
    known: joined.value !== null,
    unknowns: reads.flatMap((read) =>
      read.ok ? [] : [questions.unknown('relay', 'what the sync engine has joined it with', read.failure)],
    ),
  };
}

/** Groups and contacts do not show their anchor in Graph. */
async function twinOf(
  { directory }: FindPorts,
  questions: Questions,
  ad: AdObject,
  anchor: string | null,
): Promise<Partners<CloudObject>> {
  if (anchor === null || ad.objectType !== 'user') return { objects: [], known: null, unknowns: [] };
  const read = await directory.readBySourceAnchor(anchor);
  if (!read.ok) {
    const unknown = questions.unknown('Microsoft Graph', 'whether it is synchronised already', read.failure);
    return { objects: [], known: null, unknowns: [unknown] };
  }
  return { objects: read.value === null ? [] : [read.value], known: read.value !== null, unknowns: [] };
}

async function fromEntra(
  ports: FindPorts,
  questions: Questions,
  read: Result<readonly CloudObject[]>,
): Promise<FoundWanted> {
  if (!read.ok) return unread(questions.unknown('Microsoft Graph', itself, read.failure));
  const [cloud, ...more] = read.value;
  if (cloud === undefined) return notOne('No such object was found.');
  if (more.length > 0) return notOne('Several objects are named so.');
  if (cloud.deletedDateTime !== undefined) return notOne('The object is soft-deleted: restore it first.');
  if (cloud.onPremisesSyncEnabled !== true) return found('entra', auditObjectOfCloud(cloud), []);
  if (cloud.onPremisesImmutableId === undefined) {
    return unread({
      what: itself,
      because: `Microsoft Graph does not show which object of Active Directory a synchronised ${cloud.objectType} comes from.`,
      remedy: 'Name it by its objectGUID.',
    });
  }
  const ads = await ports.onPremises.findBySourceAnchor(cloud.onPremisesImmutableId);
  if (!ads.ok || ads.value.length > 0) return fromActiveDirectory(ports, questions, ads);
  return unread({
    what: itself,
    because: 'It is synchronised, but the relay finds no object of its source anchor.',
    remedy: "Let the relay read the object's forest.",
  });
}

const found = (masteredIn: 'entra', now: AuditObject, others: readonly AuditObject[]): FoundWanted => ({
  self: { state: 'found', masteredIn, now, others, synchronised: false },
  unknowns: [],
});

/** Graph has an address of its own for each type. */
async function readCloud(directory: CloudDirectory, id: string): Promise<Result<readonly CloudObject[]>> {
  for (const objectType of ['user', 'group', 'contact'] satisfies CloudObjectType[]) {
    const read = await directory.read(objectType, id);
    if (read.ok) return { ok: true, value: [read.value] };
    if (read.failure.kind !== 'Gone') return read;
  }
  return { ok: true, value: [] };
}

const itself = 'the object that is to be changed';
const unread = (unknown: Unknown): FoundWanted => ({ self: { state: 'unread' }, unknowns: [unknown] });
const notOne = (message: string): FoundWanted => ({ self: { state: 'not one', message }, unknowns: [] });

const only = <T>(read: Result<T[]>, isMeant: (object: T) => boolean): Result<T[]> =>
  read.ok ? { ok: true, value: read.value.filter(isMeant) } : read;
