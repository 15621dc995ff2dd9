import { SyncCycles } from './adsync/cycles.ts';
import { createPowerShellEngine } from './adsync/powershell.ts';
import type { SyncEngine } from './adsync/sync-engine.ts';
import type { RelayConfig } from './config.ts';
import { createHandler } from './handler.ts';
import { listenHttps } from './https-listener.ts';
import { type AskConnectors, createDirectory } from './ldap/directory.ts';
import { DoneWrites } from './ldap/idempotency.ts';
import type { Log } from './log.ts';
import { createTokenCheck, remoteKeys } from './token.ts';

export interface RunningRelay {
  readonly port: number;
  stop(): Promise<void>;
}

/** Puts the relay together and serves it. */
export async function startRelay(config: RelayConfig, log: Log): Promise<RunningRelay> {
  const engine = createPowerShellEngine({ command: config.powershell, scripts: config.scripts });
  const directory = createDirectory(config.forests, rememberConnectors(engine, log));
  const cycles = new SyncCycles(engine);
  const identify = createTokenCheck({
    issuer: config.issuer,
    audiences: config.audiences,
    keys: remoteKeys(config.jwksUrl),
  });
  const handler = createHandler({ directory, engine, cycles, done: new DoneWrites() }, identify, log);
  const listener = await listenHttps({ host: config.host, port: config.port, ...config.tls }, handler, log);
  log('info', 'Relay started', { port: listener.port, forests: config.forests.map(({ forest }) => forest) });
  return {
    port: listener.port,
    stop: async () => {
      await listener.close();
      await cycles.stop();
      await directory.close();
    },
  };
}

const askAgainAfterMs = 60_000;

/**
 * Asking the engine costs a process of a second or two on a real server, so its answer is kept for a minute. When it does
 * not answer, what it last said stands.
 */
export function rememberConnectors(engine: SyncEngine, log: Log): AskConnectors {
  let known: Awaited<ReturnType<AskConnectors>> = null;
  let asking: Promise<void> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  const ask = async (): Promise<void> => {
    const said = await engine.connectors();
    askedAt = performance.now();
    if (said.ok) {
      known = said.value.map((connector) => ({
        name: connector.name,
        lastImportedDomainController: connector.lastImportedDomainController ?? null,
        preferredDomainControllers: connector.preferredDomainControllers,
      }));
    } else if (said.kind === 'Failed') {
      log('warn', 'The sync engine did not say which controllers it reads', { because: said.message });
    }
  };
  return async () => {
    if (performance.now() - askedAt > askAgainAfterMs) {
      asking ??= ask().finally(() => {
        asking = null;
      });
      await asking;
    }
    return known;
  };
}
