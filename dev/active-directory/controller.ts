import type { Environment } from './environment.ts';
import type { Domain } from './forest.ts';
import { newGuid } from './object-guid.ts';
import { Replica, UpdateSequence } from './replica.ts';
import type { Dsa } from './stored-attribute.ts';

/** One domain controller: its database, without the network in front of it. */
export class Controller {
  readonly name: string;
  readonly hostName: string;
  readonly domain: Domain;
  readonly environment: Environment;
  readonly dsa: Dsa;
  readonly usn = new UpdateSequence();
  /** Its copy of its own domain, the only one that clients can write. */
  readonly replica: Replica;
  /** Partial copies of the other domains, when it hosts the global catalogue. */
  readonly partialReplicas: Replica[] = [];

  constructor(name: string, domain: Domain, environment: Environment) {
    this.name = name;
    this.hostName = `${name}.${domain.dnsName}`;
    this.domain = domain;
    this.environment = environment;
    this.dsa = {
      settingsDn: `CN=NTDS Settings,CN=${name.toUpperCase()},CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration,${domain.forest.rootDn}`,
      invocationId: newGuid(),
    };
    this.replica = new Replica({ baseDn: domain.baseDn, dsa: this.dsa, usn: this.usn });
  }

  get isDown(): boolean {
    return this.environment.faults.down.includes(this.hostName);
  }

  get isBusy(): boolean {
    return this.environment.faults.busy.includes(this.hostName);
  }

  /** The naming contexts served on the ordinary ports, or on those of the global catalogue. */
  partitions(catalogue: boolean): readonly Replica[] {
    const common = [this.replica, this.domain.forest.configuration];
    return catalogue ? [...common, ...this.partialReplicas] : common;
  }

  /** Takes in every update that has had time to arrive. Called before each operation, so no timer is needed. */
  catchUp(): void {
    if (this.isDown) return;
    this.#takeIn(this.environment.replicationDelay);
  }

  /** Takes in everything that is under way, as the initial replication of a new controller does. */
  catchUpAtOnce(): void {
    this.#takeIn(0);
  }

  #takeIn(delay: number): void {
    const now = this.environment.clock.now();
    for (const replica of [this.replica, ...this.partialReplicas]) replica.catchUp(now, delay);
  }
}
