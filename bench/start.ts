import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startAzurite } from '../dev/azurite/start-azurite.ts';
import { layGround } from '../dev/stack/ground.ts';
import { progress, report } from './report.ts';
import { inSeconds, median } from './statistics.ts';

/*
 * npm start: how long until the local stack is ready, with and without the demo organisation, beside Azurite alone, which
 * is the one part of it that is not ours.
 */

const runs = 3;
const root = fileURLToPath(new URL('..', import.meta.url));
const ready = 'Syncmend is running.';

const times = { azurite: [] as number[], empty: [] as number[], demo: [] as number[] };
for (let turn = 1; turn <= runs; turn++) {
  progress(`starting everything, ${turn} of ${runs}`);
  times.azurite.push(await azuriteAlone());
  times.empty.push(await wholeStack('--empty'));
  times.demo.push(await wholeStack());
}
const azurite = `${inSeconds(median(times.azurite))}, Azurite alone`;
const spread = (all: readonly number[]): string =>
  `${inSeconds(median(all))} (${inSeconds(Math.min(...all))} to ${inSeconds(Math.max(...all))})`;
report(`npm start, ${runs} runs`, [
  { what: 'ready, with the demo organisation', value: spread(times.demo), comparedWith: azurite, aim: '< 15 s' },
  { what: 'ready, --empty', value: spread(times.empty), comparedWith: azurite, aim: '< 15 s' },
]);
process.exit();

async function azuriteAlone(): Promise<number> {
  const parts = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'syncmend-bench-'));
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { clock, files } = await layGround(folder, () => undefined, parts);
  const began = performance.now();
  const { child } = await startAzurite({
    clock,
    certificateFile: files.certificate,
    keyFile: files.key,
    log: () => undefined,
  });
  const took = performance.now() - began;
  child.kill();
  await child.exited;
  await parts.disposeAsync();
  return took;
}

async function wholeStack(...options: string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, ['dev/start.ts', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let took: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== ready || took !== undefined) continue;
    took = performance.now() - began;
    child.kill('SIGINT');
  }
  await exited;
  if (took === undefined) throw new Error('The local stack did not start.');
  return took;
}
