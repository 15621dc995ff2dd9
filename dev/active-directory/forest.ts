import type { Controller } from './controller.ts';
import { type DistinguishedName, domainDn } from './distinguished-name.ts';
import type { Entry } from './entry.ts';
import type { GuidKey } from './object-guid.ts';
import type { Replica } from './replica.ts';
import { newDomainSid, type Sid } from './security-identifier.ts';

export class Domain {
  readonly forest: Forest;
  readonly dnsName: string;
  readonly netbiosName: string;
  readonly baseDn: string;
  readonly sid: Sid = newDomainSid();
  readonly controllers: Controller[] = [];
  #lastRelativeId = 1103;

  constructor(forest: Forest, dnsName: string) {
    this.forest = forest;
    this.dnsName = dnsName;
    this.netbiosName = (dnsName.split('.')[0] ?? '').toUpperCase();
    this.baseDn = domainDn(dnsName);
  }

  nextSid(): Sid {
    return `${this.sid}-${++this.#lastRelativeId}`;
  }

  /** The controller that other domains of the forest ask about this one. */
  get spokesman(): Controller {
    const [first] = this.controllers;
    if (!first) throw new Error(`${this.dnsName} has no controller`);
    return first;
  }
}

export class Forest {
  readonly name: string;
  readonly domains: Domain[] = [];
  #configuration: Replica | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get rootDn(): string {
    return domainDn(this.name);
  }

  get rootDomain(): Domain {
    const root = this.domains.find(({ dnsName }) => dnsName.toLowerCase() === this.name.toLowerCase());
    if (!root) throw new Error(`the forest ${this.name} has no domain of that name`);
    return root;
  }

  /** The controller that hosts the global catalogue. */
  get catalogue(): Controller {
    return this.rootDomain.spokesman;
  }

  /** All controllers share one copy of the configuration: nothing that the stand-in serves depends on its replication. */
  get configuration(): Replica {
    if (!this.#configuration) throw new Error(`the forest ${this.name} has no configuration yet`);
    return this.#configuration;
  }

  set configuration(replica: Replica) {
    this.#configuration = replica;
  }

  /** The domain in whose naming context a DN lies. */
  domainOf(dn: DistinguishedName): Domain | undefined {
    let deepest: Domain | undefined;
    for (const domain of this.domains) {
      const holds = domain.spokesman.replica.depthOf(dn) !== undefined;
      if (holds && domain.baseDn.length > (deepest?.baseDn.length ?? 0)) deepest = domain;
    }
    return deepest;
  }

  /** The object of that GUID as its home domain knows it. */
  find(guid: GuidKey): Entry | undefined {
    for (const { spokesman } of this.domains) {
      const entry = spokesman.replica.byGuid(guid);
      if (entry) return entry;
    }
    return this.configuration.byGuid(guid);
  }
}
