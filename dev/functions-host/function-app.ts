import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServiceBusClient } from '@azure/service-bus';
import type { MovableClock } from '../clock.ts';
import { AppListeners } from './app-listeners.ts';
import { type CodeLocation, entryPoints, hostJsonFile } from './code-location.ts';
import { type HostJson, readHostJson } from './host-json.ts';
import { type HttpFunction, type IndexedFunction, indexFunctions, type ServiceBusFunction } from './index-functions.ts';
import type { InvocationOutcome } from './invocation-outcome.ts';
import { isLogged, type Log, type LogLine } from './log-line.ts';
import type { RestartPolicy } from './restart-policy.ts';
import { RestartingWorker } from './restarting-worker.ts';
import type { Invocation, TypedData } from './rpc.ts';
import { Settings } from './settings.ts';

/** One function app: where its code is and what settings it runs with. */
export interface FunctionAppOptions {
  readonly name: string;
  readonly code: CodeLocation;
  readonly environment: Readonly<Record<string, string>>;
}

export interface FunctionAppContext {
  readonly clock: MovableClock;
  readonly log: Log;
  readonly serviceBus: (connection: string, environment: Readonly<Record<string, string>>) => ServiceBusClient;
  readonly restartDelays: readonly number[];
  readonly restartPolicy: () => RestartPolicy;
}

/** An app and its host: worker process, functions, timers and queue listeners. HTTP is the front's. */
export class FunctionApp {
  readonly name: string;
  readonly #options: FunctionAppOptions;
  readonly #context: FunctionAppContext;
  readonly #settings: Settings;
  #functions: readonly IndexedFunction[] = [];
  #listeners: AppListeners | undefined;
  #worker: RestartingWorker | undefined;
  #logLevel = 'Information';
  #running = 0;
  #idle: (() => void)[] = [];
  #state: 'starting' | 'running' | 'broken' | 'stopped' = 'starting';
  #stopping: Promise<void> | undefined;

  constructor(options: FunctionAppOptions, context: FunctionAppContext) {
    this.name = options.name;
    this.#options = options;
    this.#context = context;
    this.#settings = new Settings(options.environment);
  }

  /** Whether the host of this app answers; a host without functions does, a broken one does not. */
  get isRunning(): boolean {
    return this.#state === 'running';
  }

  get functions(): readonly IndexedFunction[] {
    return this.#functions;
  }

  /** Invocations that run or wait for the worker. */
  get inFlight(): number {
    return this.#running;
  }

  get pid(): number | undefined {
    return this.#worker?.pid;
  }

