import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Measured } from './audit/measured.ts';
import { verifiedDomains } from './audit/million-objects.ts';
import { startSyntheticRelay } from './audit-run/synthetic-relay.ts';
import { synchroniseUsers } from './detect/large-tenant.ts';
import { buildProgram } from './parts/built-apps.ts';
import { type BenchCloud, startBenchCloud } from './parts/surroundings.ts';
import { type Figure, progress, report } from './report.ts';
import { inMegabytes, inSeconds } from './statistics.ts';

/*
 * A run of the audit as the worker makes it: a made directory streams from a relay, the users come from the Graph stand-in, the
 * files go to Azurite. Beside it the stream merely read through, and the product merely loaded; each in a process of its own.
 * BENCH_OBJECTS makes it smaller or larger, on either side.
 *
 * V8 sizes itself by the machine: half of its memory may be heap, up to 4 GB, and the young generation grows to a sixteenth of
 * that without need. So what counts is measured as on an instance of 2,048 MB.
 */

const onSmallInstance = ['--max-heap-size=1024'];
const objects = Number(process.env['BENCH_OBJECTS'] ?? 100_000);

const bench = await startBenchCloud();
const relay = await startSyntheticRelay(bench.ground.tls, { objects, duplicateEvery: 200, faultEvery: 500 });
const folder = await mkdtemp(join(tmpdir(), 'syncmend-bench-'));
try {
  await measure(bench);
} finally {
  await rm(folder, { recursive: true });
  await relay.stop();
  await bench.stop();
}
process.exit();

async function measure(cloud: BenchCloud): Promise<void> {
  progress(`synchronising ${objects} users with Entra`);
  const { tenant } = cloud.cloud;
  tenant.state.domains.replace(
    verifiedDomains.map((name) => ({
      name,
      isInitial: false,
      isDefault: false,
      isVerified: true,
      authenticationType: 'Managed',
    })),
  );
  synchroniseUsers(tenant, { users: objects, errors: 0 });
  const program = await buildProgram(new URL('audit-run/program.ts', import.meta.url), folder);
  const run = (what: string, flags: readonly string[] = onSmallInstance): Promise<Measured> => {
    progress(what);
    return measured([...flags, program, what], { ...cloud.settings('worker'), SYNCMEND_RELAY_URL: relay.url });
  };
  const nothing = await run('nothing');
  const stream = await run('stream');
  const full = await run('full');
  const again = await run('full');
  const changes = await run('changes');
  const here = await run('full', []);
  const beside = { comparedWith: `${memoryOf(stream)}, the stream read through; ${memoryOf(nothing)}, nothing` };
  report(`A run of the audit over ${objects} objects on premises and ${objects} in Entra`, [
    ...figuresOf('everything, the first time', full, stream, beside),
    ...figuresOf('everything, again', again, stream, beside),
    ...figuresOf('changes of one in a hundred', changes, stream, beside),
    { what: 'everything, again, with the heap that V8 takes on this machine: peak memory', value: memoryOf(here) },
  ]);
}

function memoryOf({ peakMemory }: Measured): string {
  return inMegabytes(peakMemory);
}

function figuresOf(what: string, ours: Measured, stream: Measured, beside: Partial<Figure>): Figure[] {
  return [
    { what: `${what}: peak memory`, value: memoryOf(ours), ...beside, aim: '< 256 MB' },
    {
      what: `${what}: time`,
      value: inSeconds(ours.milliseconds),
      comparedWith: `${inSeconds(stream.milliseconds)}, the stream read through`,
    },
    { what: `${what}: processor time`, value: inSeconds(ours.processorMilliseconds) },
    { what: `${what}: found`, value: ours.result },
  ];
}

async function measured(args: readonly string[], settings: Record<string, string>): Promise<Measured> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`The program ended with code ${code}.`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}
