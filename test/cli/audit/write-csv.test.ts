import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', "=cmd|' /C calc'!A0"])(
    'does not let %j be a formula',
    async (value) => {
      const text = await textOf(writeCsv(batches(row({ value, object: value, proposal: value })), context));
      const [, cells = []] = cellsOf(text);
      expect(cells.filter((cell) => cell === `'${value}`)).toHaveLength(3);
    },
  );

  it('gives every value back as it is, but for the guard, and no cell is ever a formula', async () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.startsWith("'"));
    await fc.assert(
      fc.asyncProperty(text, text, async (value, message) => {
        const [, cells = []] = cellsOf(await textOf(writeCsv(batches(row({ value, message })), context)));
        expect(cells).toHaveLength(13);
        for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        expect(cells.map((cell) => cell.replace(/^'/, ''))).toEqual(expect.arrayContaining([value, message]));
      }),
    );
  });

  it('has the columns of IdFix for its profile', async () => {
    const text = await textOf(
      writeCsv(batches(row({ action: 'Edit' })), { ...context, profile: 'idfix-compat (dedicated)' }),
    );
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
