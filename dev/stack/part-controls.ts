import type { Azurite } from '../azurite/start-azurite.ts';
import { type Control, control, oneOf, trueOrFalse } from '../control/control.ts';
import type { FunctionsHost } from '../functions-host/functions-host.ts';

/** What can happen to processes of the stack from outside. */
export function partControls(host: FunctionsHost, azurite: Azurite): Control[] {
  return [killWorker(host), storageResponding(azurite)];
}

function killWorker(host: FunctionsHost): Control {
  return control({
    name: 'host.killWorker',
    meaning: 'Set to api or worker to kill the worker process of that app (SIGKILL). Reads as the process ids.',
    read: () => ({ api: host.pid('api') ?? null, worker: host.pid('worker') ?? null }),
    accept: (value) => oneOf(value, ['api', 'worker'], 'host.killWorker takes api or worker'),
    set: (app) => host.kill(app),
  });
}

/** Azurite keeps everything in memory, so an outage is a process that is halted, not one that ended. */
function storageResponding({ child }: Azurite): Control {
  let responding = true;
  return control({
    name: 'storage.responding',
    meaning: 'False halts table and blob storage: connections are accepted, requests wait. Default true.',
    read: () => responding,
    accept: (value) => trueOrFalse(value, 'storage.responding takes true or false'),
    set: (responds) => {
      responding = responds;
      child.signal(responds ? 'SIGCONT' : 'SIGSTOP');
    },
  });
}
