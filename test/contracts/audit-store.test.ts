import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuditFiles } from '../../src/adapters/blobs/audit-files.ts';
import { jsonLines } from '../../src/adapters/files/json-lines.ts';
import { ndjsonSource } from '../../src/adapters/files/ndjson-source.ts';
import { createAuditRuns } from '../../src/adapters/tables/audit-runs.ts';
import { type AuditDay, type AuditRun, auditRunId } from '../../src/domain/audit-run.ts';
import { type AuditFiles, type AuditRuns, StoreUnavailable } from '../../src/ports.ts';
import { guid } from '../domain/evidence-builder.ts';
import { InMemoryAuditFiles, InMemoryAuditRuns } from '../pipeline/in-memory-audit.ts';
import { startAzuriteStorage } from './azurite-storage.ts';

let azurite: Awaited<ReturnType<typeof startAzuriteStorage>>;
beforeAll(async () => {
  azurite = await startAzuriteStorage();
});
afterAll(() => azurite.stop());

const blobs = () => createAuditFiles({ url: azurite.blobsUrl, credential: azurite.credential });

function azuriteFiles(): AuditFiles {
  const own = blobs();
  return { ...own, read: (name, offset) => jsonLines(own.chunks(name, offset)) };
}

async function linesFrom(files: AuditFiles, name: string, offset?: number): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const lines of files.read(name, offset)) all.push(...lines);
  return all;
}

describe.each<[string, () => AuditFiles]>([
  ['memory', () => new InMemoryAuditFiles()],
  ['Azurite', azuriteFiles],
])('files of the audit in %s', (where, open) => {
  const numbered = (count: number) => Array.from({ length: count }, (_, number) => ({ number, text: 'ä€😀' }));

  test('are read as they were written, from the start and from any block', async () => {
    const files = open();
    const writer = files.create('reports/blocks', 10);
    await writer.write(numbered(7));
    await writer.write(numbered(25).slice(7));
    const { lines, blocks } = await writer.close();
    expect(lines).toBe(25);
    expect(blocks.map(({ line }) => line)).toEqual([0, 10, 20]);
    expect(await linesFrom(files, 'reports/blocks')).toEqual(numbered(25));
    expect(await linesFrom(files, 'reports/blocks', blocks[2]?.offset)).toEqual(numbered(25).slice(20));
  });

  test('are there with no line too, and not at all while they are written or after a crash', async () => {
    const files = open();
    const empty = files.create('objects/empty');
    expect(await empty.close()).toMatchObject({ lines: 0 });
    expect(await linesFrom(files, 'objects/empty')).toEqual([]);
    await files.create('objects/abandoned', 1).write(numbered(3));
    await expect(linesFrom(files, 'objects/abandoned')).rejects.toThrow(StoreUnavailable);
  });

  test('go when a newer run needs them no more; those of another folder stay', async () => {
    const files = open();
    for (const name of ['objects/old', 'objects/new', 'reports/kept']) await files.create(name).close();
    await files.removeAllBut('objects', ['objects/new']);
    await expect(linesFrom(files, 'objects/old')).rejects.toThrow(StoreUnavailable);
    expect(await linesFrom(files, 'objects/new')).toEqual([]);
    expect(await linesFrom(files, 'reports/kept')).toEqual([]);
  });

  test(`have one snapshot in ${where}, replaced as a whole`, async () => {
    const files = open();
    expect(await files.snapshot()).toBeNull();
    const snapshot = {
      v: 1 as const,
      at: '2026-11-29T01:00:00.000Z',
      checkpoint: '[]',
      forests: [{ forest: 'contoso.com', file: 'objects/new', objects: 3 }],
    };
    await files.replaceSnapshot({ ...snapshot, checkpoint: 'older' });
    await files.replaceSnapshot(snapshot);
    expect(await files.snapshot()).toEqual(snapshot);
  });
});

