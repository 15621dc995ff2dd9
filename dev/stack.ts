import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Azurite } from './azurite/start-azurite.ts';
import type { MovableClock } from './clock.ts';
import type { Control } from './control/control.ts';
import { startControl } from './control/start-control.ts';
import { timeControl } from './control/time-control.ts';
import { createDemoOrganisation } from './demo/create-demo-organisation.ts';
import type { GraphStandIn } from './entra/graph/server.ts';
import type { Tenant } from './entra/tenant.ts';
import type { CodeLocation } from './functions-host/code-location.ts';
import type { FunctionsHost, FunctionsHostOptions } from './functions-host/functions-host.ts';
import { audiences } from './identity/identities.ts';
import { tokenOfEverything } from './identity/token-of-everything.ts';
import type { ServiceBusStandIn } from './service-bus/start-service-bus.ts';
import { removeAuditSettings, writeAuditSettings } from './stack/audit-settings.ts';
import { type Cloud, startCloud, startStorage } from './stack/cloud.ts';
import type { Directories } from './stack/directories.ts';
import { type Endpoints, gatherEndpoints, removeEndpoints, writeEndpoints } from './stack/endpoints.ts';
import { type FunctionApps, productCode, startFunctionApps } from './stack/function-apps.ts';
import { cleanUpAtEnd, type Ground, type Log, layGround, stopWith } from './stack/ground.ts';
import { type OnPremises, startOnPremises } from './stack/on-premises.ts';
import { partControls } from './stack/part-controls.ts';
import type { SyncEngine } from './sync-engine/sync-engine.ts';

export interface StackOptions {
  /** No demo organisation: only what every start has. */
  readonly empty?: boolean;
  /** Real Samba AD instead of the AD stand-in. */
  readonly samba?: boolean;
  /** Fixed ports; free ones where absent. */
  readonly ports?: { readonly functions?: number; readonly relay?: number; readonly control?: number };
  /** Where endpoints.json and the authority's certificate are put while it runs; `.local` by default. */
  readonly directory?: string;
  readonly log?: Log;
  /** The built bundle (`npm run build`) instead of the sources. */
  readonly built?: boolean;
  /** Other code for the function apps than the product's. */
  readonly code?: CodeLocation;
  /** Application settings of both apps over those of the stack; undefined takes one away. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  readonly hostOptions?: Partial<Pick<FunctionsHostOptions, 'restartDelays' | 'stopGrace'>>;
}

export type Part = 'api' | 'worker' | 'relay';

/** A running local stack: the product, with stand-ins of everything around it. */
export interface Stack {
  /** Folder with endpoints.json. */
  readonly directory: string;
  readonly endpoints: Endpoints;
  readonly clock: MovableClock;
  readonly tenant: Tenant;
  readonly graph: GraphStandIn;
  readonly directories: Directories;
  readonly engine: SyncEngine;
  readonly serviceBus: ServiceBusStandIn;
  readonly host: FunctionApps;
  /** All that can be set, as the control endpoint shows it. */
  readonly controls: readonly Control[];
  /** SIGKILL of the process of a part; answers when it is gone. */
  kill(part: Part): Promise<void>;
  /** Ends everything in the reverse order of its start; nothing is left behind. */
  stop(): Promise<void>;
}

const defaultDirectory = fileURLToPath(new URL('../.local', import.meta.url));

/** Starts the whole stack. Rejects, with nothing left running, when a part does not start. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const parts = new AsyncDisposableStack();
  try {
    const ground = await layGround(options.directory ?? defaultDirectory, options.log ?? (() => undefined), parts);
    return await startParts(ground, options);
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}

async function startParts(ground: Ground, options: StackOptions): Promise<Stack> {
  const { clock, tls, files, directory, parts } = ground;
  const { ports = {}, samba = false } = options;
  const masterKey = randomBytes(24).toString('hex');

  const cloud = await startCloud(ground);
  const [storage, onPremises] = await allStarted(
    startStorage(ground, cloud.issuer),
    startOnPremises(ground, cloud, { samba, relayPort: ports.relay ?? 0 }),
  );
  if (!options.empty) await furnish(ground, cloud, onPremises);
  const surroundings = {
    tenantId: cloud.tenant.tenantId,
    tablesUrl: storage.tablesUrl,
    blobsUrl: storage.blobsUrl,
    serviceBusPort: cloud.serviceBus.port,
    graphUrl: cloud.graph.url,
    relayUrl: onPremises.relay.url,
    managedIdentityUrl: cloud.identity.managedIdentityUrl,
    authorityFile: files.authority,
  };
  const host = await startFunctionApps(ground, cloud, surroundings, {
    masterKey,
    port: ports.functions ?? 0,
    code: options.code ?? productCode(options.built ?? false),
    settings: options.settings ?? {},
    hostOptions: options.hostOptions ?? {},
  });
  const controls = controlsOf(clock, cloud, storage, onPremises, host);
  const control = stopWith(ground, await startControl({ controls, tls, port: ports.control ?? 0 }));

  writeAuditSettings(directory, cloud.identities.worker, surroundings);
  parts.defer(() => removeAuditSettings(directory));
  const endpoints = await gatherEndpoints({ ca: files.authority, masterKey, cloud, onPremises, host, control });
  if (!options.empty) await detectEverything(endpoints);
  writeEndpoints(directory, endpoints);
  cleanUpAtEnd(parts, () => removeEndpoints(directory));

  let stopping: Promise<void> | undefined;
  const { tenant, graph, serviceBus } = cloud;
  const { directories, engine, relay } = onPremises;
  return {
    directory,
    endpoints,
    clock,
    tenant,
    graph,
    directories,
    engine,
    serviceBus,
    host,
    controls,
    kill: (part) => (part === 'relay' ? relay.kill() : host.kill(part)),
    stop: () => {
      stopping ??= parts.disposeAsync();
      return stopping;
    },
  };
}

function controlsOf(
  clock: MovableClock,
  { tenant, serviceBus, issuer }: Cloud,
  storage: Azurite,
  { directories, engine, relay }: OnPremises,
  host: FunctionsHost,
): Control[] {
  return [
    timeControl(clock),
    ...[tenant, directories, engine, serviceBus, issuer, relay, host].flatMap((part) => part.controls()),
    ...partControls(host, storage),
  ];
}

/** Before the apps start, so that no timer of theirs sees the organisation half built. */
async function furnish({ clock, authority }: Ground, cloud: Cloud, onPremises: OnPremises): Promise<void> {
  const { tenant, graph, issuer } = cloud;
  const { directories, engine } = onPremises;
  await createDemoOrganisation({
    forests: directories.forests,
    authority,
    graph: { url: graph.url, token: await tokenOfEverything(issuer, audiences.graph) },
    controls: [...tenant.controls(), ...directories.controls()],
    runCycle: () => engine.runCycle('Delta'),
    now: () => clock.now(),
  });
}

/** As an operator would, through the admin endpoint; the cases follow within seconds. */
async function detectEverything({ functions, masterKey }: Endpoints): Promise<void> {
  const response = await fetch(`${functions}/admin/functions/detect`, {
    method: 'POST',
    headers: { 'x-functions-key': masterKey, 'content-type': 'application/json' },
    body: JSON.stringify({ input: '' }),
  });
  if (response.status !== 202) throw new Error(`The function detect could not be started: ${response.status}.`);
}

/** Both answers; a failure of one waits for the other, so that what it started is known and can be stopped. */
async function allStarted<First, Second>(first: Promise<First>, second: Promise<Second>): Promise<[First, Second]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
