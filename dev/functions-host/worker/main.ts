import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { FromWorker, Invocation, ToWorker } from '../rpc.ts';
import { FunctionsCore } from './functions-core.ts';
import { installMovedDate } from './moved-date.ts';

/*
 * A worker process: it loads one app and runs the invocations that the host asks for. It does not guard itself: an
 * uncaught exception or an unhandled rejection ends it, as it ends the real worker.
 */

const moveDate = installMovedDate();
const core = new FunctionsCore(send);
core.install();

process.on('message', (message: ToWorker) => void receive(message));
// The host died: nothing may be left behind.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group, but the real worker gets no signal: the host alone decides when it ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
send({ type: 'waiting' });

async function receive(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'load':
      moveDate(message.offset);
      return load(message.directory, message.entryFiles);
    case 'moveClock':
      return moveDate(message.offset);
    case 'invoke':
      return invoke(message.invocation);
    case 'terminate':
      await core.terminate().catch((error) => console.error(error));
      process.exit(0);
  }
}

async function load(directory: string, entryFiles: readonly string[]): Promise<void> {
  try {
    for (const file of entryFiles) await import(pathToFileURL(file).href);
    const capabilities = await core.start(directory);
    if ('HttpUri' in capabilities) throw new Error('HTTP streaming is not something the local host can do.');
    send({ type: 'loaded', functions: core.functions });
  } catch (error) {
    send({ type: 'loadFailed', message: inspect(error) });
  }
}

async function invoke(invocation: Invocation): Promise<void> {
  const { id } = invocation;
  try {
    send({ type: 'completed', id, response: await core.invoke(invocation) });
  } catch (error) {
    send({ type: 'failed', id, message: inspect(error) });
  }
}

function send(message: FromWorker): void {
  process.send?.(message);
}
