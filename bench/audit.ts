import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Measured } from './audit/measured.ts';
import { addressesEach, writeObjects, writeShuffledAddresses } from './audit/million-objects.ts';
import { type Figure, progress, report } from './report.ts';
import { inMegabytes, inSeconds, median } from './statistics.ts';

/*
 * The directory audit of a million objects with four addresses each, beside a program that only parses the file; and the
 * search for duplicates among the four million addresses, beside sort and uniq. Each in a process of its own, whose peak
 * memory is what the operating system says it was.
 */

const runs = 3;
const size = { objects: 1_000_000, duplicateEvery: 200, faultEvery: 500 };
/** As `npm run audit` starts. */
const flags = ['--max-semi-space-size=4'];

const folder = await mkdtemp(join(tmpdir(), 'syncmend-bench-'));
try {
  await measure(join(folder, 'objects.ndjson'), join(folder, 'addresses.txt'));
} finally {
  await rm(folder, { recursive: true });
}

async function measure(objects: string, addresses: string): Promise<void> {
  progress(`writing ${size.objects} objects and ${size.objects * addressesEach} addresses`);
  await writeObjects(objects, size);
  await writeShuffledAddresses(addresses, size);
  const all: Record<'loop' | 'readline' | 'whole' | 'duplicatesOnly' | 'claims' | 'map' | 'sort', Measured[]> = {
    loop: [],
    readline: [],
    whole: [],
    duplicatesOnly: [],
    claims: [],
    map: [],
    sort: [],
  };
  for (let turn = 1; turn <= runs; turn++) {
    progress(`reading, ${turn} of ${runs}`);
    all.loop.push(await program('bare-parse.ts', ['loop', objects]));
    all.readline.push(await program('bare-parse.ts', ['readline', objects]));
    all.whole.push(await program('whole-audit.ts', ['whole', objects], flags));
    all.duplicatesOnly.push(await program('whole-audit.ts', ['duplicates-only', objects], flags));
    progress(`searching, ${turn} of ${runs}`);
    all.sort.push(await sortAndUniq(addresses));
    all.claims.push(await program('duplicate-lines.ts', ['claims', addresses]));
    all.map.push(await program('duplicate-lines.ts', ['map', addresses]));
  }
  const results = new Set([...all.sort, ...all.claims, ...all.map].map(({ result }) => result));
  if (results.size > 1) throw new Error(`The searches differ: ${[...results].join(', ')}`);
  report(`The audit of ${size.objects} objects with ${addressesEach} addresses each, best of ${runs} runs`, [
    ...audited('whole audit', all.whole, all.loop, all.readline),
    ...audited('duplicates alone, without attribute rules', all.duplicatesOnly, all.loop, all.readline),
    { what: 'found', value: all.whole[0]?.result ?? '' },
  ]);
  report(`Duplicates among ${size.objects * addressesEach} shuffled addresses, best of ${runs} runs`, [
    {
      what: 'time',
      value: seconds(all.claims),
      comparedWith: `${seconds(all.sort)}, sort and uniq -d with LC_ALL=C; ${seconds(all.map)}, a Map`,
      aim: 'no slower than sort',
    },
    { what: 'peak memory', value: memory(all.claims), comparedWith: `${memory(all.map)}, a Map` },
    { what: 'found by all alike', value: all.claims[0]?.result.split(' ')[0] ?? '' },
  ]);
}

function audited(
  what: string,
  ours: readonly Measured[],
  loop: readonly Measured[],
  readline: readonly Measured[],
): Figure[] {
  const ratio = (of: (all: readonly Measured[]) => number, theirs: readonly Measured[]): string =>
    `${(of(ours) / of(theirs)).toFixed(1)} times`;
  return [
    {
      what: `${what}: time`,
      value: seconds(ours),
      comparedWith: `${seconds(readline)}, readline and JSON.parse; ${seconds(loop)}, a bare loop over buffers`,
    },
    {
      what: `${what}: time beside them`,
      value: ratio(time, readline),
      comparedWith: `${ratio(time, loop)} the bare loop`,
      aim: '< 3 times',
    },
    {
      what: `${what}: processor time`,
      value: inSeconds(processorTime(ours)),
      comparedWith: `${inSeconds(processorTime(readline))}, readline; ${inSeconds(processorTime(loop))}, loop`,
    },
    {
      what: `${what}: processor time beside them`,
      value: ratio(processorTime, readline),
      comparedWith: `${ratio(processorTime, loop)} the bare loop`,
      aim: '< 3 times',
    },
    {
      what: `${what}: peak memory`,
      value: memory(ours),
      comparedWith: `${memory(readline)}, readline; ${memory(loop)}, loop`,
      aim: '< 256 MB',
    },
  ];
}

/** The best of the runs: what else the machine does only adds. */
function time(all: readonly Measured[]): number {
  return Math.min(...all.map(({ milliseconds }) => milliseconds));
}

function seconds(all: readonly Measured[]): string {
  return inSeconds(time(all));
}

function processorTime(all: readonly Measured[]): number {
  return Math.min(...all.map(({ processorMilliseconds }) => processorMilliseconds));
}

function memory(all: readonly Measured[]): string {
  return inMegabytes(median(all.map(({ peakMemory }) => peakMemory)));
}

async function program(file: string, args: readonly string[], options: readonly string[] = []): Promise<Measured> {
  const path = fileURLToPath(new URL(`audit/${file}`, import.meta.url));
  const child = spawn(process.execPath, [...options, path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${file} ended with code ${code}.`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

/** Its memory is not known here: it is that of two programs. */
async function sortAndUniq(path: string): Promise<Measured> {
  const began = performance.now();
  const child = spawn('sh', ['-c', 'sort "$1" | uniq -d', 'sh', path], {
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`sort and uniq ended with code ${code}.`);
  const lines = output.split('\n').length - 1;
  return {
    milliseconds: performance.now() - began,
    processorMilliseconds: Number.NaN,
    peakMemory: Number.NaN,
    result: `${lines} ${createHash('sha256').update(output).digest('hex')}`,
  };
}
