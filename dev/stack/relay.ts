import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningForest } from '../active-directory/active-directory.ts';
import type { MovableClock } from '../clock.ts';
import { type Control, control, trueOrFalse } from '../control/control.ts';
import { audiences } from '../identity/identities.ts';
import { Child } from './child.ts';

export interface RelayOptions {
  readonly clock: MovableClock;
  readonly forests: readonly RunningForest[];
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly authorityFile: string;
  readonly issuer: string;
  readonly keysUrl: string;
  readonly socketPath: string;
  /** Where the passwords of its accounts are put; nobody else may read it. */
  readonly secrets: string;
  /** 0: a free one. */
  readonly port: number;
  readonly log: (line: string) => void;
}

export interface Relay {
  /** Without trailing slash and without /v1. */
  readonly url: string;
  readonly pid: number | undefined;
  /** SIGKILL; answers when the process is gone. */
  kill(): Promise<void>;
  controls(): Control[];
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../src/relay/main.ts', import.meta.url));
const powershell = fileURLToPath(new URL('../sync-engine/powershell.mjs', import.meta.url));

/** Starts the product's relay, as it runs on a sync server, in a process of its own. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const settings = settingsOf(options);
  let { child, port } = await launch(options, settings, options.port);

  const kill = async (): Promise<void> => {
    child.kill();
    await child.exited;
  };
  const setAvailable = async (available: boolean): Promise<void> => {
    if (!available) return kill();
    if (child.pid === undefined) ({ child, port } = await launch(options, settings, port));
  };
  return {
    url: `https://127.0.0.1:${port}`,
    get pid() {
      return child.pid;
    },
    kill,
    stop: () => child.stop(),
    controls: () => [
      control({
        name: 'relay.available',
        meaning: 'False kills the process of the relay (SIGKILL), true starts it again on its port. Default true.',
        read: () => child.pid !== undefined,
        accept: (value) => trueOrFalse(value, 'relay.available takes true or false'),
        set: setAvailable,
      }),
    ],
  };
}

async function launch(
  { clock, log }: RelayOptions,
  settings: Readonly<Record<string, string>>,
  port: number,
): Promise<{ child: Child; port: number }> {
  const environment = { ...settings, RELAY_PORT: String(port) };
  const child = new Child({ name: 'The relay', file: program, environment, clock, onLine: log });
  try {
    return { child, port: await child.waitFor(portIn) };
  } catch (error) {
    child.kill();
    throw error;
  }
}

/** The relay says in its log where it listens. */
function portIn(line: string): number | undefined {
  if (!line.includes('"Relay started"')) return undefined;
  return (JSON.parse(line) as { port?: number }).port;
}

function settingsOf(options: RelayOptions): Record<string, string> {
  return {
    RELAY_HOST: '127.0.0.1',
    RELAY_TLS_CERTIFICATE: options.certificateFile,
    RELAY_TLS_KEY: options.keyFile,
    RELAY_AUDIENCE: audiences.relay,
    RELAY_ISSUER: options.issuer,
    RELAY_JWKS_URL: options.keysUrl,
    RELAY_POWERSHELL: powershell,
    RELAY_FORESTS: JSON.stringify(options.forests.map((forest) => forestSetting(forest, options))),
    SYNC_ENGINE_SOCKET: options.socketPath,
    NODE_EXTRA_CA_CERTS: options.authorityFile,
  };
}

function forestSetting(
  { name, globalCatalogueUrl, domains }: RunningForest,
  { secrets, authorityFile }: RelayOptions,
): object {
  const [{ adminDn, adminPassword }] = domains;
  const passwordFile = join(secrets, `${name}.password`);
  writeFileSync(passwordFile, adminPassword, { mode: 0o600 });
  return {
    forest: name,
    globalCatalogue: globalCatalogueUrl,
    bindDn: adminDn,
    passwordFile,
    ca: authorityFile,
    domains: domains.map(({ dnsName, baseDn, controllers }) => ({
      dnsName,
      baseDn,
      controllers: controllers.map(({ url }) => url),
      connectorName: name,
    })),
  };
}
