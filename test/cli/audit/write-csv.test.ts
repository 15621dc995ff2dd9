import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutGuard } from '../../../src/cli/audit/formula-guard.ts';
import { writeCsv } from '../../../src/cli/audit/write-csv.ts';
import { batches, context, row, textOf } from './found.ts';

const cellsOf = (text: string): string[][] => parse(text, { bom: true });

describe('the CSV report', () => {
  it('has a byte order mark, names of the columns, and ends of lines as RFC 4180 wants them', async () => {
    const text = await textOf(writeCsv(batches(row()), context));
    expect(text.startsWith('\uFEFFseverity,rule,object,')).toBe(true);
    expect(text.split('\r\n')).toHaveLength(3);
    expect(text).not.toMatch(/[^\r]\n/);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['\n=1', "'\n'=1"],
    ['＝1', "'＝1"],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    [' =1', "' =1"],
    ['\u00a0=1', "'\u00a0=1"],
    ['\u200b=1', "'\u200b=1"],
    ['\0=1', "'\0=1"],
    ['"=1', `'"=1`],
    ["'=1", "''=1"],
    ["'\t1", "''\t1"],
    ['a;=1', "a;'=1"],
    ['a\t=1', "a\t'=1"],
    ['a\n=1', "a\n'=1"],
    ['a;"=1', `a;'"=1`],
  ])('does not let %j be a formula, in any column', async (value, expected) => {
    const everywhere = row({
      rule: value,
      object: value,
      objectType: value,
      origin: value,
      distinguishedName: value,
      objectGUID: value,
      attribute: value,
      value,
      proposal: value,
      message: value,
      remedy: value,
      idFix: value,
    });
    for (const [kind, columns] of [
      ['findings', 12],
      ['predictions', 10],
      ['idfix-rows', 8],
    ] as const) {
      const text = await textOf(writeCsv(batches(everywhere), { ...context, kind, withIdFix: true }));
      expect(cellsOf(text)[1]?.filter((cell) => cell === expected)).toHaveLength(columns);
    }
  });

  it('gives every value back as it is, but for the guard, and no cell is ever a formula', async () => {
    const unit = fc.oneof(
      fc.constantFrom(...'=+-@\'";\t\r\n ＝'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const text = fc.string({ unit });
    await fc.assert(
      fc.asyncProperty(text, text, async (value, message) => {
        const [, cells = []] = cellsOf(await textOf(writeCsv(batches(row({ value, message })), context)));
        expect(cells).toHaveLength(13);
        for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        for (const part of cells.flatMap((cell) => cell.split(/[;\t\r\n]/))) expect(part).not.toMatch(/^\s*[=+\-@]/);
        expect(cells.map(withoutGuard)).toEqual(expect.arrayContaining([value, message]));
      }),
    );
  });

  it('has the columns of IdFix for its profile', async () => {
    const text = await textOf(writeCsv(batches(row({ action: 'Edit' })), { ...context, kind: 'idfix-rows' }));
    expect(cellsOf(text)[0]).toEqual(
      'DISTINGUISHEDNAME COMMONNAME OBJECTCLASS ATTRIBUTE ERROR VALUE UPDATE PROPOSEDACTION ACTION'.split(' '),
    );
    expect(cellsOf(text)[1]?.at(-2)).toBe('EDIT');
  });

  it('names every holder of a duplicate, and who takes no part', async () => {
    const holder = {
      object: 'Bob',
      objectType: 'user',
      distinguishedName: 'CN=Bob',
      inputs: ['mail a@b.c'],
      placed: '',
    };
    const holders = [holder, { ...holder, object: 'Eve', placed: 'out of scope: subtree' }];
    const text = await textOf(writeCsv(batches(row({ holders })), context));
    expect(cellsOf(text)[1]?.at(-1)).toBe(
      'user Bob (CN=Bob): mail a@b.c\nuser Eve (CN=Bob): mail a@b.c [out of scope: subtree]',
    );
  });
});
