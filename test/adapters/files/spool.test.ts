import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LineProblem } from '../../../src/adapters/files/ndjson-source.ts';
import { spoolNdjson, spoolObjects } from '../../../src/adapters/files/spool.ts';
import type { ObjectBatches } from '../../../src/audit/audit.ts';
import type { AuditObject } from '../../../src/audit/audit-object.ts';
import { allOf } from '../../all-of.ts';

const objects: AuditObject[] = ['a', 'b', 'c'].map((cn) => ({
  objectClass: ['user'],
  proxyAddresses: [`smtp:${cn}`],
  cn,
}));

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'syncmend-test-'));
  vi.stubEnv('TMPDIR', directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

test('what can be read once only is read twice, and given to the audit while it arrives', async () => {
  await using source = await spoolObjects(batches());
  expect((await allOf(source.first())).flat()).toEqual(objects);
  const again = (await allOf(source.again((ordinal) => ordinal > 0))).flat();
  expect(again).toEqual([
    { ordinal: 1, object: objects[1] },
    { ordinal: 2, object: objects[2] },
  ]);
});

test('an object of any shape comes back with its number', async () => {
  const odd = { objectClass: ['user'], proxyAddresses: [], mail: 7 } as unknown as AuditObject;
  await using source = await spoolObjects(
    (async function* () {
      yield [odd, objects[0] as AuditObject];
    })(),
  );
  await allOf(source.first());
  expect((await allOf(source.again(() => true))).flat().map(({ ordinal }) => ordinal)).toEqual([0, 1]);
});

test('bytes are kept as they came; a broken line is named once', async () => {
  const problems: LineProblem[] = [];
  const text = `${JSON.stringify(objects[0])}\n{broken\n${JSON.stringify(objects[2])}\n`;
  async function* chunks() {
    yield Buffer.from(text.slice(0, 20));
    yield Buffer.from(text.slice(20));
  }
  await using source = await spoolNdjson(chunks(), (problem) => problems.push(problem));
  expect((await allOf(source.first())).flat()).toEqual([objects[0], objects[2]]);
  expect((await allOf(source.again(() => true))).flat()).toEqual([
    { ordinal: 0, object: objects[0] },
    { ordinal: 1, object: objects[2] },
  ]);
  expect(problems).toMatchObject([{ line: 2 }]);
});

test('nothing stays behind, whether it is disposed of or given up', async () => {
  const source = await spoolObjects(batches());
  await allOf(source.first());
  await source[Symbol.asyncDispose]();
  await source[Symbol.asyncDispose]();
  expect(readdirSync(directory)).toEqual([]);

  const giveUp = new AbortController();
  const abandoned = await spoolObjects(batches(), giveUp.signal);
  const reading = abandoned.first()[Symbol.asyncIterator]();
  await reading.next();
  giveUp.abort(new Error('given up'));
  await abandoned[Symbol.asyncDispose]();
  expect(readdirSync(directory)).toEqual([]);
  await expect(reading.next()).rejects.toThrow('given up');
});

test('an audit that was given up before is not begun', async () => {
  await expect(spoolObjects(batches(), AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
});

test('a place without room is named, with what to do', async () => {
  const source = await spoolObjects(batches());
  await source[Symbol.asyncDispose]();
  await expect(allOf(source.first())).rejects.toThrow(/cannot be kept in .* Set TMPDIR to a place with room/);
});

test('a place that is not there is named', async () => {
  vi.stubEnv('TMPDIR', join(directory, 'missing'));
  await expect(spoolObjects(batches())).rejects.toThrow(/missing.*Set TMPDIR/);
});

async function* batches(): ObjectBatches {
  yield objects.slice(0, 2);
  yield objects.slice(2);
}
