import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileChunks } from '../../../src/adapters/files/file-chunks.ts';
import { type Chunks, wholeLines } from '../../../src/adapters/files/lines.ts';
import { type LineProblem, ndjsonSource } from '../../../src/adapters/files/ndjson-source.ts';
import type { AuditObject } from '../../../src/audit/audit-object.ts';
import { allOf } from '../../all-of.ts';

const lineOf = (cn: string): string => JSON.stringify({ objectClass: ['user'], proxyAddresses: [], cn });

test('each line is an object, in both readings with the same number', async () => {
  const { names, again, problems } = await read(
    `${['a', 'b', 'c'].map(lineOf).join('\n')}\n`,
    (ordinal) => ordinal !== 1,
  );
  expect(names).toEqual(['a', 'b', 'c']);
  expect(again).toEqual(['0 a', '2 c']);
  expect(problems).toEqual([]);
});

test('the last line needs no end; blank lines, carriage returns and a byte order mark are no lines of their own', async () => {
  const { names, again, problems } = await read(`\uFEFF${lineOf('a')}\r\n\r\n  \n${lineOf('b')}`);
  expect(names).toEqual(['a', 'b']);
  expect(again).toEqual(['0 a', '1 b']);
  expect(problems).toEqual([]);
});

test.each([
  ['no JSON', '{"cn":', 'it is not JSON'],
  ['no object', '["a"]', 'it is not an object'],
  ['nothing', 'null', 'it is not an object'],
  ['an object without classes', '{"proxyAddresses":[]}', 'objectClass is not a list of texts'],
  ['addresses that are none', '{"objectClass":["user"],"proxyAddresses":[1]}', 'proxyAddresses is not a list of texts'],
  ['a number for a name', '{"objectClass":["user"],"proxyAddresses":[],"mail":7}', 'mail is not text'],
])('a line that holds %s is named once, and the rest is read', async (_, line, why) => {
  const { names, again, problems } = await read([lineOf('a'), line, lineOf('c')].join('\n'));
  expect(names).toEqual(['a', 'c']);
  expect(again).toEqual(['0 a', '1 c']);
  expect(problems).toMatchObject([{ line: 2, message: expect.stringContaining(why) }]);
  expect(problems[0]?.message).toMatch(/; left out$/);
});

test('data that ends in the middle of a line says so, with the number of the line', async () => {
  const { names, problems } = await read(`${lineOf('a')}\n${lineOf('b').slice(0, 20)}`);
  expect(names).toEqual(['a']);
  expect(problems).toEqual([{ line: 2, message: 'the data ends in the middle of it; left out' }]);
});

test('bytes that are not UTF-8 are named, and the object is audited with what could be read', async () => {
  const bytes = Buffer.from(`${lineOf('a')}\n${lineOf('M_ller')}\n${lineOf('�')}\n`);
  bytes[bytes.indexOf('_')] = 0xfc;
  const { names, problems } = await read(bytes);
  expect(names).toEqual(['a', 'M\uFFFDller', '\uFFFD']);
  expect(problems).toEqual([{ line: 2, message: 'it is not valid UTF-8; the bytes in question are read as \uFFFD' }]);
});

test('a line whose origin is none is left out, so that nothing is taken for what it is not', async () => {
  const { names, problems } = await read(
    ['{"side":"entra"}', '{"side":"active-directory","forest":"contoso.com"}']
      .map((origin, at) => `{"objectClass":["user"],"proxyAddresses":[],"cn":"${at}","origin":${origin}}\n`)
      .join(''),
  );
  expect(names).toEqual(['1']);
  expect(problems).toEqual([
    { line: 1, message: 'its origin says neither which forest nor which Entra object; left out' },
  ]);
});

test('a line of other shape is read by whoever knows it', async () => {
  const problems: LineProblem[] = [];
  const source = ndjsonSource(
    () => chunksOf(Buffer.from('{"name":"a"}\n{"name":""}\n{"name":"c"}\n'), 7),
    (problem) => problems.push(problem),
    (parsed, line) => {
      const { name } = parsed as { name: string };
      return name === '' ? `number ${line} has no name` : { objectClass: ['user'], proxyAddresses: [], cn: name };
    },
  );
  expect((await allOf(source.first())).flat().map(({ cn }) => cn)).toEqual(['a', 'c']);
  expect(problems).toEqual([{ line: 2, message: 'number 2 has no name; left out' }]);
});

test('however the bytes are cut, the lines are the same', async () => {
  const text = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 40 }), async (names, size) => {
      const bytes = Buffer.from(names.map((name) => `${lineOf(name)}\n`).join(''));
      expect((await read(bytes, () => true, size)).names).toEqual(names);
    }),
  );
});

test('a line that is too long is passed over without being held', async () => {
  let tooLong = 0;
  const bytes = Buffer.from(`short\n${'x'.repeat(1_000)}\nafter\n`);
  const lines: string[] = [];
  for await (const whole of wholeLines(chunksOf(bytes, 30), () => tooLong++, 100)) lines.push(whole.toString());
  expect(lines.join('').split('\n')).toEqual(['short', '', 'after', '']);
  expect(tooLong).toBe(1);
});

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncmend-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('a file of several chunks is read as a whole, twice', async () => {
  const path = join(directory, 'objects.ndjson');
  const names = Array.from({ length: 9_000 }, (_, number) => `object ${number} ${'x'.repeat(50)}`);
  await writeFile(path, names.map((name) => `${lineOf(name)}\n`).join(''));
  const source = ndjsonSource(
    () => fileChunks(path),
    () => undefined,
  );
  expect((await allOf(source.first())).flat().map(({ cn }) => cn)).toEqual(names);
  const again = (await allOf(source.again((ordinal) => ordinal % 1_000 === 999))).flat();
  expect(again.map(({ ordinal, object }) => [ordinal, object.cn])).toEqual(
    names.map((name, ordinal) => [ordinal, name]).filter((_, ordinal) => ordinal % 1_000 === 999),
  );
});

test('a file that is not there is an error with its name', async () => {
  const source = ndjsonSource(
    () => fileChunks(join(directory, 'missing.ndjson')),
    () => undefined,
  );
  await expect(allOf(source.first())).rejects.toThrow('missing.ndjson');
});

async function read(
  data: string | Buffer,
  wanted: (ordinal: number) => boolean = () => true,
  size = 16,
): Promise<{ names: (string | undefined)[]; again: string[]; problems: LineProblem[] }> {
  const problems: LineProblem[] = [];
  const source = ndjsonSource(
    () => chunksOf(Buffer.from(data), size),
    (problem) => problems.push(problem),
  );
  const objects: AuditObject[] = (await allOf(source.first())).flat();
  const again = (await allOf(source.again(wanted))).flat();
  return {
    names: objects.map(({ cn }) => cn),
    again: again.map(({ ordinal, object }) => `${ordinal} ${object.cn}`),
    problems,
  };
}

async function* chunksOf(bytes: Buffer, size: number): Chunks {
  const chunk = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    // One buffer for all, as a file is read.
    const length = bytes.copy(chunk, 0, at, at + size);
    yield chunk.subarray(0, length);
  }
}
