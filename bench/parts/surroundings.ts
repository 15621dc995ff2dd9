import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenCredential } from '@azure/identity';
import type { Azurite } from '../../dev/azurite/start-azurite.ts';
import { audiences } from '../../dev/identity/identities.ts';
import type { TokenIssuer } from '../../dev/identity/token-issuer.ts';
import { appSettings, type Surroundings } from '../../dev/stack/app-settings.ts';
import { type Cloud, startCloud, startStorage } from '../../dev/stack/cloud.ts';
import { type Ground, type Log, layGround } from '../../dev/stack/ground.ts';

/** Everything that the two apps need of the cloud, in this process and in Azurite's; nothing on premises. */
export interface BenchCloud {
  readonly ground: Ground;
  readonly cloud: Cloud;
  readonly azurite: Azurite;
  readonly around: Surroundings;
  /** An app's application settings, with timers that do not fire by themselves. */
  settings(app: 'api' | 'worker'): Record<string, string>;
  /** Tables and blobs open to this process too. */
  readonly storageCredential: TokenCredential;
  stop(): Promise<void>;
}

/** Midnight of 29 February: no bench runs into it by chance. */
const almostNever = '0 0 0 29 2 *';
export const quietTimers: Readonly<Record<string, string>> = {
  SYNCMEND_DETECT_SCHEDULE: almostNever,
  SYNCMEND_DETECT_GRAPH_SCHEDULE: almostNever,
  SYNCMEND_DETECT_EXPORT_ERRORS_SCHEDULE: almostNever,
  SYNCMEND_SWEEP_SCHEDULE: almostNever,
};

/**
 * Starts the stand-ins of the cloud; rejects with nothing left running when one does not start.
 * @param log told what every part says; by default nobody
 */
export async function startBenchCloud(log: Log = () => undefined): Promise<BenchCloud> {
  const parts = new AsyncDisposableStack();
  try {
    const folder = mkdtempSync(join(tmpdir(), 'syncmend-bench-'));
    parts.defer(() => rmSync(folder, { recursive: true, force: true }));
    const ground = await layGround(folder, log, parts);
    const cloud = await startCloud(ground);
    const azurite = await startStorage(ground, cloud.issuer);
    const around: Surroundings = {
      tenantId: cloud.tenant.tenantId,
      tablesUrl: azurite.tablesUrl,
      blobsUrl: azurite.blobsUrl,
      serviceBusPort: cloud.serviceBus.port,
      graphUrl: cloud.graph.url,
      // Nothing that is measured asks the relay.
      relayUrl: 'https://127.0.0.1:1',
      managedIdentityUrl: cloud.identity.managedIdentityUrl,
      authorityFile: ground.files.authority,
    };
    return {
      ground,
      cloud,
      azurite,
      around,
      settings: (app) => ({ ...appSettings(app, cloud.identities[app], around), ...quietTimers }),
      storageCredential: credentialFrom(cloud.issuer),
      stop: () => parts.disposeAsync(),
    };
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}

function credentialFrom(issuer: TokenIssuer): TokenCredential {
  const deployment = { objectId: issuer.tenantId, clientId: issuer.tenantId, roles: [], lifetimeSeconds: 86_400 };
  return {
    getToken: async () => {
      const { token } = await issuer.issue({ audience: audiences.storage, ...deployment });
      return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}
