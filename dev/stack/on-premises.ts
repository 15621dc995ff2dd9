import { join } from 'node:path';
import type { SyncEngine } from '../sync-engine/sync-engine.ts';
import type { Cloud } from './cloud.ts';
import { type Directories, startDirectories } from './directories.ts';
import { type Ground, stopWith } from './ground.ts';
import { type Relay, startRelay } from './relay.ts';
import { startSyncServer } from './sync-server.ts';

export interface OnPremises {
  readonly directories: Directories;
  readonly engine: SyncEngine;
  readonly relay: Relay;
}

export interface OnPremisesOptions {
  readonly samba: boolean;
  /** 0: a free one. */
  readonly relayPort: number;
}

/** The forests, the sync server that reads them, and the relay beside it. */
export async function startOnPremises(
  ground: Ground,
  { tenant, issuer, identity }: Pick<Cloud, 'tenant' | 'issuer' | 'identity'>,
  { samba, relayPort }: OnPremisesOptions,
): Promise<OnPremises> {
  const { clock, tls, authority, files, secrets, log } = ground;
  const directories = stopWith(ground, await startDirectories({ clock, tls, samba }));
  const { forests } = directories;
  const socketPath = join(secrets, 'sync-engine.sock');
  const { engine } = stopWith(ground, await startSyncServer({ clock, tenant, forests, authority, socketPath }));
  const relay = await startRelay({
    clock,
    forests,
    certificateFile: files.certificate,
    keyFile: files.key,
    authorityFile: files.authority,
    issuer: issuer.issuer,
    keysUrl: identity.keysUrl,
    socketPath,
    secrets,
    port: relayPort,
    log: (line) => log('relay', line),
  });
  return { directories, engine, relay: stopWith(ground, relay) };
}
