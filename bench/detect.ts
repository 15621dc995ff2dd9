import { rm } from 'node:fs/promises';
import type { FunctionsHost } from '../dev/functions-host/functions-host.ts';
import { startFreshWorker } from './cold-start/fresh-worker.ts';
import { synchroniseUsers } from './detect/large-tenant.ts';
import { buildEmptyApp } from './parts/built-apps.ts';
import { runOnce, startApps } from './parts/function-apps.ts';
import { peakMemory } from './parts/peak-memory.ts';
import { type BenchCloud, startBenchCloud } from './parts/surroundings.ts';
import { type Figure, progress, report } from './report.ts';
import { inMegabytes, inSeconds } from './statistics.ts';

/*
 * Detect over a large tenant: how many calls Graph gets, how much memory the worker process takes, and how long a read
 * lasts, the first time, when nothing has changed, and where Graph cannot filter by the error.
 */

const tenantSize = { users: 100_000, errors: 500 };
/** Reading every object, page by page, is what a detection without any filter costs. */
const callsForEveryUser = Math.ceil(tenantSize.users / 999);

const bench = await startBenchCloud();
try {
  await measure(bench);
} finally {
  await bench.stop();
}
process.exit();

async function measure(cloud: BenchCloud): Promise<void> {
  progress(`synchronising ${tenantSize.users} users, ${tenantSize.errors} of them with an address that is taken`);
  const { tenant } = cloud.cloud;
  synchroniseUsers(tenant, tenantSize);
  const empty = inMegabytes(await emptyWorkerMemory());
  // What follows a detection is another bench's affair: its calls and its memory would be mixed with those measured here.
  const host = await startApps(cloud, { 'AzureWebJobs.diagnose.Disabled': 'true' });

  progress('reading for the first time');
  const first = await read(cloud, host);
  const found = cloud.cloud.serviceBus.counts('diagnose').active;
  if (found !== tenantSize.errors) throw new Error(`${found} cases came about, not ${tenantSize.errors}`);
  const firstMemory = memoryOf(host);
  progress('reading when nothing has changed');
  await newWorker(host);
  const second = await read(cloud, host);
  const third = await read(cloud, host);
  const memory = memoryOf(host);

  progress('reading without a filter on errors');
  await newWorker(host);
  tenant.settings.switches.provisioningErrorFilter = 'unsupported';
  const whole = await read(cloud, host);
  const wholeAgain = await read(cloud, host);
  const besideEmpty = { comparedWith: `${empty}, empty app`, aim: '< 150 MB' };
  report(`Detect, ${tenantSize.users} users, ${tenantSize.errors} errors`, [
    ...figuresOf('first read', first),
    { what: 'first read: peak memory of a new worker', value: firstMemory, ...besideEmpty },
    ...figuresOf('nothing changed', second, '< 15'),
    ...figuresOf('nothing changed, again', third, '< 15'),
    { what: 'nothing changed: peak memory of a new worker', value: memory, ...besideEmpty },
    ...figuresOf('no filter on errors, first', whole),
    ...figuresOf('no filter on errors, again', wholeAgain),
    { what: 'no filter on errors: peak memory of a new worker', value: memoryOf(host), ...besideEmpty },
  ]);
}

/** In a process of its own, each reading has a peak of its own. */
async function newWorker(host: FunctionsHost): Promise<void> {
  await host.kill('worker');
  // A request waits for the worker's restart; a timer would fail meanwhile.
  await fetch(`${host.url}/api/worker-health`);
}

interface Read {
  readonly calls: number;
  readonly milliseconds: number;
}

async function read({ cloud: { graph } }: BenchCloud, host: FunctionsHost): Promise<Read> {
  const before = graph.calls.length;
  const milliseconds = await runOnce(host, 'detectGraph');
  return { calls: graph.calls.length - before, milliseconds };
}

function figuresOf(what: string, { calls, milliseconds }: Read, aim?: string): Figure[] {
  return [
    {
      what: `${what}: Graph calls`,
      value: String(calls),
      comparedWith: `${callsForEveryUser} pages with every user`,
      ...(aim === undefined ? {} : { aim }),
    },
    { what: `${what}: time`, value: inSeconds(milliseconds) },
  ];
}

function memoryOf(host: FunctionsHost): string {
  return inMegabytes(peakMemory(host.pid('worker')));
}

async function emptyWorkerMemory(): Promise<number | undefined> {
  const folder = await buildEmptyApp();
  const worker = await startFreshWorker(folder, {});
  try {
    await worker.invoke('timer', { json: '{}' });
    return peakMemory(worker.pid);
  } finally {
    await worker.stop();
    await rm(folder, { recursive: true });
  }
}
