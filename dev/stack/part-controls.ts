import type { Azurite } from '../azurite/start-azurite.ts';
import { type Control, ControlValueError } from '../control/control.ts';
import type { FunctionsHost } from '../functions-host/functions-host.ts';

/** What can happen to processes of the stack from outside. */
export function partControls(host: FunctionsHost, azurite: Azurite): Control[] {
  return [killWorker(host), storageResponding(azurite)];
}

function killWorker(host: FunctionsHost): Control {
  return {
    name: 'host.killWorker',
    meaning: 'Set to api or worker to kill the worker process of that app (SIGKILL). Reads as the process ids.',
    read: () => ({ api: host.pid('api') ?? null, worker: host.pid('worker') ?? null }),
    write: (value) => {
      if (value !== 'api' && value !== 'worker') throw new ControlValueError('host.killWorker takes api or worker');
      return host.kill(value);
    },
  };
}

/** Azurite keeps everything in memory, so an outage is a process that is halted, not one that ended. */
function storageResponding({ child }: Azurite): Control {
  let responding = true;
  return {
    name: 'storage.responding',
    meaning: 'False halts table and blob storage: connections are accepted, requests wait. Default true.',
    read: () => responding,
    write: (value) => {
      if (typeof value !== 'boolean') throw new ControlValueError('storage.responding takes true or false');
      responding = value;
      child.signal(value ? 'SIGCONT' : 'SIGSTOP');
    },
  };
}
