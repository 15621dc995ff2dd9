import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AdObject, adObject } from '../../src/domain/evidence.ts';
import { applyChanges, readStates } from '../../src/relay/ldap/changes.ts';
import { createDirectory, type Directory } from '../../src/relay/ldap/directory.ts';
import { DoneWrites } from '../../src/relay/ldap/idempotency.ts';
import { guidOf } from '../../src/relay/ldap/octets.ts';
import { searchDirectory } from '../../src/relay/ldap/search.ts';
import {
  type ChangeAnswer,
  changeAnswer,
  type DirectoryChange,
  type SearchRequest,
  type SearchResponse,
} from '../../src/relay-contract.ts';
import type { Subject } from './directory-subject.ts';

export interface Asked {
  readonly begun?: boolean;
  readonly done?: DoneWrites;
  readonly directory?: Directory;
}

/** The relay's LDAP code over one started directory. */
export class RelaySubject {
  readonly subject: Subject;
  readonly directory: Directory;
  readonly #folder = mkdtempSync(join(tmpdir(), 'relay-directory-'));
  readonly #open: Directory[] = [];
  #accounts = 0;

  constructor(subject: Subject) {
    this.subject = subject;
    const { adminDn, adminPassword } = subject.domain;
    this.directory = this.connectAs(adminDn, adminPassword);
  }

  /** Another relay on the same directory. */
  connectAs(bindDn: string, password: string): Directory {
    const { forest, ca } = this.subject.running;
    const passwordFile = join(this.#folder, `password-${++this.#accounts}`);
    const caFile = join(this.#folder, 'ca.pem');
    writeFileSync(passwordFile, `${password}\n`);
    writeFileSync(caFile, ca);
    const domains = forest.domains.map(({ dnsName, baseDn, controllers }) => ({
      dnsName,
      baseDn,
      controllers: controllers.map(({ url }) => url),
    }));
    const { name, globalCatalogueUrl: globalCatalogue } = forest;
    const config = { forest: name, globalCatalogue, bindDn, passwordFile, ca: caFile, domains };
    const directory = createDirectory([config], async () => null);
    this.#open.push(directory);
    return directory;
  }

  async search(by: SearchRequest['by']): Promise<SearchResponse> {
    const answer = await searchDirectory(this.directory, by);
    if (!answer.ok) throw new Error(answer.failure.message);
    return { ...answer.value, objects: answer.value.objects.map((object) => adObject.parse(object)) };
  }

  /** DNs of what a search finds. */
  async names(by: SearchRequest['by']): Promise<string[]> {
    return (await this.search(by)).objects.map(({ distinguishedName }) => distinguishedName).sort();
  }

  async read(distinguishedName: string): Promise<AdObject> {
    const [object] = (await this.search({ kind: 'distinguishedName', distinguishedName })).objects;
    if (!object) throw new Error(`There is no ${distinguishedName}`);
    return object;
  }

  async guidOf(dn: string): Promise<string> {
    return guidOf((await this.subject.read(dn, 'objectGUID'))['objectGUID'] as Buffer);
  }

  async values(dn: string, attribute: string): Promise<string[]> {
    const values = (await this.subject.read(dn, attribute))[attribute] ?? [];
    return [values].flat().map(String).sort();
  }

  async state(change: DirectoryChange, directory = this.directory): Promise<ChangeAnswer> {
    const [answer] = await readStates(directory, [change]);
    return changeAnswer.parse(answer);
  }

  async apply(change: DirectoryChange, asked: Asked = {}): Promise<ChangeAnswer> {
    const { begun = false, done = new DoneWrites(), directory = this.directory } = asked;
    const [answer] = await applyChanges(directory, done, [{ idempotencyKey: 'one', begun, change }]);
    return changeAnswer.parse(answer);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#open.map((directory) => directory.close()));
    await this.subject.stop();
    rmSync(this.#folder, { recursive: true });
  }
}
