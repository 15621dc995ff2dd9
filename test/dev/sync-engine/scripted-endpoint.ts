import type {
  ProvisioningEndpoint,
  ProvisioningError,
  ProvisioningRequest,
  ProvisioningResult,
  ShadowObject,
} from '../../../dev/entra/provisioning.ts';

/** Keeps what it is given, refuses what a test tells it to, and remembers every export. */
export class ScriptedEndpoint implements ProvisioningEndpoint {
  readonly verifiedDomains = ['contoso.com'];
  readonly exports: (readonly ProvisioningRequest[])[] = [];
  readonly refusals = new Map<string, ProvisioningError>();
  settled = 0;
  readonly #shadows = new Map<string, ShadowObject>();

  provision(requests: readonly ProvisioningRequest[]): readonly ProvisioningResult[] {
    this.exports.push(requests);
    return requests.map((request) => this.#apply(request));
  }

  readShadow(): readonly ShadowObject[] {
    return [...this.#shadows.values()];
  }

  settle(): void {
    this.settled += 1;
  }

  /** Changes what Entra says of an object, as an administrator of the cloud would. */
  change(sourceAnchor: string, change: Partial<ShadowObject>): void {
    const shadow = this.#shadows.get(sourceAnchor);
    if (!shadow) throw new Error(`No shadow object has the anchor ${sourceAnchor}.`);
    this.#shadows.set(sourceAnchor, { ...shadow, ...change });
  }

  remove(sourceAnchor: string): void {
    this.#shadows.delete(sourceAnchor);
  }

  #apply(request: ProvisioningRequest): ProvisioningResult {
    const sourceAnchor = request.operation === 'delete' ? request.sourceAnchor : request.object.sourceAnchor;
    const error = this.refusals.get(sourceAnchor);
    if (error) return { sourceAnchor, outcome: 'error', error };
    const cloudId = `cloud of ${sourceAnchor}`;
    if (request.operation === 'delete') this.#shadows.delete(sourceAnchor);
    else
      this.#shadows.set(sourceAnchor, {
        ...request.object,
        cloudId,
        isCloudManaged: false,
        exchangeCloudManaged: false,
      });
    return { sourceAnchor, outcome: 'ok', cloudId };
  }
}
