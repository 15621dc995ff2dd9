import { Client } from 'ldapts';
import type { RunningDomain, RunningForest } from '../active-directory/active-directory.ts';
import type { DirectoryObject } from './demo-object.ts';

/** Needed before Active Directory lets an account be enabled. */
const password = Buffer.from('"Demo-Passw0rd-1"', 'utf16le');

/** Adds objects to the forests over LDAPS, as the administrator of each domain. */
export class DirectoryAdministrator {
  readonly #forests: readonly RunningForest[];
  readonly #authority: string;
  readonly #clients = new Map<string, Client>();

  constructor(forests: readonly RunningForest[], authority: string) {
    this.#forests = forests;
    this.#authority = authority;
  }

  async add(object: DirectoryObject): Promise<void> {
    const domain = domainNamed(this.#forests, object.domain);
    const client = await this.#clientOf(domain);
    await client.add(distinguishedNameOf(object, domain), attributesOf(object) as Record<string, string | string[]>);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.unbind()));
  }

  async #clientOf({ dnsName, controllers, adminDn, adminPassword }: RunningDomain): Promise<Client> {
    const open = this.#clients.get(dnsName);
    if (open) return open;
    const client = new Client({ url: controllers[0].url, tlsOptions: { ca: this.#authority } });
    await client.bind(adminDn, adminPassword);
    this.#clients.set(dnsName, client);
    return client;
  }
}

function distinguishedNameOf({ name }: DirectoryObject, { baseDn }: RunningDomain): string {
  return `CN=${name},CN=Users,${baseDn}`;
}

/** A forest of real Samba has one domain: what belongs to a child domain goes there. */
function domainNamed(forests: readonly RunningForest[], name: string): RunningDomain {
  const domains = forests.flatMap((forest) => forest.domains);
  const found =
    domains.find(({ dnsName }) => dnsName === name) ?? domains.find(({ dnsName }) => name.endsWith(`.${dnsName}`));
  if (!found) throw new Error(`There is no domain ${name}.`);
  return found;
}

function attributesOf({ kind, name, attributes }: DirectoryObject): Record<string, string | string[] | Buffer> {
  const common = { objectClass: kind, displayName: name, ...attributes };
  return kind === 'user' ? { ...common, unicodePwd: password, userAccountControl: '512' } : common;
}
