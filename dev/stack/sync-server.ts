import type { RunningForest } from '../active-directory/active-directory.ts';
import type { MovableClock } from '../clock.ts';
import type { Tenant } from '../entra/tenant.ts';
import { serveSyncEngine } from '../sync-engine/serve.ts';
import { createSyncEngine, type SyncEngine } from '../sync-engine/sync-engine.ts';

export interface SyncServerOptions {
  readonly clock: MovableClock;
  readonly tenant: Tenant;
  readonly forests: readonly RunningForest[];
  /** PEM of the authority behind LDAPS. */
  readonly authority: string;
  /** Where powershell.mjs finds the engine. */
  readonly socketPath: string;
}

export interface SyncServer {
  readonly engine: SyncEngine;
  stop(): Promise<void>;
}

/** The sync engine with one connector a forest, each reading the first controller of its domains. */
export async function startSyncServer(options: SyncServerOptions): Promise<SyncServer> {
  const { clock, tenant, forests, authority, socketPath } = options;
  const engine = createSyncEngine({
    clock,
    endpoint: tenant,
    aadConnectorName: 'contoso.onmicrosoft.com - AAD',
    connectors: forests.map(({ name, domains }) => ({
      name,
      forest: name,
      url: domains[0].controllers[0].url,
      bindDn: domains[0].adminDn,
      password: domains[0].adminPassword,
      ca: authority,
      domains: domains.map(({ dnsName, baseDn, controllers }) => ({ dnsName, baseDn, url: controllers[0].url })),
    })),
  });
  const served = await serveSyncEngine(engine, socketPath);
  return {
    engine,
    stop: async () => {
      await served.stop();
      await engine.stop();
    },
  };
}
