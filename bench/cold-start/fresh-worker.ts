import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromWorker, FunctionMetadata, Invocation, ToWorker, TypedData } from '../../dev/functions-host/rpc.ts';

/** A worker process of the local host with one app in it, driven by hand so that every step can be timed. */
export interface FreshWorker {
  /** Milliseconds from the order to load the app until all its functions were registered. */
  readonly registration: number;
  readonly pid: number | undefined;
  /** Milliseconds until the function has answered. Rejects when it throws, or logs a warning. */
  invoke(functionName: string, input: TypedData): Promise<number>;
  stop(): Promise<void>;
}

const workerMain = fileURLToPath(new URL('../../dev/functions-host/worker/main.ts', import.meta.url));

/** Starts a process and loads `main.js` of the folder in it. */
export async function startFreshWorker(
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<FreshWorker> {
  const child = fork(workerMain, [], {
    execArgv: [],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  try {
    await answerOf(child, (message) => message.type === 'waiting');
    const began = performance.now();
    tell(child, { type: 'load', directory: folder, entryFiles: [join(folder, 'main.js')], offset: 0 });
    const loaded = await answerOf(child, ({ type }) => type === 'loaded' || type === 'loadFailed');
    const registration = performance.now() - began;
    if (loaded.type !== 'loaded') throw new Error(`The app could not be loaded: ${JSON.stringify(loaded)}`);
    return {
      registration,
      pid: child.pid,
      invoke: (name, input) => invoke(child, loaded.functions, name, input),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function invoke(
  child: ChildProcess,
  functions: readonly FunctionMetadata[],
  functionName: string,
  data: TypedData,
): Promise<number> {
  const target = functions.find(({ name }) => name === functionName);
  if (!target) throw new Error(`The app has no function '${functionName}'.`);
  const [name = ''] = Object.entries(target.bindings).find(([, { direction }]) => direction === 'in') ?? [];
  const invocation: Invocation = { id: randomUUID(), functionName, inputData: [{ name, data }], triggerMetadata: {} };
  const complaints: string[] = [];
  const listen = (message: FromWorker): void => {
    if (message.type === 'log' && /warning|error|critical/.test(message.level)) complaints.push(message.message);
  };
  child.on('message', listen);
  const began = performance.now();
  tell(child, { type: 'invoke', invocation });
  const ended = await answerOf(child, (message) => 'id' in message && message.id === invocation.id);
  const took = performance.now() - began;
  child.off('message', listen);
  // A function that gave up early is quick, and proves nothing.
  if (complaints.length > 0) throw new Error(`${functionName} complained: ${complaints.join(' ')}`);
  if (ended.type === 'failed') throw new Error(`${functionName} failed: ${ended.message}`);
  return took;
}

function answerOf(child: ChildProcess, isAnswer: (message: FromWorker) => boolean): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    const look = (message: FromWorker): void => {
      if (!isAnswer(message)) return;
      child.off('message', look);
      child.off('exit', lost);
      resolve(message);
    };
    const lost = (): void => reject(new Error('The worker process ended.'));
    child.on('message', look);
    child.once('exit', lost);
  });
}

function tell(child: ChildProcess, message: ToWorker): void {
  child.send(message);
}
