import type { Change } from '../../src/domain/change.ts';
import { compareState, stateOf } from '../../src/domain/compare-state.ts';
import type { AdObject, CloudFacts, CloudObject } from '../../src/domain/evidence.ts';
import { immutableIdOf } from '../../src/domain/immutable-id.ts';
import { type Result, succeeded } from '../../src/domain/result.ts';
import type { ChangeTarget, CloudDirectory, OnPremises, PlannedWrite, WriteOutcome } from '../../src/ports.ts';
import { directFlows, known, plainFacts } from '../domain/evidence-builder.ts';

const outOfReach = (what: string): Result<never> => ({
  ok: false,
  failure: { kind: 'TryAgain', message: `${what} does not answer.` },
});

/** Entra and Active Directory as two lists of objects, with a sync engine that exports when a story says so. */
export class FakeDirectories {
  clouds: CloudObject[] = [];
  ads: AdObject[] = [];
  /** What is special about an object, by its id. */
  readonly facts = new Map<string, Partial<CloudFacts>>();
  graphIsDown = false;
  relayIsDown = false;
  /** The controller that takes the writes cannot be read; another one may answer for it. */
  masterIsSilent = false;
  /** What the AD connector's space holds, by objectGUID; an object that is absent has not been imported. */
  readonly space = new Map<string, Record<string, string[]>>();
  exportedAt: Date | null = null;
  /** Every write that took effect, in order. */
  readonly written: Change[] = [];
  /** Every batch that was asked for. */
  readonly batches: PlannedWrite[][] = [];
  /** A story's own answer for a write, before the directory looks at it. */
  answer: (write: PlannedWrite) => WriteOutcome | undefined = () => undefined;
  largestBatch = 20;

  ad = (guid: string): AdObject => found(this.ads.find((object) => object.objectGuid === guid));
  cloud = (id: string): CloudObject => found(this.clouds.find((object) => object.id === id));

  /** The import of the AD connector, the export to Entra, and the release of what nobody holds any more. */
  cycle(at: Date): void {
    for (const { objectGuid, proxyAddresses, userPrincipalName } of this.ads)
      this.space.set(objectGuid, { proxyAddresses, userPrincipalName: userPrincipalName ? [userPrincipalName] : [] });
    for (const cloud of this.clouds) {
      const twin = this.ads.find((ad) => immutableIdOf(ad.objectGuid) === cloud.onPremisesImmutableId);
      if (twin) cloud.proxyAddresses = cloud.proxyAddresses.filter((value) => twin.proxyAddresses.includes(value));
    }
    this.exportedAt = at;
  }

  /** Entra's release job: a quarantined value that nobody else holds is given to the one who waits for it. */
  release(): void {
    for (const cloud of this.clouds) {
      const held = ({ value }: { value?: string | undefined }) =>
        this.clouds.some((other) => other !== cloud && other.proxyAddresses.includes(value ?? ''));
      cloud.provisioningErrors = cloud.provisioningErrors.filter(held);
    }
  }

  readonly directory: CloudDirectory = {
    read: async (_type, id) => this.#graph(this.clouds.find((object) => object.id === id)),
    readBySourceAnchor: async (anchor) =>
      this.#graphAnswers(this.clouds.find((object) => object.onPremisesImmutableId === anchor) ?? null),
    findHolders: async (address) =>
      this.#graphAnswers(this.clouds.filter((object) => addressesOf(object).includes(address.toLowerCase()))),
    findByEmployeeId: async (id) => this.#graphAnswers(this.clouds.filter((object) => object.employeeId === id)),
    facts: async ({ id }) => plainFacts(this.facts.get(id)),
    verifiedDomains: async () =>
      known([
        { name: 'contoso.onmicrosoft.com', isInitial: true, authenticationType: 'Managed' },
        { name: 'contoso.com', isInitial: false, authenticationType: 'Managed' },
      ]),
  };

