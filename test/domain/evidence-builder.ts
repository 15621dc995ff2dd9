import type {
  AdObject,
  CloudFacts,
  CloudObject,
  Contribution,
  EngineFacts,
  Evidence,
  Fact,
} from '../../src/domain/evidence.ts';
import { immutableIdOf } from '../../src/domain/immutable-id.ts';
import type { Sighting } from '../../src/domain/sighting.ts';

/** The moment of every evidence that is built here. */
export const now = '2026-11-22T12:00:00.000Z';

export const daysAgo = (days: number): string => new Date(Date.parse(now) - days * 86_400_000).toISOString();

export const known = <T>(value: T): Fact<T> & { state: 'known' } => ({
  state: 'known',
  value,
  source: 'test',
  at: now,
});
export const unknown = (
  because = 'HTTP 403',
  remedy = 'grant Some.Read.All',
): { state: 'unknown'; because: string; remedy: string } => ({
  state: 'unknown',
  because,
  remedy,
});

/** A GUID that is easy to tell apart in a failing test. */
export const guid = (number: number): string => `${String(number).padStart(8, '0')}-1111-4111-8111-111111111111`;

/** A cloud-only user, a year old, with nothing but a name. */
export function cloudUser(properties: Partial<CloudObject> & { id: string }): CloudObject {
  return {
    objectType: 'user',
    displayName: `Cloud ${properties.id.slice(0, 8)}`,
    proxyAddresses: [],
    otherMails: [],
    phones: [],
    accountEnabled: true,
    createdDateTime: daysAgo(365),
    onPremisesSyncEnabled: null,
    groupTypes: [],
    enabledServices: [],
    provisioningErrors: [],
    ...properties,
  };
}

/** An enabled user of contoso.com, a year old, with nothing but a name. */
export function adUser(properties: Partial<AdObject> & { objectGuid: string }): AdObject {
  const name = properties.displayName ?? `AD ${properties.objectGuid.slice(0, 8)}`;
  return {
    forest: 'contoso.com',
    domainController: 'dc1.contoso.com',
    distinguishedName: `CN=${name},CN=Users,DC=contoso,DC=com`,
    sidHistory: [],
    objectType: 'user',
    displayName: name,
    proxyAddresses: [],
    phones: [],
    accountEnabled: true,
    servicePrincipalNames: [],
    isCriticalSystemObject: false,
    isGroupManagedServiceAccount: false,
    tierZero: false,
    inheritanceBroken: false,
    emailAddressPolicyOff: true,
    attributeChangedAt: {},
    whenCreated: daysAgo(365),
    ...properties,
  };
}

/** The cloud twin of an AD user, synchronised. */
export function twinOf(ad: AdObject, properties: Partial<CloudObject> & { id: string }): CloudObject {
  return cloudUser({
    displayName: ad.displayName,
    onPremisesSyncEnabled: true,
    onPremisesImmutableId: immutableIdOf(ad.objectGuid) ?? '',
    ...properties,
  });
}

/** Everything known, nothing special: no mailbox, no role, not signed in lately. */
export function plainFacts(facts: Partial<CloudFacts> = {}): CloudFacts {
  return {
    lastSignIn: known(daysAgo(90)),
    privileges: known([]),
    recipient: known('none'),
    isCloudManaged: known(false),
    exchangeCloudManaged: known(false),
    litigationHold: known(false),
    ...facts,
  };
}

/** The default rules: each address attribute of this object feeds the cloud attribute of its name. */
export function directFlows(ad: AdObject, flow: Contribution['flow'] = 'direct'): EngineFacts {
  const contribution = (adAttribute: string): Contribution => ({
    connectorName: ad.forest,
    forest: ad.forest,
    adDistinguishedName: ad.distinguishedName,
    adObjectGuid: ad.objectGuid,
    adAttribute,
    syncRuleName: 'In from AD - User Common',
    flow,
  });
  return {
    joined: known([ad.objectGuid]),
    lineage: known({
      userPrincipalName: [contribution('userPrincipalName')],
      proxyAddresses: [contribution('proxyAddresses')],
      mail: [contribution('mail')],
    }),
    blockOnPremisesSync: known(false),
  };
}

export const inNoScope: EngineFacts = { joined: known([]), lineage: known({}), blockOnPremisesSync: known(false) };

export interface Story {
  readonly attribute?: Evidence['sought']['attribute'];
  readonly value: string;
  readonly subject: { readonly cloud: CloudObject | null; readonly onPremises: readonly AdObject[] };
  readonly cloudHolders?: readonly CloudObject[];
  readonly onPremisesHolders?: readonly AdObject[];
  /** Facts that differ from `plainFacts`, by Entra object id. */
  readonly facts?: Readonly<Record<string, Partial<CloudFacts>>>;
  /** Engine facts that differ from `directFlows`, by anchor. */
  readonly engine?: Readonly<Record<string, EngineFacts>>;
  /** Anything else of the evidence. */
  readonly evidence?: Partial<Evidence>;
}

/** Complete evidence: every search succeeded, contoso.com is verified and managed, fabrikam.com federated. */
export function evidenceOf(story: Story): Evidence {
  const cloudObjects = [...(story.subject.cloud === null ? [] : [story.subject.cloud]), ...(story.cloudHolders ?? [])];
  const adObjects = [...story.subject.onPremises, ...(story.onPremisesHolders ?? [])];
  return {
    v: 1,
    gatheredAt: now,
    tenant: {
      id: 'tenant',
      verifiedDomains: known([
        { name: 'contoso.onmicrosoft.com', isInitial: true, authenticationType: 'Managed' },
        { name: 'contoso.com', isInitial: false, authenticationType: 'Managed' },
        { name: 'fabrikam.com', isInitial: false, authenticationType: 'Federated' },
      ]),
      exchangeAuthority: 'on-premises',
      stagingMode: known(false),
    },
    policy: { allowDirectExchangeWrites: false, protectedObjects: [] },
    sought: { attribute: story.attribute ?? 'proxyAddresses', value: story.value },
    subject: { cloud: known(story.subject.cloud), onPremises: known([...story.subject.onPremises]) },
    cloudHolders: known([...(story.cloudHolders ?? [])]),
    onPremisesHolders: known([...(story.onPremisesHolders ?? [])]),
    cloudFacts: Object.fromEntries(cloudObjects.map(({ id }) => [id, plainFacts(story.facts?.[id])])),
    engineFacts: {
      ...Object.fromEntries(
        adObjects.map((ad) => [ad.consistencyGuid ?? immutableIdOf(ad.objectGuid) ?? '', directFlows(ad)]),
      ),
      ...story.engine,
    },
    employeeIdCounts: {},
    openPlans: [],
    history: { intervalsWithoutHolder: 0, undone: false },
    ...story.evidence,
  };
}

/** A quarantine as Graph reports it. */
export function sightingOf(properties: Partial<Sighting> = {}): Sighting {
  return {
    v: 1,
    tenant: 'tenant',
    source: 'graph',
    code: 'QuarantinedProxyAddress',
    family: 'DuplicateValue',
    originalCode: 'PropertyConflict',
    objectType: 'user',
    displayName: 'Anna Berg',
    identities: { cloudId: guid(1) },
    attribute: 'proxyAddresses',
    value: 'smtp:shared@contoso.com',
    raw: { category: 'PropertyConflict' },
    ...properties,
  };
}
