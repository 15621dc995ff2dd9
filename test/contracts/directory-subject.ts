import type { Client, SearchOptions } from 'ldapts';
import type { RunningDomain, RunningForest } from '../../dev/active-directory/active-directory.ts';
import { connect } from './directory-client.ts';
import { type Difference, differences, type Kind } from './directory-differences.ts';

export interface RunningDirectory {
  readonly forest: RunningForest;
  /** PEM that signs its certificate. */
  readonly ca: string;
  stop(): Promise<void>;
}

/** A kind of directory that the contract is held against. */
export interface DirectoryKind {
  readonly kind: Kind;
  start(): Promise<RunningDirectory>;
}

/** One started directory with an administrator's connection and an organizational unit for each test. */
export class Subject {
  readonly kind: Kind;
  readonly running: RunningDirectory;
  readonly admin: Client;
  #units = 0;

  constructor(kind: Kind, running: RunningDirectory, admin: Client) {
    this.kind = kind;
    this.running = running;
    this.admin = admin;
  }

  get domain(): RunningDomain {
    return this.running.forest.domains[0];
  }

  get baseDn(): string {
    return this.domain.baseDn;
  }

  /** What the table of differences says of this kind of directory. */
  expected(difference: Difference): number {
    return differences[difference][this.kind];
  }

  /** A new empty unit, so that tests do not meet; its number makes names unique. */
  async unit(): Promise<{ dn: string; number: number }> {
    const number = ++this.#units;
    const dn = `OU=Unit ${number},${this.baseDn}`;
    await this.admin.add(dn, { objectClass: 'organizationalUnit' });
    return { dn, number };
  }

  /** Adds a user to a new unit; names ending in the unit's number unless given. */
  async user(name: string, more: Record<string, string | string[]> = {}): Promise<string> {
    const { dn, number } = await this.unit();
    const userDn = `CN=${name},${dn}`;
    await this.admin.add(userDn, { objectClass: 'user', sAMAccountName: `${name}${number}`, ...more });
    return userDn;
  }

  async read(dn: string, ...attributes: string[]): Promise<Record<string, unknown>> {
    const explicitBufferAttributes = ['objectGUID', 'objectSid', 'mS-DS-ConsistencyGuid', 'tokenGroups'];
    const { searchEntries } = await this.admin.search(dn, { scope: 'base', attributes, explicitBufferAttributes });
    return searchEntries[0] ?? {};
  }

  /** Sorted common names of what a search finds. */
  async find(base: string, options: SearchOptions): Promise<string[]> {
    const { searchEntries } = await this.admin.search(base, { ...options, attributes: ['cn'] });
    return searchEntries.map((entry) => String(entry['cn'])).sort();
  }

  async connectAs(name: string, password: string): Promise<Client> {
    return connect({ url: this.domain.controllers[0].url, ca: this.running.ca }, name, password);
  }

  async stop(): Promise<void> {
    await this.admin.unbind();
    await this.running.stop();
  }
}

export async function startSubject({ kind, start }: DirectoryKind): Promise<Subject> {
  const running = await start();
  const { controllers, adminDn, adminPassword } = running.forest.domains[0];
  const admin = await connect({ url: controllers[0].url, ca: running.ca }, adminDn, adminPassword);
  return new Subject(kind, running, admin);
}