  readonly onPremises: OnPremises = {
    findHolders: async (address) =>
      this.#relayAnswers(this.ads.filter((object) => addressesOf(object).includes(address.toLowerCase()))),
    findBySourceAnchor: async (anchor) =>
      this.#relayAnswers(this.ads.filter((object) => immutableIdOf(object.objectGuid) === anchor)),
    findByDistinguishedName: async (name) =>
      this.#relayAnswers(this.ads.filter((object) => object.distinguishedName === name)),
    findByEmployeeId: async (id) => this.#relayAnswers(this.ads.filter((object) => object.employeeId === id)),
    findByAccountName: async (name) =>
      this.#relayAnswers(this.ads.filter((object) => object.sAMAccountName?.toLowerCase() === name.toLowerCase())),
    joined: async (anchor) =>
      this.#relayAnswers(
        this.ads.filter((object) => immutableIdOf(object.objectGuid) === anchor).map((object) => object.objectGuid),
      ),
    explain: async (anchor, attribute) => {
      const ad = this.ads.find((object) => immutableIdOf(object.objectGuid) === anchor);
      const lineage = ad && directFlows(ad).lineage;
      return this.#relayAnswers((lineage?.state === 'known' && lineage.value[attribute]) || []);
    },
    connectorSpace: async (_forest, guid) => this.#relayAnswers(this.space.get(guid) ?? null),
    atMaster: async (change) => {
      if (this.masterIsSilent) return outOfReach('The controller');
      const ad = this.ads.find((object) => object.objectGuid === change.objectId);
      if (!ad) return this.#relayAnswers(null);
      return this.#relayAnswers({
        found: stateOf(change, valuesOf(ad, change.attribute)),
        domainController: ad.domainController,
      });
    },
    scheduler: async () => this.#relayAnswers({ stagingMode: false }),
    blockOnPremisesSync: async () => this.#relayAnswers(false),
    exportedSince: async (_forest, since) =>
      this.#relayAnswers(this.exportedAt && this.exportedAt >= since ? this.exportedAt : null),
  };

  readonly target: ChangeTarget = (() => {
    const directories = this;
    return {
      get largestBatch() {
        return directories.largestBatch;
      },
      apply: async (writes) => {
        directories.batches.push([...writes]);
        return writes.map((write) => directories.answer(write) ?? directories.#write(write));
      },
    };
  })();

  #write({ change, begun }: PlannedWrite): WriteOutcome {
    const object =
      change.target === 'active-directory'
        ? this.ads.find((ad) => ad.objectGuid === change.objectId)
        : this.clouds.find((cloud) => cloud.id === change.objectId);
    if (!object) return { outcome: 'Gone', message: 'no such object' };
    const values = valuesOf(object, change.attribute);
    const present = stateOf(change, values);
    switch (compareState(change, present, begun)) {
      case 'already':
        return { outcome: 'Applied', alreadyThere: true, where: 'here' };
      case 'stale':
        return { outcome: 'Stale', found: present };
      case 'write':
        if (change.attribute === 'proxyAddresses') object.proxyAddresses = edited(values, change);
        else object.userPrincipalName = change.values[0];
        this.written.push(change);
        return { outcome: 'Applied', alreadyThere: false, where: 'here' };
    }
  }

  #graph(object: CloudObject | undefined): Result<CloudObject> {
    if (object) return this.#graphAnswers(object);
    return this.graphIsDown
      ? outOfReach('Microsoft Graph')
      : { ok: false, failure: { kind: 'Gone', message: 'no such object' } };
  }

  #graphAnswers = <T>(value: T): Result<T> =>
    this.graphIsDown ? outOfReach('Microsoft Graph') : succeeded(structuredClone(value));
  #relayAnswers = <T>(value: T): Result<T> =>
    this.relayIsDown ? outOfReach('The relay') : succeeded(structuredClone(value));
}

function valuesOf({ proxyAddresses, userPrincipalName }: AdObject | CloudObject, attribute: string): string[] {
  if (attribute === 'proxyAddresses') return proxyAddresses;
  return userPrincipalName === undefined ? [] : [userPrincipalName];
}

function edited(values: readonly string[], { operation, values: named }: Change): string[] {
  return operation === 'delete' ? values.filter((value) => !named.includes(value)) : [...values, ...named];
}

function addressesOf({ userPrincipalName, mail, proxyAddresses }: AdObject | CloudObject): string[] {
  return [userPrincipalName ?? '', mail ?? '', ...proxyAddresses.map((value) => value.replace(/^smtp:/i, ''))].map(
    (address) => address.toLowerCase(),
  );
}

function found<T>(object: T | undefined): T {
  if (object === undefined) throw new Error('the story names an object that is not there');
  return object;
}
