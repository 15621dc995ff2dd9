import type { ServiceBusClient } from '@azure/service-bus';
import type { MovableClock } from '../clock.ts';
import { type Control, control, oneOf } from '../control/control.ts';
import type { TlsMaterial } from '../tokens.ts';
import type { CodeLocation } from './code-location.ts';
import { FunctionApp, httpFunctions } from './function-app.ts';
import { HttpFront } from './http-front.ts';
import { routesConflict } from './index-functions.ts';
import type { Log } from './log-line.ts';
import { measuredRestartDelays, type RestartPolicy } from './restart-policy.ts';

export interface FunctionsHostOptions {
  readonly clock: MovableClock;
  readonly tls: TlsMaterial;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Opens every function and /admin. */
  readonly masterKey: string;
  /** Opens functions of authLevel `function`. */
  readonly functionKey?: string;
  readonly apps: readonly AppOptions[];
  /** Makes the client for the connection that a trigger names; the host closes it. */
  readonly serviceBus: (connection: string, environment: Readonly<Record<string, string>>) => ServiceBusClient;
  readonly log: Log;
  /** Milliseconds before the first, second, … restart of a crashed worker; one crash more within 30 minutes stops the app's host. */
  readonly restartDelays?: readonly number[];
  /** Milliseconds that running invocations get when the host stops; 10 s as measured. */
  readonly stopGrace?: number;
}

/** One function app: its name here, its code, and its application settings. */
export type AppOptions = CodeLocation & {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
};

export interface FunctionsHost {
  /** Without trailing slash. */
  readonly url: string;
  readonly port: number;
  /** The functions of an app that are served, dropped and disabled ones left out. */
  registered(app: string): string[];
  /** Invocations that run, or wait for a worker, in all apps. */
  inFlight(): number;
  /** SIGKILL of the app's worker process; answers when it is gone. */
  kill(app: string): Promise<void>;
  /** The process id of the app's worker, while there is one. */
  pid(app: string): number | undefined;
  controls(): Control[];
  /** As SIGTERM: refuses new connections, lets invocations end for the grace, then ends the workers. */
  stop(): Promise<void>;
}

/**
 * Starts several function apps behind one URL, each in a worker process of its own, and answers when all of them have
 * started. An app that cannot start does not reject: like the real host it answers 503, or has no functions.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  let restartPolicy: RestartPolicy = 'real';
  const { clock, log, serviceBus, restartDelays = measuredRestartDelays, stopGrace = 10_000 } = options;
  const context = { clock, log, serviceBus, restartDelays, restartPolicy: () => restartPolicy };
  const apps = options.apps.map(
    ({ name, environment, ...code }) => new FunctionApp({ name, environment, code }, context),
  );
  const keys = { masterKey: options.masterKey, functionKey: options.functionKey };
  const front = new HttpFront({ apps, keys, now: () => clock.now() }, options.tls);

  const port = await open(apps, front, options.port ?? 0).catch(async (error) => {
    await stopAll(apps);
    throw error;
  });

  async function setRestartPolicy(policy: RestartPolicy): Promise<void> {
    restartPolicy = policy;
    if (policy !== 'lenient') return;
    await Promise.all(apps.map((app) => app.restart()));
    dropConflicts(apps);
  }

  return {
    url: `https://127.0.0.1:${port}`,
    port,
    registered: (name) => appNamed(apps, name).functions.map((indexed) => indexed.name),
    inFlight: () => apps.reduce((sum, app) => sum + app.inFlight, 0),
    kill: (name) => appNamed(apps, name).kill(),
    pid: (name) => appNamed(apps, name).pid,
    controls: () => [restartControl(() => restartPolicy, setRestartPolicy)],
    stop: async () => {
      front.refuseConnections();
      await Promise.all(apps.map((app) => app.drained(stopGrace)));
      await stopAll(apps);
      await front.close();
    },
  };
}

/** The port opens last: whoever reaches the host reaches apps that have started. */
async function open(apps: readonly FunctionApp[], front: HttpFront, port: number): Promise<number> {
  await Promise.all(apps.map((app) => app.start()));
  dropConflicts(apps);
  return front.listen(port);
}

async function stopAll(apps: readonly FunctionApp[]): Promise<void> {
  await Promise.all(apps.map((app) => app.stop()));
}

/** Where two apps claim one route, the first keeps it. */
function dropConflicts(apps: readonly FunctionApp[]): void {
  apps.forEach((app, index) => {
    const taken = apps.slice(0, index).flatMap(httpFunctions);
    for (const http of httpFunctions(app)) {
      const rival = taken.find((other) => routesConflict(other, http));
      if (rival) app.drop(http.name, `its route is taken by the function '${rival.name}' of another app.`);
    }
  });
}

function appNamed(apps: readonly FunctionApp[], name: string): FunctionApp {
  const app = apps.find((candidate) => candidate.name === name);
  if (!app) throw new Error(`There is no app '${name}'.`);
  return app;
}

function restartControl(read: () => RestartPolicy, set: (policy: RestartPolicy) => Promise<void>): Control {
  return control({
    name: 'host.workerRestarts',
    meaning:
      'What follows a crash of a worker process: "real" (default) restarts at once, then after 10 s, and stops the ' +
      'app\'s host at the third crash within 30 minutes; "lenient" always restarts at once, and starts a stopped host again.',
    read,
    accept: (value) => oneOf(value, ['real', 'lenient'], 'Takes "real" or "lenient".'),
    set,
  });
}
