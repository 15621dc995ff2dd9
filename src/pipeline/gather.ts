import type { Case } from '../domain/case.ts';
import { duplicateInDirectoryCode, invalidAttributeValueCode } from '../domain/error-family.ts';
import type {
  AdObject,
  CloudObject,
  EngineFacts,
  Evidence,
  Fact,
  RulesNow,
  VerifiedDomain,
} from '../domain/evidence.ts';
import { anchorOf } from '../domain/party.ts';
import { bareAddress, isSmtp } from '../domain/proxy-address.ts';
import type { Failure, Result } from '../domain/result.ts';
import type { CaseStore, Clock, CloudDirectory, OnPremises } from '../ports.ts';
import { type AuditPolicy, usualAuditPolicy } from './audit-policy.ts';
import { inParallel } from './in-parallel.ts';
import { rulesNow } from './rules-now.ts';
import { auditedObject, foundIn } from './still-found.ts';

export interface GatherPorts {
  readonly clock: Clock;
  readonly store: CaseStore;
  readonly directory: CloudDirectory;
  readonly onPremises: OnPremises;
}

/** What the operator has decided about the tenant. */
export interface TenantPolicy {
  readonly exchangeAuthority: Evidence['tenant']['exchangeAuthority'];
  readonly allowDirectExchangeWrites: boolean;
  readonly protectedObjects: readonly string[];
  /** Absent: as usual. */
  readonly audit?: AuditPolicy;
}

export interface Gathered {
  readonly evidence: Evidence;
  /** Sources that did not answer now and may answer later. */
  readonly unreachable: readonly string[];
}

/** Attributes whose lineage decides whether an AD change would do anything. */
const lineageAttributes = ['userPrincipalName', 'proxyAddresses', 'mail'] as const;
const width = 4;

/** Collects every fact about one conflict. Nothing here fails: what could not be had is in the evidence as unknown, with the reason. */
export async function gather(
  ports: GatherPorts,
  policy: TenantPolicy,
  subject: Case,
  sought: Evidence['sought'],
): Promise<Gathered> {
  const look = new Look(ports.clock);
  const [verifiedDomains, stagingMode, namedInCloud] = await Promise.all([
    ports.directory.verifiedDomains(),
    look.at('relay', ports.onPremises.scheduler(), (scheduler) => scheduler.stagingMode),
    subjectInCloud(ports, look, subject),
  ]);
  const adSubject = await subjectOnPremises(ports, look, subject, knownValue(namedInCloud) ?? undefined);
  const cloudSubject = await twinInCloud(ports, look, subject, namedInCloud, adSubject);
  // A value that is wrong by itself has no holders.
  const isWrongValue = subject.error.code === invalidAttributeValueCode;
  const address = withoutPrefix(sought.value);
  const [cloudHolders, adHolders] = isWrongValue
    ? [look.known<CloudObject[]>('nobody was asked', []), look.known<AdObject[]>('nobody was asked', [])]
    : await Promise.all([
        look.at('Microsoft Graph', ports.directory.findHolders(address)),
        look.at('relay', ports.onPremises.findHolders(address)),
      ]);
  const others = await withTwins(ports, look, { cloudSubject, adSubject, cloudHolders, adHolders });
  const clouds = [...present(knownValue(cloudSubject)), ...(knownValue(others.cloud) ?? [])];
  const anchors = new Set([
    ...clouds.flatMap((object) => present(object.onPremisesImmutableId)),
    ...[...(knownValue(adSubject) ?? []), ...(knownValue(others.onPremises) ?? [])].flatMap((object) =>
      present(anchorOf(object)),
    ),
  ]);
  const [cloudFacts, engineFacts, employeeIdCounts] = await Promise.all([
    inParallel(width, clouds, async (object) => [object.id, await ports.directory.facts(object)] as const),
    inParallel(width, [...anchors], async (anchor) => [anchor, await engineFactsOf(ports, look, anchor)] as const),
    employeeIds(ports, look, clouds, [...(knownValue(adSubject) ?? []), ...(knownValue(others.onPremises) ?? [])]),
  ]);
  const evidence: Evidence = {
    v: 1,
    gatheredAt: ports.clock.now().toISOString(),
    tenant: { id: subject.tenant, verifiedDomains, exchangeAuthority: policy.exchangeAuthority, stagingMode },
    policy: {
      allowDirectExchangeWrites: policy.allowDirectExchangeWrites,
      protectedObjects: [...policy.protectedObjects],
    },
    sought,
    subject: { cloud: cloudSubject, onPremises: adSubject },
    cloudHolders: others.cloud,
    onPremisesHolders: others.onPremises,
    cloudFacts: Object.fromEntries(cloudFacts),
    engineFacts: Object.fromEntries(engineFacts),
    employeeIdCounts,
    ...(isWrongValue ? { rules: await rulesOf(ports, policy, look, subject, adSubject, verifiedDomains, sought) } : {}),
    ...(subject.error.code === duplicateInDirectoryCode ? { foreseen: true } : {}),
    openPlans: await openPlans(ports.store, subject.id),
    history: { intervalsWithoutHolder: subject.intervalsWithoutHolder, undone: subject.undone },
  };
  return { evidence, unreachable: [...look.unreachable] };
}

