import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { MovableClock } from '../clock.ts';
import { atExit } from './at-exit.ts';

export interface ChildOptions {
  /** As it is called in errors and in the log. */
  readonly name: string;
  /** The program, an absolute path. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Added to PATH and HOME of this process; nothing else is inherited. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock: MovableClock;
  readonly onLine: (line: string) => void;
}

const preload = new URL('child-preload.ts', import.meta.url).href;
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'USERPROFILE'];
const lastWordsKept = 20;

/** A program in a process of its own, whose time is the stack's and which ends with it. */
export class Child {
  readonly name: string;
  /** Settles when the process has ended. */
  readonly exited: Promise<void>;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  #running = true;

  constructor({ name, file, args = [], environment, clock, onLine }: ChildOptions) {
    this.name = name;
    this.#process = fork(file, [...args], {
      execArgv: ['--import', preload],
      env: { ...machineEnvironment(), ...environment, LOCAL_STACK_CLOCK_OFFSET: String(clock.offset) },
      // A group of its own: Ctrl-C reaches the stack alone, which stops its parts in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#process.on('error', (error) => onLine(error.message));
    for (const stream of [this.#process.stdout, this.#process.stderr] as Readable[]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        if (this.#lines.length > lastWordsKept) this.#lines.shift();
        for (const listener of this.#listeners) listener(line);
        onLine(line);
      });
    }
    const forgetClock = clock.onMove((clockOffset) => this.#send({ clockOffset }));
    const callOffKill = atExit(() => this.kill());
    this.exited = new Promise((resolve) => {
      this.#process.once('close', () => {
        this.#running = false;
        forgetClock();
        callOffKill();
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#running ? this.#process.pid : undefined;
  }

  /** Answers what `find` makes of the first line for which it is not undefined; rejects when the process ends before. */
  async waitFor<T>(find: (line: string) => T | undefined): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const look = (line: string): void => {
        const found = find(line);
        if (found === undefined) return;
        this.#listeners.delete(look);
        resolve(found);
      };
      this.#listeners.add(look);
      for (const line of [...this.#lines]) look(line);
      void this.exited.then(() => reject(new Error(`${this.name} ended at its start: ${this.#lines.join('\n')}`)));
    });
  }

  /** SIGKILL. */
  kill(): void {
    this.signal('SIGKILL');
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#running) this.#process.kill(signal);
  }

  /** Asks it to end, and ends it after `limit` milliseconds. */
  async stop(limit = 2_000): Promise<void> {
    const overdue = setTimeout(() => this.kill(), limit);
    this.signal('SIGTERM');
    await this.exited;
    clearTimeout(overdue);
  }

  #send(message: object): void {
    // A process that has just ended refuses it, and needs no time any more.
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }
}

function machineEnvironment(): Record<string, string> {
  return Object.fromEntries(
    inherited.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
