import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { MovableClock } from '../clock.ts';
import { failure, type InvocationOutcome } from './invocation-outcome.ts';
import type { LogLine } from './log-line.ts';
import type { FromWorker, FunctionMetadata, Invocation, ToWorker } from './rpc.ts';

export interface WorkerProcessOptions {
  readonly directory: string;
  /** Absolute paths of the entry points, imported in this order. */
  readonly entryFiles: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: MovableClock;
  readonly log: (line: Omit<LogLine, 'app'>) => void;
}

export type LoadOutcome =
  | { readonly ok: true; readonly functions: readonly FunctionMetadata[] }
  | { readonly ok: false; readonly reason: 'importFailed' | 'workerLost'; readonly message: string };

const workerMain = fileURLToPath(new URL('worker/main.ts', import.meta.url));

/** What any program needs of the machine's environment; everything else a worker sees is the app's own settings. */
const machineVariables = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'USERPROFILE'];

/** One worker process, from fork to exit. It is never started again: after an exit there is a new one. */
export class WorkerProcess {
  /** Settles once the app is loaded, failed to load, or the process ended before. */
  readonly loaded: Promise<LoadOutcome>;
  /** Settles when the process has ended, with a sentence that says how. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #log: WorkerProcessOptions['log'];
  readonly #running = new Map<string, (outcome: InvocationOutcome) => void>();
  #settleLoaded: (outcome: LoadOutcome) => void = () => undefined;
  #terminating = false;
  #exit: string | undefined;

  constructor(options: WorkerProcessOptions) {
    this.#log = options.log;
    this.#child = fork(workerMain, [], {
      execArgv: [],
      env: { ...machineEnvironment(), ...options.environment },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child.on('error', (error) => this.#log({ level: 'error', category: 'host', message: error.message }));
    this.loaded = new Promise((resolve) => {
      this.#settleLoaded = resolve;
    });
    this.exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#end(`The worker process exited with ${signal ?? `code ${code}`}.`);
        resolve(this.#exit ?? '');
      });
    });
    this.#printConsole();
    this.#child.on('message', (message) => this.#receive(message as FromWorker, options));

    const forget = options.clock.onMove((offset) => this.#send({ type: 'moveClock', offset }));
    const kill = () => this.kill();
    process.once('exit', kill);
    void this.exited.then(() => {
      forget();
      process.off('exit', kill);
    });
  }

  /** The process id while it runs. */
  get pid(): number | undefined {
    return this.#exit === undefined ? this.#child.pid : undefined;
  }

  run(invocation: Invocation): Promise<InvocationOutcome> {
    if (this.#exit !== undefined) return Promise.resolve(failure('workerLost', this.#exit));
    return new Promise((resolve) => {
      this.#running.set(invocation.id, resolve);
      this.#send({ type: 'invoke', invocation });
    });
  }

  /** SIGKILL: no handler of the app runs. */
  kill(): void {
    if (this.#exit === undefined) this.#child.kill('SIGKILL');
  }

  /** Lets the app's appTerminate hooks run for at most `limit` milliseconds; answers when the process has ended. */
  async terminate(limit: number): Promise<void> {
    const overdue = setTimeout(() => this.kill(), limit);
    this.#terminating = true;
    this.#send({ type: 'terminate' });
    await this.exited;
    clearTimeout(overdue);
  }

  #receive(message: FromWorker, { directory, entryFiles, clock }: WorkerProcessOptions): void {
    switch (message.type) {
      case 'waiting':
        this.#send({ type: 'load', directory, entryFiles, offset: clock.offset });
        break;
      case 'loaded':
        this.#settleLoaded({ ok: true, functions: message.functions });
        break;
      case 'loadFailed':
        this.#settleLoaded({ ok: false, reason: 'importFailed', message: message.message });
        break;
      case 'completed':
        this.#settle(message.id, { ok: true, response: message.response });
        break;
      case 'failed':
        this.#settle(message.id, failure('threw', message.message));
        break;
      case 'log': {
        const { type: _, ...line } = message;
        this.#log(line);
      }
    }
  }

  #settle(id: string, outcome: InvocationOutcome): void {
    this.#running.get(id)?.(outcome);
    this.#running.delete(id);
  }

  #end(how: string): void {
    this.#exit = how;
    this.#settleLoaded({ ok: false, reason: 'workerLost', message: how });
    const reason = this.#terminating ? 'hostStopped' : 'workerLost';
    for (const id of [...this.#running.keys()]) this.#settle(id, failure(reason, how));
  }

  #send(message: ToWorker): void {
    // A process that has just ended refuses the message; its exit settles everything that waits for an answer.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #printConsole(): void {
    for (const stream of [this.#child.stdout, this.#child.stderr] as Readable[]) {
      // Both arrive as information in the real host.
      createInterface({ input: stream }).on('line', (message) =>
        this.#log({ level: 'information', category: 'console', message }),
      );
    }
  }
}

function machineEnvironment(): Record<string, string> {
  return Object.fromEntries(
    machineVariables.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