/** What the audit's rules say of the subject now, with a value that would do. */
async function rulesOf(
  ports: GatherPorts,
  { audit = usualAuditPolicy }: TenantPolicy,
  look: Look,
  { error }: Case,
  ads: Fact<AdObject[]>,
  domains: Fact<VerifiedDomain[]>,
  sought: Evidence['sought'],
): Promise<RulesNow> {
  if (ads.state === 'unknown') return { broken: ads, replacement: null };
  const [ad] = ads.value;
  if (ad === undefined) return { broken: look.known('relay', []), replacement: null };
  const { proposal } = error.raw;
  const rules = await rulesNow(ports, audit, { ad, sought, domains }, typeof proposal === 'string' ? proposal : null);
  if (rules.replacement?.taken.state === 'unknown') look.unreachable.add('one of the directories');
  return rules;
}

/** Turns answers into facts, and remembers which sources were out of reach. */
class Look {
  readonly unreachable = new Set<string>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  at<T>(source: string, question: Promise<Result<T>>): Promise<Fact<T>>;
  at<T, U>(source: string, question: Promise<Result<T>>, read: (value: T) => U): Promise<Fact<U>>;
  async at<T, U>(source: string, question: Promise<Result<T>>, read?: (value: T) => U): Promise<Fact<T | U>> {
    const answer = await question;
    if (answer.ok) return this.known(source, read ? read(answer.value) : answer.value);
    if (answer.failure.kind === 'TryAgain') this.unreachable.add(source);
    return { state: 'unknown', because: answer.failure.message, remedy: remedyFor(source, answer.failure) };
  }

