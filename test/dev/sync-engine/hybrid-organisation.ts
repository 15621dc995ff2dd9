import { Attribute, Change, Client } from 'ldapts';
import { generate } from 'selfsigned';
import {
  type RunningDomain,
  type RunningForest,
  startActiveDirectory,
} from '../../../dev/active-directory/active-directory.ts';
import { startSamba } from '../../../dev/active-directory/samba/samba.ts';
import { MovableClock } from '../../../dev/clock.ts';
import type { Control } from '../../../dev/control/control.ts';
import type { ProvisioningEndpoint } from '../../../dev/entra/provisioning.ts';
import type { EngineSettings } from '../../../dev/sync-engine/settings.ts';
import { createSyncEngine, type SyncEngine } from '../../../dev/sync-engine/sync-engine.ts';

const adminPassword = 'Passw0rd!Adm1n';

/** A certificate for localhost that is its own authority. */
export async function localhostCertificate(): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert };
}

export interface HybridOptions {
  readonly forests?: readonly string[];
  readonly settings?: Partial<EngineSettings>;
  /** Real Samba domain controllers, one a forest, in place of the stand-in. */
  readonly samba?: boolean;
}

/** What the AD stand-in and Samba have in common; Samba has no controls. */
interface Directory {
  readonly forests: readonly RunningForest[];
  controls?(): Control[];
  stop(): Promise<void>;
}

/** Forests over LDAPS, each with two controllers of which the engine reads the first, an engine, and the given endpoint. */
export class HybridOrganisation {
  readonly clock: MovableClock;
  readonly directory: Directory;
  readonly engine: SyncEngine;
  /** PEM of the authority behind every LDAPS endpoint. */
  readonly ca: string;
  readonly #clients: readonly Client[];

  private constructor(
    clock: MovableClock,
    directory: Directory,
    engine: SyncEngine,
    ca: string,
    clients: readonly Client[],
  ) {
    this.ca = ca;
    this.clock = clock;
    this.directory = directory;
    this.engine = engine;
    this.#clients = clients;
  }

  static async start(
    endpointAt: (clock: MovableClock) => ProvisioningEndpoint,
    { forests = ['contoso.com'], settings, samba = false }: HybridOptions = {},
  ): Promise<HybridOrganisation> {
    const clock = new MovableClock();
    const tls = await localhostCertificate();
    const directory = samba
      ? await startSamba({ tls, forests: forests.map((name) => ({ name, adminPassword })) })
      : await startActiveDirectory({
          clock,
          tls,
          forests: forests.map((name) => ({
            name,
            adminPassword,
            domains: [{ dnsName: name, controllers: ['dc1', 'dc2'] }],
          })),
        });
    const domains = directory.forests.map((forest) => forest.domains[0]);
    const engine = createSyncEngine({
      clock,
      endpoint: endpointAt(clock),
      aadConnectorName: 'contoso.onmicrosoft.com - AAD',
      ...(settings ? { settings } : {}),
      connectors: domains.map((domain) => ({
        name: domain.dnsName,
        forest: domain.dnsName,
        url: domain.controllers[0].url,
        bindDn: domain.adminDn,
        password: domain.adminPassword,
        ca: tls.cert,
        domains: [{ baseDn: domain.baseDn, dnsName: domain.dnsName }],
      })),
    });
    const clients = await Promise.all(domains.map((domain) => boundClient(domain, 0, tls.cert)));
    return new HybridOrganisation(clock, directory, engine, tls.cert, clients);
  }

  /** The first domain of a forest. */
  domain(forest = 0): RunningDomain {
    const running = this.directory.forests[forest];
    if (!running) throw new Error(`There is no forest ${forest}.`);
    return running.domains[0];
  }

  /** A client of the controller that the engine reads, bound as the administrator. */
  client(forest = 0): Client {
    const client = this.#clients[forest];
    if (!client) throw new Error(`There is no forest ${forest}.`);
    return client;
  }

  /** Sets a control of the directory or of the engine. */
  async set(name: string, value: unknown): Promise<void> {
    const control = [...this.engine.controls(), ...(this.directory.controls?.() ?? [])].find(
      (one) => one.name === name,
    );
    if (!control) throw new Error(`There is no control ${name}.`);
    await control.write(value);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.unbind()));
    await this.engine.stop();
    await this.directory.stop();
  }
}

export async function boundClient(domain: RunningDomain, controller: number, ca: string): Promise<Client> {
  const client = new Client({ url: domain.controllers[controller]?.url ?? '', tlsOptions: { ca } });
  await client.bind(domain.adminDn, domain.adminPassword);
  return client;
}

/** Adds a user below CN=Users; answers its distinguished name. */
export async function addUser(
  client: Client,
  name: string,
  attributes: Readonly<Record<string, string | string[]>> = {},
  domain = 'contoso.com',
): Promise<string> {
  const dn = `CN=${name},CN=Users,${baseDnOf(domain)}`;
  const common = {
    sAMAccountName: name,
    userPrincipalName: `${name}@${domain}`,
    displayName: name,
    userAccountControl: '512',
  };
  await client.add(dn, { objectClass: 'user', ...common, ...attributes });
  return dn;
}

export function baseDnOf(domain: string): string {
  return domain
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',');
}

export async function modify(
  client: Client,
  dn: string,
  operation: 'add' | 'delete' | 'replace',
  type: string,
  ...values: string[]
): Promise<void> {
  await client.modify(dn, new Change({ operation, modification: new Attribute({ type, values }) }));
}
