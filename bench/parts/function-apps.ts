import { setTimeout as pause } from 'node:timers/promises';
import type { FunctionsHost } from '../../dev/functions-host/functions-host.ts';
import { startFunctionApps } from '../../dev/stack/function-apps.ts';
import { builtApp } from './built-apps.ts';
import { type BenchCloud, quietTimers } from './surroundings.ts';

const masterKey = 'bench';

/** The built product under the local Functions host, each app in a worker process of its own. */
export function startApps(
  { ground, cloud, around }: BenchCloud,
  settings: Readonly<Record<string, string>> = {},
): Promise<FunctionsHost> {
  return startFunctionApps(ground, cloud, around, {
    masterKey,
    port: 0,
    code: { directory: builtApp },
    settings: { ...quietTimers, ...settings },
    hostOptions: { restartDelays: [0, 0, 0, 0, 0] },
  });
}

/** Runs a timer function once, as an operator would; answers the milliseconds until nothing runs any more. */
export async function runOnce(host: FunctionsHost, functionName: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${host.url}/admin/functions/${functionName}`, {
    method: 'POST',
    headers: { 'x-functions-key': masterKey, 'content-type': 'application/json' },
    body: JSON.stringify({ input: '' }),
  });
  if (response.status !== 202) throw new Error(`${functionName} could not be started: ${response.status}`);
  do await pause(20);
  while (host.inFlight() > 0);
  return performance.now() - began;
}
