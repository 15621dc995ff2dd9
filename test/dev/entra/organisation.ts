import { MovableClock } from '../../../dev/clock.ts';
import type { DirectoryObject } from '../../../dev/entra/directory-object.ts';
import { type Body, createUser } from '../../../dev/entra/graph-writes.ts';
import type {
  ObjectType,
  ProvisionedObject,
  ProvisioningRequest,
  ProvisioningResult,
  ShadowValue,
} from '../../../dev/entra/provisioning.ts';
import { createTenant, type Tenant, type TenantOptions } from '../../../dev/entra/tenant.ts';

type Attributes = Record<string, ShadowValue>;

/** A tenant with the verbs of a test: export objects, create cloud users, look at what is visible. */
export class Organisation {
  readonly clock = new MovableClock();
  readonly tenant: Tenant;

  constructor(options: Omit<TenantOptions, 'clock'> = {}) {
    this.tenant = createTenant({ clock: this.clock, seed: 7, ...options });
  }

  /** One export of one object, without the end of the cycle. */
  send(
    operation: 'add' | 'update',
    objectType: ObjectType,
    sourceAnchor: string,
    attributes: Attributes,
  ): ProvisioningResult {
    return this.export([{ operation, object: { sourceAnchor, objectType, attributes } }])[0] as ProvisioningResult;
  }

  export(requests: readonly ProvisioningRequest[]): readonly ProvisioningResult[] {
    return this.tenant.provision(requests);
  }

  /** A whole cycle that exports one object. */
  cycle(
    operation: 'add' | 'update',
    objectType: ObjectType,
    sourceAnchor: string,
    attributes: Attributes,
  ): ProvisioningResult {
    const result = this.send(operation, objectType, sourceAnchor, attributes);
    this.tenant.settle();
    return result;
  }

  cloudUser(userPrincipalName: string, more: Body = {}): DirectoryObject {
    const [mailNickname] = userPrincipalName.split('@');
    const body = { userPrincipalName, mailNickname, displayName: mailNickname, accountEnabled: true, ...more };
    const outcome = createUser(this.tenant.state, body);
    if (!outcome.done) throw new Error(`not created: ${JSON.stringify(outcome.refusal)}`);
    return outcome.object;
  }

  bySourceAnchor(anchor: string): DirectoryObject {
    const object = this.tenant.state.directory.byAnchor(anchor);
    if (!object) throw new Error(`nothing has the source anchor ${anchor}`);
    return object;
  }

  quarantineOf(anchor: string): string[] {
    return this.bySourceAnchor(anchor).quarantine.map(({ attribute, value }) => `${attribute} ${value}`);
  }

  async set(control: string, value: unknown): Promise<void> {
    const found = this.tenant.controls().find(({ name }) => name === control);
    if (!found) throw new Error(`no control ${control}`);
    await found.write(value);
  }
}

export function add(objectType: ObjectType, sourceAnchor: string, attributes: Attributes): ProvisioningRequest {
  const object: ProvisionedObject = { sourceAnchor, objectType, attributes };
  return { operation: 'add', object };
}

export function update(objectType: ObjectType, sourceAnchor: string, attributes: Attributes): ProvisioningRequest {
  const object: ProvisionedObject = { sourceAnchor, objectType, attributes };
  return { operation: 'update', object };
}

/** The error type of a result, or its outcome. */
export function outcomeOf(result: ProvisioningResult | undefined): string | undefined {
  return result?.outcome === 'error' ? result.error.errorType : result?.outcome;
}