  known<T>(source: string, value: T): Fact<T> {
    return { state: 'known', value, source, at: this.#clock.now().toISOString() };
  }
}

function remedyFor(source: string, failure: Failure): string {
  if (failure.kind === 'NotPermitted') return failure.remedy;
  return failure.kind === 'TryAgain'
    ? `Bring the connection to ${source} back; it is asked again.`
    : `Ask ${source}: ${failure.kind}.`;
}

async function subjectInCloud(
  ports: GatherPorts,
  look: Look,
  { identities, error }: Case,
): Promise<Fact<CloudObject | null>> {
  const { cloudId, sourceAnchor } = identities;
  if (cloudId && isCloudType(error.objectType)) {
    const read = await ports.directory.read(error.objectType, cloudId);
    if (!read.ok && read.failure.kind === 'Gone') return look.known<CloudObject | null>('Microsoft Graph', null);
    return look.at<CloudObject | null>('Microsoft Graph', Promise.resolve(read));
  }
  if (sourceAnchor) return look.at('Microsoft Graph', ports.directory.readBySourceAnchor(sourceAnchor));
  return {
    state: 'unknown',
    because: 'The source named neither its Entra id nor its source anchor.',
    remedy: 'Look the object up in the Entra admin centre.',
  };
}

/** Graph finds no group and no contact by its anchor: an address that the object has on both sides leads to it. */
async function twinInCloud(
  { directory }: GatherPorts,
  look: Look,
  { error }: Case,
  named: Fact<CloudObject | null>,
  adSubject: Fact<AdObject[]>,
): Promise<Fact<CloudObject | null>> {
  const [ad] = knownValue(adSubject) ?? [];
  const isNamed = named.state === 'unknown' || named.value !== null;
  if (isNamed || ad === undefined || (error.objectType !== 'group' && error.objectType !== 'contact')) return named;
  for (const address of new Set([ad.mail ?? '', ...ad.proxyAddresses.filter(isSmtp)].map(bareAddress))) {
    if (address === '') continue;
    const found = await look.at('Microsoft Graph', directory.findHolders(address));
    if (found.state === 'unknown') return found;
    const twin = found.value.find((cloud) => isSameObject(cloud, ad));
    if (twin !== undefined) return { ...found, value: twin };
  }
  return named;
}

const isSameObject = (cloud: CloudObject, ad: AdObject): boolean =>
  cloud.objectType === ad.objectType &&
  cloud.onPremisesSyncEnabled === true &&
  (ad.objectSid === undefined
    ? cloud.displayName === ad.displayName
    : cloud.onPremisesSecurityIdentifier === ad.objectSid);

function subjectOnPremises(
  ports: GatherPorts,
  look: Look,
  subject: Case,
  cloud: CloudObject | undefined,
): Promise<Fact<AdObject[]>> {
  if (subject.error.code === invalidAttributeValueCode)
    return look.at('relay', auditedObject(ports, foundIn(subject)), (ad) => present(ad));
  const anchor = cloud?.onPremisesImmutableId ?? subject.identities.sourceAnchor;
  if (anchor) return look.at('relay', ports.onPremises.findBySourceAnchor(anchor));
  const name = cloud?.onPremisesDistinguishedName ?? subject.identities.distinguishedName;
  if (name) return look.at('relay', ports.onPremises.findByDistinguishedName(name));
  if (cloud?.objectType === 'user') return Promise.resolve(look.known('Microsoft Graph', []));
  // Groups and contacts do not show their anchor in Graph: their own addresses lead to the AD object.
  return look.at('relay', twinByAddress(ports, cloud));
}

async function twinByAddress(ports: GatherPorts, cloud: CloudObject | undefined): Promise<Result<AdObject[]>> {
  const own = cloud?.mail ?? cloud?.proxyAddresses[0]?.replace(/^[^:]*:/, '');
  if (!cloud || !own) return { ok: true, value: [] };
  const found = await ports.onPremises.findHolders(own);
  if (!found.ok) return found;
  const sameSid = found.value.filter(
    (object) =>
      cloud.onPremisesSecurityIdentifier !== undefined && object.objectSid === cloud.onPremisesSecurityIdentifier,
  );
  const sameType = found.value.filter((object) => object.objectType === cloud.objectType);
  return { ok: true, value: sameSid.length > 0 ? sameSid : sameType.length === 1 ? sameType : [] };
}

interface Sides {
  readonly cloudSubject: Fact<CloudObject | null>;
  readonly adSubject: Fact<AdObject[]>;
  readonly cloudHolders: Fact<CloudObject[]>;
  readonly adHolders: Fact<AdObject[]>;
}

/** The holders on each side without the subject itself, with the other half of each: an AD object whose twin holds nothing, and the reverse. */
async function withTwins(
  ports: GatherPorts,
  look: Look,
  sides: Sides,
): Promise<{ cloud: Fact<CloudObject[]>; onPremises: Fact<AdObject[]> }> {
  const own = knownValue(sides.cloudSubject);
  const ownGuids = new Set((knownValue(sides.adSubject) ?? []).map((object) => object.objectGuid));
  const clouds = (knownValue(sides.cloudHolders) ?? []).filter((object) => object.id !== own?.id);
  const ads = (knownValue(sides.adHolders) ?? []).filter((object) => !ownGuids.has(object.objectGuid));
  const knownAnchors = new Set(ads.map(anchorOf));
  const missingAds = clouds
    .flatMap((object) => present(object.onPremisesImmutableId))
    .filter((anchor) => !knownAnchors.has(anchor));
  const missingClouds = ads
    .flatMap((object) => present(anchorOf(object)))
    .filter((anchor) => !clouds.some((object) => object.onPremisesImmutableId === anchor));
  const [moreAds, moreClouds] = await Promise.all([
    inParallel(width, missingAds, (anchor) => look.at('relay', ports.onPremises.findBySourceAnchor(anchor))),
    inParallel(width, missingClouds, (anchor) =>
      look.at('Microsoft Graph', ports.directory.readBySourceAnchor(anchor)),
    ),
  ]);
  const addedAds = moreAds
    .flatMap((fact) => knownValue(fact) ?? [])
    .filter((object) => !ownGuids.has(object.objectGuid));
  const addedClouds = moreClouds.flatMap((fact) => present(knownValue(fact))).filter((object) => object.id !== own?.id);
  return {
    cloud: replaced(
      sides.cloudHolders,
      distinct([...clouds, ...addedClouds], (object) => object.id),
    ),
    onPremises: replaced(
      sides.adHolders,
      distinct([...ads, ...addedAds], (object) => object.objectGuid),
    ),
  };
}

async function engineFactsOf({ onPremises }: GatherPorts, look: Look, anchor: string): Promise<EngineFacts> {
  const [joined, blockOnPremisesSync, ...lineages] = await Promise.all([
    look.at('relay', onPremises.joined(anchor), (guids) => guids ?? []),
    look.at('relay', onPremises.blockOnPremisesSync(anchor)),
    ...lineageAttributes.map((attribute) => look.at('relay', onPremises.explain(anchor, attribute))),
  ]);
  const missing = lineages.find((fact) => fact.state === 'unknown');
  const lineage: EngineFacts['lineage'] =
    missing?.state === 'unknown'
      ? missing
      : look.known(
          'sync engine',
          Object.fromEntries(lineages.map((fact, place) => [lineageAttributes[place], knownValue(fact) ?? []])),
        );
  return { joined, blockOnPremisesSync, lineage };
}

async function employeeIds(
  ports: GatherPorts,
  look: Look,
  clouds: readonly CloudObject[],
  ads: readonly AdObject[],
): Promise<Evidence['employeeIdCounts']> {
  const ids = new Set(
    [...clouds.map((object) => object.employeeId), ...ads.map((object) => object.employeeId)].filter(
      (id) => id !== undefined && id !== '',
    ),
  );
  const counted = await inParallel(width, [...ids], async (id) => {
    const [cloud, onPremises] = await Promise.all([
      look.at('Microsoft Graph', ports.directory.findByEmployeeId(id ?? '')),
      look.at('relay', ports.onPremises.findByEmployeeId(id ?? '')),
    ]);
    const fact: Evidence['employeeIdCounts'][string] =
      cloud.state === 'unknown'
        ? cloud
        : onPremises.state === 'unknown'
          ? onPremises
          : look.known('Microsoft Graph and relay', { cloud: cloud.value.length, onPremises: onPremises.value.length });
    return [id ?? '', fact] as const;
  });
  return Object.fromEntries(counted);
}

async function openPlans(store: CaseStore, own: string): Promise<Evidence['openPlans']> {
  const summaries = await store.summaries(10);
  return summaries
    .filter((summary) => summary.id !== own)
    .flatMap((summary) => summary.planned.map((objectId) => ({ objectId, caseId: summary.id })));
}

const knownValue = <T>(fact: Fact<T>): T | undefined => (fact.state === 'known' ? fact.value : undefined);
const replaced = <T>(fact: Fact<T>, value: T): Fact<T> => (fact.state === 'known' ? { ...fact, value } : fact);
const present = <T>(value: T | null | undefined): T[] => (value === null || value === undefined ? [] : [value]);
const isCloudType = (type: string): type is 'user' | 'group' | 'contact' => ['user', 'group', 'contact'].includes(type);
const withoutPrefix = (value: string): string => value.replace(/^smtp:/i, '');

function distinct<T>(items: readonly T[], identity: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [identity(item), item])).values()];
}