test('a file of several megabytes is audited from its blob, twice in the same order', async () => {
  const files = azuriteFiles();
  const writer = files.create('objects/large');
  const objects = Array.from({ length: 4000 }, (_, number) => ({
    objectClass: ['user'],
    proxyAddresses: [],
    objectGUID: guid(number),
    others: { description: ['x'.repeat(600)] },
  }));
  for (let from = 0; from < objects.length; from += 500) await writer.write(objects.slice(from, from + 500));
  const { blocks } = await writer.close();
  expect(blocks.length).toBeGreaterThan(1);
  const own = blobs();
  const problems: unknown[] = [];
  const source = ndjsonSource(
    () => own.chunks('objects/large'),
    (problem) => problems.push(problem),
  );
  const first: unknown[] = [];
  for await (const batch of source.first()) first.push(...batch);
  expect(first).toEqual(objects);
  const again: number[] = [];
  for await (const batch of source.again((ordinal) => ordinal % 1000 === 7))
    again.push(...batch.map(({ ordinal }) => ordinal));
  expect(again).toEqual([7, 1007, 2007, 3007]);
  expect(problems).toEqual([]);
});

const runAt = (moment: string, word: string, more: Partial<AuditRun> = {}): AuditRun => ({
  v: 1,
  id: auditRunId(new Date(moment), word),
  state: 'complete',
  asked: 'changes',
  startedAt: moment,
  domains: [],
  objects: { activeDirectory: 1, entra: 2 },
  findings: [{ rule: 'MailFormat', severity: 'warning', count: 3 }],
  cases: { opened: 0, known: 0, leftOut: 0 },
  problems: [],
  problemCount: 0,
  predictions: [{ outcome: 'SoftMatch', certainty: 'possible', count: 1 }],
  forecast: { file: 'reports/x-predictions', lines: 1, blocks: [{ offset: 0, line: 0 }] },
  ...more,
});

describe.each<[string, () => AuditRuns]>([
  ['memory', () => new InMemoryAuditRuns()],
  [
    'Azurite',
    () => createAuditRuns({ url: azurite.tablesUrl, credential: azurite.credential, tenant: crypto.randomUUID() }),
  ],
])('runs of the audit in %s', (_where, open) => {
  test('are written twice, read by id, and listed newest first in pages', async () => {
    const runs = open();
    const all = ['2026-11-09T23:00:00.000Z', '2026-11-10T01:00:00.000Z', '2027-01-01T00:00:00.000Z'].map((moment) =>
      runAt(moment, 'abc123'),
    );
    for (const run of all) await runs.write({ ...run, state: 'running' });
    for (const run of all) await runs.write(run);
    const [oldest, middle, newest] = all;
    expect(await runs.read(middle?.id ?? '')).toEqual(middle);
    expect(await runs.read('20200101T000000000Z-abc123')).toBeNull();
    expect(await runs.read("' or 1 eq 1")).toBeNull();
    expect(await runs.list(2, null)).toEqual([newest, middle]);
    expect(await runs.list(2, middle?.id ?? '')).toEqual([oldest]);
  });

  test('have one row a day, the last that was written, from a day on', async () => {
    const runs = open();
    const dayOf = (day: string, run: string): AuditDay => ({
      v: 1,
      day,
      run,
      objects: { activeDirectory: 1, entra: 2 },
      findings: [],
    });
    for (const one of [dayOf('2026-11-28', 'a'), dayOf('2026-11-29', 'b'), dayOf('2026-11-29', 'c')])
      await runs.writeDay(one);
    await runs.write(runAt('2026-11-29T00:00:00.000Z', 'x'));
    expect(await runs.days('2026-11-29')).toEqual([dayOf('2026-11-29', 'c')]);
    expect((await runs.days('2026-01-01')).map(({ day }) => day)).toEqual(['2026-11-28', '2026-11-29']);
  });
});

test('a store that permits nothing is unavailable, whatever is asked', async () => {
  const credential = { getToken: async () => ({ token: 'foreign', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const files = createAuditFiles({ url: azurite.blobsUrl, credential });
  await expect(files.snapshot()).rejects.toThrow(StoreUnavailable);
  await expect(files.create('objects/x').close()).rejects.toThrow(StoreUnavailable);
  await expect(files.removeAllBut('objects', [])).rejects.toThrow(StoreUnavailable);
});
