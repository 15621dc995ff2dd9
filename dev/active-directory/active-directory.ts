import { createSecureContext, type TLSSocketOptions } from 'node:tls';
import type { MovableClock } from '../clock.ts';
import type { Control } from '../control/control.ts';
import type { TlsMaterial } from '../tokens.ts';
import { populateConfiguration, populateDomain } from './built-in.ts';
import { Controller } from './controller.ts';
import { directoryControls } from './controls.ts';
import { type Environment, noFaults } from './environment.ts';
import { Domain, Forest } from './forest.ts';
import { type Listener, listen } from './listener.ts';
import { Replica } from './replica.ts';
import type { WriteRecord } from './write-record.ts';

export interface ForestOptions {
  /** DNS name of the forest; one of the domains has it. */
  readonly name: string;
  readonly adminPassword: string;
  readonly domains: readonly { readonly dnsName: string; readonly controllers: readonly string[] }[];
}

export interface ActiveDirectoryOptions {
  readonly clock: MovableClock;
  /**
   * Valid for `127.0.0.1`, the host of every URL. It is not `localhost`: of that OpenLDAP expects a certificate with the
   * machine's own name.
   */
  readonly tls: TlsMaterial;
  readonly forests: readonly ForestOptions[];
}

export interface RunningController {
  /** Short name, such as `dc1`. */
  readonly name: string;
  /** Full DNS name, as the rootDSE gives it; the host of the URLs is always `127.0.0.1`. */
  readonly dnsHostName: string;
  /** LDAPS. */
  readonly url: string;
  /** Plain LDAP, for StartTLS. */
  readonly ldapUrl: string;
}

export interface RunningDomain {
  readonly dnsName: string;
  readonly baseDn: string;
  readonly controllers: readonly [RunningController, ...RunningController[]];
  readonly adminDn: string;
  readonly adminPassword: string;
}

export interface RunningForest {
  readonly name: string;
  readonly domains: readonly [RunningDomain, ...RunningDomain[]];
  /** LDAPS on the global catalogue's port. */
  readonly globalCatalogueUrl: string;
}

export interface ActiveDirectoryStandIn {
  readonly forests: readonly [RunningForest, ...RunningForest[]];
  /** Every write that a client made, oldest first. */
  readonly writes: readonly WriteRecord[];
  controls(): Control[];
  stop(): Promise<void>;
}

/** Starts forests of domain controllers in this process, each controller on free ports of its own. */
export async function startActiveDirectory({
  clock,
  tls,
  forests,
}: ActiveDirectoryOptions): Promise<ActiveDirectoryStandIn> {
  const environment: Environment = { clock, replicationDelay: 0, faults: { ...noFaults }, writes: [] };
  const secureContext = createSecureContext(tls);
  const listeners: Listener[] = [];
  const models = forests.map((options) => buildForest(options, environment));
  const running = await Promise.all(
    models.map((forest, index) =>
      openForest(forest, forests[index]?.adminPassword ?? '', { secureContext }, listeners),
    ),
  );
  const controls = directoryControls(environment, models);
  return {
    forests: atLeastOne(running),
    writes: environment.writes,
    controls: () => controls,
    async stop() {
      await Promise.all(listeners.map((listener) => listener.stop()));
    },
  };
}

function buildForest({ name, adminPassword, domains }: ForestOptions, environment: Environment): Forest {
  const forest = new Forest(name);
  for (const { dnsName, controllers } of domains) {
    const domain = new Domain(forest, dnsName);
    domain.controllers.push(...controllers.map((controller) => new Controller(controller, domain, environment)));
    forest.domains.push(domain);
  }
  connectReplicas(forest);
  for (const domain of forest.domains) populateDomain(domain, adminPassword);
  populateConfiguration(forest);
  for (const domain of forest.domains) for (const controller of domain.controllers) controller.catchUpAtOnce();
  return forest;
}

/** Every writable copy of a domain sends its writes to the other copies, and to the global catalogue's partial one. */
function connectReplicas({ domains, catalogue }: Forest): void {
  for (const domain of domains) {
    const copies = domain.controllers.map(({ replica }) => replica);
    const partial = domain === catalogue.domain ? [] : [partialReplica(domain, catalogue)];
    for (const copy of copies) {
      for (const other of [...copies, ...partial]) if (other !== copy) copy.replicateTo(other);
    }
  }
}

function partialReplica({ baseDn }: Domain, catalogue: Controller): Replica {
  const replica = new Replica({ baseDn, dsa: catalogue.dsa, usn: catalogue.usn, partial: true });
  catalogue.partialReplicas.push(replica);
  return replica;
}

async function openForest(
  forest: Forest,
  adminPassword: string,
  tls: TLSSocketOptions,
  listeners: Listener[],
): Promise<RunningForest> {
  const open = async (controller: Controller, secure: boolean, catalogue = false): Promise<string> => {
    const listener = await listen({ controller, secure, catalogue, tls });
    listeners.push(listener);
    return `${secure ? 'ldaps' : 'ldap'}://127.0.0.1:${listener.port}`;
  };
  const openController = async (controller: Controller): Promise<RunningController> => ({
    name: controller.name,
    dnsHostName: controller.hostName,
    url: await open(controller, true),
    ldapUrl: await open(controller, false),
  });
  const domains = forest.domains.map(async ({ dnsName, baseDn, controllers }) => ({
    dnsName,
    baseDn,
    controllers: atLeastOne(await Promise.all(controllers.map(openController))),
    adminDn: `CN=Administrator,CN=Users,${baseDn}`,
    adminPassword,
  }));
  return {
    name: forest.name,
    domains: atLeastOne(await Promise.all(domains)),
    globalCatalogueUrl: await open(forest.catalogue, true, true),
  };
}

function atLeastOne<T>(items: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = items;
  if (first === undefined) throw new RangeError('a stand-in needs at least one forest, domain and controller');
  return [first, ...rest];
}
