import { failure, type InvocationOutcome } from './invocation-outcome.ts';
import { afterCrash, type RestartPolicy } from './restart-policy.ts';
import type { Invocation } from './rpc.ts';
import { type LoadOutcome, WorkerProcess, type WorkerProcessOptions } from './worker-process.ts';

export interface RestartingWorkerOptions extends WorkerProcessOptions {
  readonly restartDelays: readonly number[];
  readonly restartPolicy: () => RestartPolicy;
  /** Milliseconds that one invocation may run. */
  readonly functionTimeout: number;
  /** Called when the worker crashed too often and is not started again. */
  readonly onGiveUp: (message: string) => void;
}

/** How long a terminating worker may run its appTerminate hooks, in milliseconds. */
const terminationLimit = 5_000;

/** The worker of one app: a process, and after each crash another one, until there were too many crashes. */
export class RestartingWorker {
  readonly #options: RestartingWorkerOptions;
  readonly #crashes: number[] = [];
  readonly #waiting = new Set<(worker: WorkerProcess | undefined) => void>();
  #process: WorkerProcess;
  #ready = false;
  #stopped = false;
  #endedByTimeout = false;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: RestartingWorkerOptions) {
    this.#options = options;
    this.#process = this.#start();
  }

  /** The outcome of the first load that a process lived to tell; `workerLost` when the host gave up before. */
  async loaded(): Promise<LoadOutcome> {
    for (;;) {
      const worker = this.#process;
      const outcome = await worker.loaded;
      if (outcome.ok || outcome.reason === 'importFailed' || this.#stopped) return outcome;
      await worker.exited;
      if ((await this.#readyWorker()) === undefined) return outcome;
    }
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Runs an invocation; with `waitForWorker` it waits while the worker restarts, otherwise it fails at once. */
  async run(invocation: Invocation, { waitForWorker }: { waitForWorker: boolean }): Promise<InvocationOutcome> {
    if (!this.#ready && !waitForWorker) {
      return failure('noWorker', 'Did not find any initialized language workers');
    }
    const worker = await this.#readyWorker();
    if (!worker) return failure('hostStopped', 'Function host is not running.');
    return this.#runInTime(worker, invocation);
  }

  /** SIGKILL of the present process; answers when it is gone. */
  async kill(): Promise<void> {
    this.#process.kill();
    await this.#process.exited;
  }

  /** Ends the worker for good; what still runs ends as `hostStopped`. */
  async stop(): Promise<void> {
    this.#giveUp();
    if (this.#process.pid !== undefined) await this.#process.terminate(terminationLimit);
  }

  #start(): WorkerProcess {
    const worker = new WorkerProcess(this.#options);
    void worker.loaded.then((outcome) => {
      if (outcome.ok || outcome.reason === 'importFailed') this.#becomeReady(worker);
    });
    void worker.exited.then((how) => this.#afterExit(how));
    return worker;
  }

  #becomeReady(worker: WorkerProcess): void {
    this.#ready = true;
    this.#release(worker);
  }

  #readyWorker(): Promise<WorkerProcess | undefined> {
    if (this.#stopped) return Promise.resolve(undefined);
    if (this.#ready) return Promise.resolve(this.#process);
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #release(worker: WorkerProcess | undefined): void {
    for (const resolve of this.#waiting) resolve(worker);
    this.#waiting.clear();
  }

  #afterExit(how: string): void {
    this.#ready = false;
    if (this.#stopped) return;
    if (this.#endedByTimeout) {
      this.#endedByTimeout = false;
      this.#startAfter(0);
      return;
    }
    const now = this.#options.clock.now();
    this.#crashes.push(now);
    const { restartDelays, restartPolicy, log, onGiveUp } = this.#options;
    const next = restartPolicy() === 'lenient' ? 0 : afterCrash(this.#crashes, now, restartDelays);
    if (next === 'stop') {
      log({ level: 'critical', category: 'host', message: `${how} Exceeded the restarts allowed; the host stops.` });
      this.#giveUp();
      onGiveUp(how);
      return;
    }
    log({ level: 'error', category: 'host', message: `${how} It is started again in ${next} ms.` });
    this.#startAfter(next);
  }

  #startAfter(delay: number): void {
    if (delay === 0) this.#process = this.#start();
    else {
      this.#restart = setTimeout(() => {
        this.#process = this.#start();
      }, delay);
    }
  }

  #giveUp(): void {
    this.#stopped = true;
    clearTimeout(this.#restart);
    this.#release(undefined);
  }

  async #runInTime(worker: WorkerProcess, invocation: Invocation): Promise<InvocationOutcome> {
    const limit = this.#options.functionTimeout;
    if (!Number.isFinite(limit)) return worker.run(invocation);
    let timedOut = false;
    const overdue = setTimeout(
      () => {
        timedOut = true;
        // Its neighbours end with it. This is the host's own doing and does not count as a crash.
        this.#endedByTimeout = true;
        worker.kill();
      },
      Math.min(limit, 2 ** 31 - 1),
    );
    const outcome = await worker.run(invocation);
    clearTimeout(overdue);
    const message = `Timeout value of ${limit} ms exceeded by function 'Functions.${invocation.functionName}'.`;
    return timedOut ? failure('timedOut', message) : outcome;
  }
}
