import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServiceBusClient } from '@azure/service-bus';
import type { CodeLocation } from '../functions-host/code-location.ts';
import { type FunctionsHost, type FunctionsHostOptions, startFunctionsHost } from '../functions-host/functions-host.ts';
import { audiences, type Identity } from '../identity/identities.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import { appSettings, type Surroundings, serviceBusEndpoint, serviceBusNamespace } from './app-settings.ts';
import type { Cloud } from './cloud.ts';
import { type Ground, stopWith } from './ground.ts';

/** The Functions host with both apps. */
export interface FunctionApps extends FunctionsHost {
  /** Stops the host and starts another on the same port and the same stores. */
  restart(): Promise<void>;
}

export interface FunctionAppsOptions {
  readonly masterKey: string;
  readonly port: number;
  readonly code: CodeLocation;
  /** Over those of the stack; undefined takes one away. */
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly hostOptions: Partial<Pick<FunctionsHostOptions, 'restartDelays' | 'stopGrace'>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A year for the broker, whose time can be moved; a day for the SDK, whose timer for the next token is a real one. */
const tokenSeconds = 365 * 24 * 3600;
const askAgainAfterMs = 24 * 3_600_000;

/** The product's sources, which Node runs as they are, or the bundle that a deployment would take (`npm run build`). */
export function productCode(built: boolean): CodeLocation {
  return built
    ? { entry: join(root, 'dist/app/main.js'), hostJson: join(root, 'dist/app/host.json') }
    : { entry: join(root, 'src/functions/main.ts'), hostJson: join(root, 'host.json') };
}

/** Both function apps behind one URL: one answers people, the other works. */
export async function startFunctionApps(
  ground: Ground,
  { issuer, identities, serviceBus }: Cloud,
  around: Surroundings,
  { masterKey, port, code, settings, hostOptions }: FunctionAppsOptions,
): Promise<FunctionApps> {
  const { clock, tls, log } = ground;
  const start = (onPort: number): Promise<FunctionsHost> =>
    startFunctionsHost({
      clock,
      tls,
      masterKey,
      port: onPort,
      apps: (['api', 'worker'] as const).map((name) => ({
        name,
        ...code,
        environment: changed(appSettings(name, identities[name], around), settings),
      })),
      // The real host, too, listens with the identity of the app whose trigger it serves.
      serviceBus: (_, environment) =>
        listener(issuer, identities[environment['SYNCMEND_APP'] === 'api' ? 'api' : 'worker'], serviceBus.port),
      log: (line) => log(line.app, `${line.level}: ${line.message}`),
      ...hostOptions,
    });
  return stopWith(ground, restartable(await start(port), start));
}

/** Stands for the host that runs now; its controls act on that one, and begin again with each. */
function restartable(first: FunctionsHost, start: (port: number) => Promise<FunctionsHost>): FunctionApps {
  let host = first;
  const { url, port } = first;
  return {
    url,
    port,
    registered: (app) => host.registered(app),
    inFlight: () => host.inFlight(),
    kill: (app) => host.kill(app),
    pid: (app) => host.pid(app),
    controls: () =>
      first.controls().map((control, index) => ({
        ...control,
        read: () => host.controls()[index]?.read(),
        prepare: (value) => host.controls()[index]?.prepare(value) ?? (() => undefined),
        write: (value) => host.controls()[index]?.write(value),
      })),
    stop: () => host.stop(),
    restart: async () => {
      await host.stop();
      host = await start(port);
    },
  };
}

function listener(issuer: TokenIssuer, { objectId, clientId }: Identity, port: number): ServiceBusClient {
  const credential = {
    getToken: async () => {
      const app = { objectId, clientId, roles: [], lifetimeSeconds: tokenSeconds };
      const { token } = await issuer.issue({ audience: audiences.serviceBus, ...app });
      return { token, expiresOnTimestamp: Date.now() + askAgainAfterMs };
    },
  };
  return new ServiceBusClient(serviceBusNamespace, credential, { customEndpointAddress: serviceBusEndpoint(port) });
}

function changed(
  settings: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries({ ...settings, ...changes });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
