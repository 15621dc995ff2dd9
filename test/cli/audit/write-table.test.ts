import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { wrapped } from '../../../src/cli/audit/text-width.ts';
import { writeTable } from '../../../src/cli/audit/write-table.ts';
import { batches, context, row, textOf } from './found.ts';

describe('the table', () => {
  it.each([60, 80, 100, 140, 200])('fits a terminal of %i columns and keeps the whole value', async (width) => {
    const value = 'somebody.with.a.very.long.name.indeed@contoso.com';
    const found = batches(
      row({ value }),
      row({ object: '日本語の名前を持つ人', value: null, severity: 'information' }),
    );
    const text = await textOf(writeTable(width)(found, context));
    const [table = ''] = text.split('\n\n');
    for (const line of table.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    if (width >= 80) expect(text.replace(/\s+/g, '')).toContain('(absent)');
  });

  it('ends with the counts, the most frequent rule first', async () => {
    const found = batches(
      row(),
      row({ rule: 'MailFormat', severity: 'warning' }),
      row({ rule: 'MailFormat', severity: 'warning' }),
    );
    expect(await textOf(writeTable(120)(found, context))).toContain(
      '\n3 findings in 3 objects: 1 error, 2 warnings, 0 information.\n  2  MailFormat\n  1  UserPrincipalNameCharacters\n',
    );
  });

  it('shows what a terminal would obey, and what nobody sees', async () => {
    const text = await textOf(writeTable(200)(batches(row({ value: 'a\u001b[31m\u200bb\u202e' })), context));
    expect(text).toContain('a\\u001b[31m\\u200bb\\u202e');
  });

  it('names five holders and counts the rest', async () => {
    const holders = Array.from({ length: 7 }, (_, number) => ({
      object: `Holder ${number}`,
      objectType: 'user',
      distinguishedName: '',
      inputs: ['mail a@b.c'],
      placed: '',
    }));
    const text = await textOf(writeTable(120)(batches(row({ holders })), context));
    expect(text).toContain('held by user Holder 4: mail a@b.c\n          and 2 more\n');
    expect(text).not.toContain('Holder 5');
  });

  it('says that nothing was found', async () => {
    expect(await textOf(writeTable(80)(batches(), { ...context, incomplete: true }))).toBe(
      'Nothing found in 3 objects. Not everything could be read: see above.\n',
    );
  });
});

describe('wrapped text', () => {
  it.each<[string, number, string[]]>([
    ['one two three', 8, ['one two', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['a bcdefgh', 4, ['a', 'bcde', 'fgh']],
    ['日本語', 4, ['日本', '語']],
    ['', 4, ['']],
    ['one two three four five six', 5, ['one', 'two', 'thre…']],
  ])('%j in %i columns', (text, width, lines) => {
    expect(wrapped(text, width, 3)).toEqual(lines);
  });
});
