import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileChunks } from '../../src/adapters/files/file-chunks.ts';
import { eachLine, wholeLines } from '../../src/adapters/files/lines.ts';
import { ClaimTable } from '../../src/audit/claim-table.ts';
import { DeferredClaims } from '../../src/audit/deferred-claims.ts';
import { measure } from './measured.ts';

/*
 * The lines that occur more than once, as the audit finds them (claims by hash, then the strings of the few that need it
 * compared), or with a plain Map.
 */

const [way, path = ''] = process.argv.slice(2);
const tell = measure();
const lines = (await (way === 'map' ? withMap() : withClaims())).sort();
tell(`${lines.length} ${digest(lines)}`);

async function withClaims(): Promise<string[]> {
  const wanted = new Set<number>();
  const table = new ClaimTable();
  const claims = new DeferredClaims(table, (_, first, ordinal) => wanted.add(first).add(ordinal));
  await everyLine((bytes, start, end, ordinal) => claims.claim(table.hashOfBytes(0, bytes, start, end), ordinal));
  claims.settle();
  const counts = new Map<string, number>();
  await everyLine((bytes, start, end, ordinal) => {
    if (wanted.has(ordinal)) count(counts, bytes.toString('utf8', start, end));
  });
  return moreThanOnce(counts);
}

async function withMap(): Promise<string[]> {
  const counts = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(path) })) count(counts, line);
  return moreThanOnce(counts);
}

async function everyLine(visit: (bytes: Buffer, start: number, end: number, ordinal: number) => void): Promise<void> {
  let ordinal = 0;
  for await (const bytes of wholeLines(fileChunks(path), () => undefined)) {
    eachLine(bytes, 0, Number.POSITIVE_INFINITY, (start, end) => visit(bytes, start, end, ordinal++));
  }
}

function count(counts: Map<string, number>, line: string): void {
  counts.set(line, (counts.get(line) ?? 0) + 1);
}

function moreThanOnce(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].filter(([, times]) => times > 1).map(([line]) => line);
}

function digest(all: readonly string[]): string {
  return createHash('sha256')
    .update(all.map((line) => `${line}\n`).join(''))
    .digest('hex');
}
