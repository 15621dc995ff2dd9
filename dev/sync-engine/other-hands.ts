import type { MovableClock } from '../clock.ts';
import type { ProvisionedObject, ProvisioningEndpoint, ProvisioningRequest } from '../entra/provisioning.ts';
import type { AdConnector } from './ad-connector.ts';
import { type AdObject, firstValue, keyOf } from './ad-object.ts';
import type { EntraConnector } from './entra-connector.ts';
import type { OtherHands } from './settings.ts';
import { stepResultOf } from './step-result.ts';

/** On a recipient this value in msExchPoliciesExcluded means that no email address policy touches it. */
const policyOff = '{26491CFC-9E50-4857-861B-0CB8DF22B5D7}';

/** The attributes that the identity management system thinks are its own. */
const managedAttributes = ['userPrincipalName', 'mail', 'proxyAddresses'] as const;

/**
 * Others that write into the organisation beside the engine (S14). Each is a fixed function of what it sees, so a run
 * can be repeated. They work at the start of a cycle, before the import sees what they wrote.
 */
export class OtherHandsAtWork {
  readonly #clock: MovableClock;
  readonly #connectors: readonly AdConnector[];
  readonly #entra: EntraConnector;
  readonly #endpoint: ProvisioningEndpoint;
  readonly #switches: () => OtherHands;
  /** Last night's values, by AD object. */
  #lastNight = new Map<string, AdObject>();
  #staleObjects: readonly ProvisionedObject[] = [];

  constructor(parts: {
    readonly clock: MovableClock;
    readonly connectors: readonly AdConnector[];
    readonly entra: EntraConnector;
    readonly endpoint: ProvisioningEndpoint;
    readonly switches: () => OtherHands;
  }) {
    this.#clock = parts.clock;
    this.#connectors = parts.connectors;
    this.#entra = parts.entra;
    this.#endpoint = parts.endpoint;
    this.#switches = parts.switches;
  }

  /** What the identity management system and the second server will put back: the state as it was last imported. */
  remember(): void {
    this.#lastNight = new Map(
      this.#connectors.flatMap(({ objects }) => [...objects].map((object) => [keyOf(object), object])),
    );
    this.#staleObjects = [...this.#entra.objects].flatMap(({ desired }) => desired ?? []);
  }

  async writeToDirectories(): Promise<void> {
    const { emailAddressPolicy, x500WriteBack, identityManagement } = this.#switches();
    if (emailAddressPolicy.length === 0 && !x500WriteBack && !identityManagement) return;
    for (const connector of this.#connectors) {
      try {
        await connector.import('delta', this.#clock.now());
        for (const object of [...connector.objects]) {
          if (identityManagement) await this.#reapply(connector, object);
          await this.#addAddresses(connector, object, emailAddressPolicy, x500WriteBack);
        }
      } catch (error) {
        // An unreachable directory keeps the others out as it keeps the engine out, and its import step says so.
        stepResultOf(error);
      }
    }
  }

  /** A second active server knows nothing of newer changes, and exports the older state wherever Entra differs from it. */
  exportStaleObjects(): void {
    if (!this.#switches().staleServer) return;
    const inEntra = new Set(this.#endpoint.readShadow().map((shadow) => shadow.sourceAnchor));
    const present = this.#staleObjects.filter((object) => inEntra.has(object.sourceAnchor));
    const requests = present.map((object): ProvisioningRequest => ({ operation: 'update', object }));
    if (requests.length > 0) this.#endpoint.provision(requests);
  }

  async #reapply(connector: AdConnector, object: AdObject): Promise<void> {
    const lastNight = this.#lastNight.get(keyOf(object));
    if (!lastNight) return;
    for (const attribute of managedAttributes) {
      const wanted = lastNight.attributes[attribute] ?? [];
      const present = object.attributes[attribute] ?? [];
      if (wanted.toSorted().join('\n') !== present.toSorted().join('\n'))
        await connector.write(object, 'replace', attribute, wanted);
    }
  }

  async #addAddresses(
    connector: AdConnector,
    object: AdObject,
    templates: readonly string[],
    x500: boolean,
  ): Promise<void> {
    const alias = firstValue(object, 'mailNickname');
    if (alias === undefined) return;
    const hasPolicy = !object.attributes['msExchPoliciesExcluded']?.some((value) => value.toUpperCase() === policyOff);
    const fromPolicy = hasPolicy ? templates.map((template) => `smtp:${template.replaceAll('%m', alias)}`) : [];
    const fromExchange = x500
      ? [
          `x500:/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=${object.objectGuid.replaceAll('-', '')}-${alias}`,
        ]
      : [];
    const present = new Set(object.attributes['proxyAddresses']?.map((value) => value.toLowerCase()));
    const missing = [...fromPolicy, ...fromExchange].filter((value) => !present.has(value.toLowerCase()));
    if (missing.length > 0) await connector.write(object, 'add', 'proxyAddresses', missing);
  }
}