  /** Loads the app and starts what listens. Whatever is wrong with the app shows in its state and in the log. */
  async start(): Promise<void> {
    this.#state = 'starting';
    const hostJson = this.#readHostJson();
    if (typeof hostJson === 'string') return this.#break(hostJson);
    this.#logLevel = hostJson.logLevel;
    this.#worker = this.#startWorker(hostJson);
    const loaded = await this.#worker.loaded();
    if (!loaded.ok && loaded.reason === 'workerLost') return;
    if (!loaded.ok) this.log('error', `Worker was unable to load entry point: ${loaded.message}`);

    const registered = loaded.ok ? loaded.functions : [];
    const { functions, dropped } = indexFunctions(registered, this.#settings, hostJson.routePrefix);
    for (const { name, problem } of dropped) this.log('error', `The '${name}' function is in error: ${problem}`);
    const missing = functions.find((indexed) => indexed.trigger === 'serviceBus' && !this.#canConnect(indexed));
    if (missing?.trigger === 'serviceBus') {
      await this.#worker.stop();
      return this.#break(missingConnection(missing.connection));
    }
    this.#functions = functions;
    this.#state = 'running';
    this.log('information', `Host started with ${functions.length} functions.`);
    this.#listeners = this.#listen(hostJson);
  }

  /** Leaves out a function whose route another app already serves. */
  drop(name: string, problem: string): void {
    this.log('error', `The '${name}' function is in error: ${problem}`);
    this.#functions = this.#functions.filter((indexed) => indexed.name !== name);
  }

  /** Runs a function; only HTTP requests wait while the worker restarts, everything else fails then. */
  async run(
    target: IndexedFunction,
    input: TypedData,
    triggerMetadata: Record<string, TypedData> = {},
  ): Promise<InvocationOutcome> {
    if (!this.#worker) return { ok: false, reason: 'hostStopped', message: 'Function host is not running.' };
    const invocation: Invocation = {
      id: randomUUID(),
      functionName: target.name,
      inputData: [{ name: target.bindingName, data: input }],
      triggerMetadata,
    };
    this.#running++;
    const outcome = await this.#worker.run(invocation, { waitForWorker: target.trigger === 'http' });
    this.#running--;
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    if (!outcome.ok) this.#logFailure(invocation, outcome.message);
    return outcome;
  }

  /** SIGKILL of the worker process; answers when it is gone. */
  async kill(): Promise<void> {
    await this.#worker?.kill();
  }

  /** Starts a host again that stopped itself after too many crashes. */
  async restart(): Promise<void> {
    if (this.#state !== 'stopped') return;
    await this.#stopping;
    await this.start();
  }

  /** Answers when nothing runs, at the latest after `limit` milliseconds. Messages are still taken meanwhile. */
  async drained(limit: number): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      const overdue = setTimeout(resolve, limit);
      this.#idle.push(() => {
        clearTimeout(overdue);
        resolve();
      });
    });
  }

  /** Takes nothing more, lets the appTerminate hooks run, and ends the worker; what still runs is cut. */
  async stop(): Promise<void> {
    if (this.#state !== 'stopped') this.#stopping = this.#stop();
    await this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#state = 'stopped';
    const closed = this.#listeners?.close();
    await this.#worker?.stop();
    await closed;
  }

  log(level: LogLine['level'], message: string): void {
    this.#write({ level, category: 'host', message });
  }

  #write(line: Omit<LogLine, 'app'>): void {
    if (isLogged(line.level, this.#logLevel)) this.#context.log({ app: this.name, ...line });
  }

  #logFailure({ id, functionName }: Invocation, message: string): void {
    const line = { level: 'error', category: 'host', functionName, invocationId: id } as const;
    this.#write({ ...line, message: `Executed 'Functions.${functionName}' (Failed, Id=${id}): ${message}` });
  }

  #break(problem: string): void {
    this.#state = 'broken';
    this.#functions = [];
    this.log('critical', problem);
  }

  #readHostJson(): HostJson | string {
    const file = hostJsonFile(this.#options.code);
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return `${file} is missing. The real host would look for an extension bundle on the internet.`;
    }
    const outcome = readHostJson(text);
    return outcome.ok ? outcome.hostJson : outcome.problem;
  }

  #startWorker(hostJson: HostJson): RestartingWorker {
    const { clock, restartDelays, restartPolicy } = this.#context;
    return new RestartingWorker({
      ...entryPoints(this.#options.code),
      environment: this.#options.environment,
      functionTimeout: hostJson.functionTimeout,
      clock,
      restartDelays,
      restartPolicy,
      log: (line) => this.#write(line),
      onGiveUp: () => void this.stop(),
    });
  }

  #canConnect({ connection }: ServiceBusFunction): boolean {
    return this.#settings.hasConnection(connection);
  }

  #listen({ serviceBus }: HostJson): AppListeners {
    const { clock, serviceBus: clientFor } = this.#context;
    return new AppListeners(this.#functions, {
      clock,
      serviceBus,
      clientFor: (connection) => clientFor(connection, this.#options.environment),
      run: (...invocation) => this.run(...invocation),
      warn: (message) => this.log('warning', message),
    });
  }
}

/** The functions of an app that answer HTTP. */
export function httpFunctions(app: FunctionApp): HttpFunction[] {
  return app.functions.filter((indexed) => indexed.trigger === 'http');
}

function missingConnection(name: string): string {
  return `Service Bus account connection string '${name}' does not exist. Make sure that it is a defined App Setting.`;
}
