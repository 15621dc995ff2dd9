import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TypedData } from '../dev/functions-host/rpc.ts';
import { createPrincipals } from '../dev/stack/principals.ts';
import { startFreshWorker } from './cold-start/fresh-worker.ts';
import { buildEmptyApp, builtApp } from './parts/built-apps.ts';
import { type BenchCloud, startBenchCloud } from './parts/surroundings.ts';
import { progress, report } from './report.ts';
import { inMilliseconds, median } from './statistics.ts';

/*
 * Cold start: how long a new process takes to register all functions, and then to give the first answer of each trigger
 * kind, beside an app with one empty function of each kind on the same SDK. Every figure is the median of fresh processes.
 */

const runs = 9;
const run = promisify(execFile);
const bareImportProgram = fileURLToPath(new URL('cold-start/bare-import.ts', import.meta.url));

/** A function to be called first in a fresh process. */
interface FirstCall {
  readonly app: 'api' | 'worker';
  readonly functionName: string;
  readonly input: TypedData;
}

const bench = await startBenchCloud();
const emptyApp = await buildEmptyApp();
try {
  await measure(bench, emptyApp);
} finally {
  await bench.stop();
  await rm(emptyApp, { recursive: true });
}
process.exit();

async function measure(cloud: BenchCloud, empty: string): Promise<void> {
  progress(`importing both apps in ${runs} bare processes each`);
  const bare = await alternately(
    () => bareImport(builtApp, cloud.settings('worker')),
    () => bareImport(empty, {}),
  );
  const figures = [
    {
      what: 'import in a bare Node process',
      value: inMilliseconds(median(bare.ours)),
      comparedWith: `${inMilliseconds(median(bare.theirs))}, empty app`,
    },
  ];
  for (const app of ['api', 'worker'] as const) {
    progress(`registering the functions of ${app}`);
    const { ours, theirs } = await alternately(
      () => registration(builtApp, cloud.settings(app)),
      () => registration(empty, {}),
    );
    figures.push({
      what: `registration of all functions, ${app}`,
      value: inMilliseconds(median(ours)),
      comparedWith: `${inMilliseconds(median(theirs))}, empty app`,
      ...{ aim: '< 100 ms' },
    });
  }
  for (const [what, ours, theirs, aim] of firstCalls(cloud)) {
    progress(`first answer: ${what}`);
    const times = await alternately(
      () => firstAnswer(builtApp, cloud.settings(ours.app), ours),
      () => firstAnswer(empty, {}, theirs),
    );
    figures.push({
      what: `first answer: ${what}`,
      value: inMilliseconds(median(times.ours)),
      comparedWith: `${inMilliseconds(median(times.theirs))}, empty app`,
      ...(aim === undefined ? {} : { aim }),
    });
  }
  report('Cold start', figures);
}

function firstCalls({ around }: BenchCloud): [string, FirstCall, FirstCall, string?][] {
  const { tenantId } = around;
  const reader = { 'x-ms-client-principal': { value: createPrincipals(tenantId).reader } };
  const get = (path: string): TypedData => ({
    http: {
      method: 'GET',
      url: `https://127.0.0.1${path}`,
      nullableHeaders: reader,
      nullableQuery: {},
      nullableParams: {},
    },
  });
  const timer: TypedData = { json: JSON.stringify({ schedule: {}, isPastDue: false }) };
  const nobodysCase = { v: 1, tenant: tenantId, case: '0'.repeat(32), sequence: 0, attempt: 0 };
  const message: TypedData = { json: JSON.stringify(nobodysCase) };
  const emptyHttp: FirstCall = { app: 'api', functionName: 'http', input: get('/api/http') };
  return [
    ['HTTP health (no I/O)', { app: 'api', functionName: 'health', input: get('/api/health') }, emptyHttp, '< 300 ms'],
    [
      'HTTP listCases (token, 16 table queries)',
      { app: 'api', functionName: 'listCases', input: get('/api/cases') },
      emptyHttp,
      '< 300 ms',
    ],
    [
      'timer detectGraph (lease, three Graph calls)',
      { app: 'worker', functionName: 'detectGraph', input: timer },
      { app: 'worker', functionName: 'timer', input: timer },
    ],
    [
      'queue verify (one table read)',
      { app: 'worker', functionName: 'verify', input: message },
      { app: 'worker', functionName: 'queue', input: message },
    ],
  ];
}

/** Ours and theirs by turns, so that whatever else the machine does falls on both. */
async function alternately(
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<{ ours: number[]; theirs: number[] }> {
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let turn = 0; turn < runs; turn++) {
    times.ours.push(await ours());
    times.theirs.push(await theirs());
  }
  return times;
}

async function bareImport(folder: string, settings: Readonly<Record<string, string>>): Promise<number> {
  const { stdout } = await run(process.execPath, [bareImportProgram, join(folder, 'main.js')], {
    env: { ...process.env, ...settings },
  });
  return Number(stdout);
}

async function registration(folder: string, settings: Readonly<Record<string, string>>): Promise<number> {
  const worker = await startFreshWorker(folder, settings);
  await worker.stop();
  return worker.registration;
}

async function firstAnswer(
  folder: string,
  settings: Readonly<Record<string, string>>,
  { functionName, input }: FirstCall,
): Promise<number> {
  const worker = await startFreshWorker(folder, settings);
  try {
    return await worker.invoke(functionName, input);
  } finally {
    await worker.stop();
  }
}
