import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plantedFaults } from '../../../dev/entra/planted-faults.ts';
import { switchNames, switchTable } from '../../../dev/entra/switches.ts';

const rules = readFileSync(new URL('../../../dev/entra/RULES.md', import.meta.url), 'utf8');
const rows = rules.split('\n').filter((line) => /^\| S\d+ \|/.test(line));
const cells = (row: string): string[] => row.split('|').map((cell) => cell.trim());
const files = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

test('RULES.md has each rule of the tenant once', () => {
  const expected = [...Object.keys(plantedFaults), 'S13'];
  expect(rows.map((row) => cells(row)[1])).toEqual(expected);
});

test('each rule names code and tests that exist, and a source', () => {
  for (const row of rows) {
    const [, rule, , code, tests, source] = cells(row);
    for (const file of files(code)) expect(existsSync(`dev/entra/${file}`), `${rule}: ${file}`).toBe(true);
    expect(files(tests).length, rule).toBeGreaterThan(0);
    for (const file of files(tests)) expect(existsSync(`test/dev/entra/${file}`), `${rule}: ${file}`).toBe(true);
    expect(source, rule).not.toBe('');
  }
});

test('the first test file of each rule has tests of that rule and of its planted fault', () => {
  for (const row of rows) {
    const [, rule = '', , , tests] = cells(row);
    const [first = ''] = files(tests);
    const titles = [...readFileSync(`test/dev/entra/${first}`, 'utf8').matchAll(/test\('([^']+)'/g)].map(
      (match) => match[1] ?? '',
    );
    expect(
      titles.some((title) => title.startsWith(`${rule}: `)),
      first,
    ).toBe(true);
    if (rule in plantedFaults)
      expect(
        titles.some((title) => title.startsWith(`${rule}: planted fault`)),
        first,
      ).toBe(true);
  }
});

test('RULES.md lists every switch with its values, the default first', () => {
  for (const name of switchNames) {
    const row = rules.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    const listed = cells(row ?? '')[2]?.split(', ');
    expect(listed?.[0], name).toBe(switchTable[name].default);
    expect(listed?.toSorted(), name).toEqual([...switchTable[name].values].toSorted());
  }
});
