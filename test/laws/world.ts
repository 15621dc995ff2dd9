import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'ldapts';
import { type ActiveDirectoryStandIn, startActiveDirectory } from '../../dev/active-directory/active-directory.ts';
import { MovableClock } from '../../dev/clock.ts';
import type { PlantedFault } from '../../dev/entra/planted-faults.ts';
import type { Switches } from '../../dev/entra/switches.ts';
import { createTenant, type Tenant } from '../../dev/entra/tenant.ts';
import { createSyncEngine, type SyncEngine } from '../../dev/sync-engine/sync-engine.ts';
import { createGraph } from '../../src/adapters/graph/graph.ts';
import { createRelayClient } from '../../src/adapters/relay/relay-client.ts';
import { SyncCycles } from '../../src/relay/adsync/cycles.ts';
import { createHandler } from '../../src/relay/handler.ts';
import { createDirectory } from '../../src/relay/ldap/directory.ts';
import { DoneWrites } from '../../src/relay/ldap/idempotency.ts';
import { adminPassword, type Ground } from './ground.ts';
import { inProcessEngine } from './sync-engine-port.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly forests: readonly string[];
  readonly switches: Partial<Switches>;
  readonly plantedFault?: PlantedFault | undefined;
}

/** One empty organisation in the stand-ins, and Syncmend's own adapters and relay in front of it. */
export interface World {
  readonly ground: Ground;
  readonly clock: MovableClock;
  readonly tenant: Tenant;
  readonly activeDirectory: ActiveDirectoryStandIn;
  readonly engine: SyncEngine;
  readonly graph: ReturnType<typeof createGraph>;
  readonly relay: ReturnType<typeof createRelayClient>;
  /** An administrator's connection to each forest's controller. */
  readonly admins: readonly Client[];
  /** Sets a control of the tenant, the directory or the engine. */
  set(name: string, value: unknown): Promise<void>;
  /** The relay forgets what it has done. */
  restartRelay(): void;
  cycle(): Promise<void>;
  /** Moves time on, and ends when everything has happened that fell due by that, such as the hourly release job. */
  pass(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

const domains = [
  {
    name: 'fabrikam.com',
    isInitial: false,
    isDefault: false,
    isVerified: true,
    authenticationType: 'Managed' as const,
  },
];

const credential = {
  getToken: async () => ({ token: 'laws', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

export async function startWorld(ground: Ground, options: WorldOptions): Promise<World> {
  const clock = new MovableClock();
  const { plantedFault, switches, seed } = options;
  const tenant = createTenant({ clock, seed, switches, domains, ...(plantedFault ? { plantedFault } : {}) });
  const forests = options.forests.map((name) => ({
    name,
    adminPassword,
    domains: [{ dnsName: name, controllers: ['dc1'] }],
  }));
  const activeDirectory = await startActiveDirectory({ clock, tls: ground.tls, forests });
  const roots = activeDirectory.forests.map((forest) => forest.domains[0]);
  const engine = createSyncEngine({
    clock,
    endpoint: tenant,
    aadConnectorName: 'contoso.onmicrosoft.com - AAD',
    connectors: roots.map((domain) => ({
      name: domain.dnsName,
      forest: domain.dnsName,
      url: domain.controllers[0].url,
      bindDn: domain.adminDn,
      password: domain.adminPassword,
      ca: ground.tls.cert,
      domains: [{ baseDn: domain.baseDn, dnsName: domain.dnsName }],
    })),
  });
  const enginePort = inProcessEngine(engine);
  const directory = createDirectory(
    activeDirectory.forests.map(({ name, globalCatalogueUrl, domains: [domain] }) => ({
      forest: name,
      globalCatalogue: globalCatalogueUrl,
      bindDn: domain.adminDn,
      passwordFile: ground.passwordFile,
      ca: ground.caFile,
      domains: [{ dnsName: name, baseDn: domain.baseDn, controllers: [domain.controllers[0].url] }],
    })),
    async () => null,
  );
  const startRelay = (): void => {
    const relay = createHandler(
      { directory, engine: enginePort, cycles: new SyncCycles(enginePort), done: new DoneWrites() },
      async () => ({ kind: 'known', subject: 'laws', roles: ['Relay.Read', 'Relay.Write'] }),
      () => undefined,
    );
    ground.serve({ clock, tenant, relay });
  };
  startRelay();

  const admins = await Promise.all(
    roots.map(async (domain) => {
      const client = new Client({ url: domain.controllers[0].url, tlsOptions: { ca: ground.tls.cert } });
      await client.bind(domain.adminDn, adminPassword);
      return client;
    }),
  );
  const controls = [...tenant.controls(), ...activeDirectory.controls(), ...engine.controls()];
  return {
    ground,
    clock,
    tenant,
    activeDirectory,
    engine,
    admins,
    graph: createGraph({
      baseUrl: ground.graph.url,
      credential,
      tenant: tenant.tenantId,
      clock: { now: () => new Date(clock.now()) },
    }),
    relay: createRelayClient({ url: ground.relayUrl, credential, scope: 'relay', tenant: tenant.tenantId }),
    set: async (name, value) => {
      const control = controls.find((one) => one.name === name);
      if (!control) throw new Error(`there is no control ${name}`);
      await control.write(value);
    },
    restartRelay: startRelay,
    pass: async (milliseconds) => {
      clock.advance(milliseconds);
      // Alarms that are due are timers of one millisecond; this one was made after them, and rings after them.
      await sleep(1);
    },
    cycle: async () => {
      const { result } = await engine.runCycle('Delta');
      if (!['success', 'completed-export-errors'].includes(result)) throw new Error(`the cycle ended with ${result}`);
    },
    stop: async () => {
      await engine.stop();
      await Promise.all(admins.map((client) => client.unbind()));
      await directory.close();
      await activeDirectory.stop();
    },
  };
}
