import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Complaint } from '../../../src/cli/audit/complaint.ts';
import type { InputRecord, ReadRecords } from '../../../src/cli/audit/input.ts';
import { readJson } from '../../../src/cli/audit/read-json.ts';
import { readNdjson } from '../../../src/cli/audit/read-ndjson.ts';

async function read(reader: ReadRecords, text: string | Buffer, chunk = 7) {
  const complaints: Complaint[] = [];
  const found: InputRecord[] = [];
  const octets = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < octets.length; at += chunk) yield octets.subarray(at, at + chunk);
  }
  for await (const batch of reader(chunks(), (complaint) => complaints.push(complaint))) found.push(...batch);
  return { records: found.map(({ record }) => record), lines: found.map(({ line }) => line), complaints };
}

describe('JSON, one array of objects', () => {
  it('is read however it is written and wherever it is cut into chunks', async () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(objects, fc.integer({ min: 1, max: 20 }), fc.boolean(), async (given, chunk, pretty) => {
        const { records, complaints } = await read(readJson, JSON.stringify(given, null, pretty ? 2 : 0), chunk);
        expect(complaints).toEqual([]);
        expect(JSON.stringify(records)).toBe(JSON.stringify(given));
      }),
    );
  });

  it('says on which line an object begins', async () => {
    expect((await read(readJson, '[\n  {"a": 1},\n  {\n    "a": 2\n  },\n\n  {"a": 3}\n]\n')).lines).toEqual([2, 3, 7]);
  });

  it('says which object it is that a line shares with the one before', async () => {
    const { complaints } = await read(readJson, '[{"a": 1},oops,\n7,{"a": 2},8]');
    expect(complaints.map(({ line, object }) => [line, object])).toEqual([
      [1, 2],
      [2, undefined],
      [2, 5],
    ]);
  });

  it('may be empty', async () => {
    expect(await read(readJson, ' [ ] \n')).toEqual({ records: [], lines: [], complaints: [] });
  });

  it.each<[string, string, string]>([
    ['an object that is no JSON', '[{"a": 1},\n{"a": oops},\n{"a": 2}]', 'is not JSON: '],
    ['a number among the objects', '[{"a": 1},\n3,\n{"a": 2}]', 'a JSON object was expected.'],
    ['an array among the objects', '[{"a": 1},\n[3],\n{"a": 2}]', 'a JSON object was expected, not an array'],
    ['a comma too many', '[{"a": 1},\n,\n{"a": 2}]', 'a comma too many.'],
    ['two objects without a comma', '[{"a": 1},\n{"b": 1} {"c": 1},\n{"a": 2}]', 'is not JSON: '],
  ])('loses one object by %s, not the rest', async (_, text, message) => {
    const { records, complaints } = await read(readJson, text);
    expect(records).toEqual([{ a: 1 }, { a: 2 }]);
    expect(complaints).toEqual([{ grade: 'lost', line: 2, message: expect.stringContaining(message) }]);
  });

  it('cut in the middle is read as far as it goes', async () => {
    const { records, complaints } = await read(readJson, '[{"a": 1},\n{"a": 2},\n{"a": "th');
    expect(records).toEqual([{ a: 1 }, { a: 2 }]);
    expect(complaints).toEqual([
      {
        grade: 'lost',
        line: 3,
        message: 'the input ends within its array, after 2 complete objects: it seems to be cut.',
      },
    ]);
  });

  it('followed by something else says that it is not read', async () => {
    expect(await read(readJson, '[{"a": 1}]\n[{"a": 2}]')).toMatchObject({
      records: [{ a: 1 }],
      complaints: [{ grade: 'lost', line: 2, message: 'what follows the array is not read.' }],
    });
  });

  it.each([
    ['an object', '{"a": 1}'],
    ['one object a line', '{"a": 1}\n{"a": 2}\n'],
    ['text', 'hello'],
  ])('is not %s', async (_, text) => {
    expect(await read(readJson, text)).toEqual({
      records: [],
      lines: [],
      complaints: [
        { grade: 'fatal', line: 1, message: 'one array of objects was expected (one object a line is format ndjson).' },
      ],
    });
  });

  it('on a single line is read whatever its length; an object of more than 16 MiB ends the reading', async () => {
    const text = `[{"a": 1},${'{"a": 2},'.repeat(10)}{"a": "${'x'.repeat(17 * 2 ** 20)}"},{"a": 3}]`;
    const { records, complaints } = await read(readJson, text, 65_536);
    expect(records).toHaveLength(11);
    expect(complaints).toEqual([
      { grade: 'lost', line: 1, message: 'an object is longer than 16 MiB; it and what follows is not read.' },
    ]);
  });
});

describe('NDJSON', () => {
  it('is one object a line; blank lines do not count as objects, but as lines', async () => {
    expect(await read(readNdjson, '{"a": 1}\n\n  \r\n{"a": 2}\r\n{"a": 3}')).toEqual({
      records: [{ a: 1 }, { a: 2 }, { a: 3 }],
      lines: [1, 4, 5],
      complaints: [],
    });
  });

  it.each<[string, string]>([
    ['{"a": oops}', 'is not JSON: '],
    ['3', 'a JSON object was expected.'],
    ['[{"a": 5}]', 'a JSON object was expected, not an array (one array of objects is format json).'],
  ])('loses the line %s, not the rest', async (line, message) => {
    const { records, complaints } = await read(readNdjson, `{"a": 1}\n${line}\n{"a": 2}\n`);
    expect(records).toEqual([{ a: 1 }, { a: 2 }]);
    expect(complaints).toEqual([{ grade: 'lost', line: 2, message: expect.stringContaining(message) }]);
  });

  it('cut in the middle of a line says so', async () => {
    const { records, complaints } = await read(readNdjson, '{"a": 1}\n{"a": "tw');
    expect(records).toEqual([{ a: 1 }]);
    expect(complaints).toEqual([
      { grade: 'lost', line: 2, message: expect.stringMatching(/^is not JSON: .* The input seems to be cut here\.$/) },
    ]);
  });

  it('that is not valid UTF-8 loses the value; a U+FFFD that was there before is a character', async () => {
    const broken = Buffer.concat([
      Buffer.from('{"a": "x'),
      Buffer.of(0xe4),
      Buffer.from('", "b": ["y", "\\ufffd"]}\n'),
    ]);
    const { records } = await read(readNdjson, Buffer.concat([Buffer.from('{"a": "\uFFFD"}\n'), broken]));
    expect(records).toEqual([{ a: '\uFFFD' }, { a: Uint8Array.of(0xff), b: ['y', Uint8Array.of(0xff)] }]);
  });

  it('a line of more than 16 MiB is left out and not held', async () => {
    const { records, complaints } = await read(readNdjson, `{"a": "${'x'.repeat(17 * 2 ** 20)}"}\n{"a": 2}\n`, 65_536);
    expect(records).toEqual([{ a: 2 }]);
    expect(complaints).toEqual([{ grade: 'lost', line: 1, message: 'is longer than 16 MiB and is left out.' }]);
  });
});
