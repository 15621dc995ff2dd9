import { knownName, splitOptions } from '../../audit/read-names.ts';
import type { Complain } from './complaint.ts';
import { valuesOfCell } from './csv-cells.ts';
import { type CsvRow, csvRows } from './csv-rows.ts';
import type { InputRecord } from './input.ts';

/** Without one of these a part of the audit finds nothing. */
const expected = [
  ['distinguishedName'],
  ['objectClass'],
  ['objectGUID', 'mS-DS-ConsistencyGuid'],
  ['userPrincipalName'],
  ['mail'],
  ['proxyAddresses'],
  ['sAMAccountName'],
] as const;

/** One object a row, as csvde, Export-Csv and spreadsheets write it. An empty cell is an absent attribute. */
export async function* readCsv(
  octets: AsyncIterable<Buffer>,
  complain: Complain,
): AsyncGenerator<readonly InputRecord[]> {
  let columns: readonly string[] | null = null;
  for await (const rows of csvRows(octets, complain)) {
    const records: InputRecord[] = [];
    for (const row of rows) {
      if (columns === null) {
        columns = row.cells.map((name) => name.trim());
        if (!areUsable(columns, row.line, complain)) return;
        columns = columns.map((name, position, all) => (isRepeated(name, position, all) ? passedOver : name));
        continue;
      }
      const record = recordOf(columns, row, complain);
      if (record !== null) records.push(record);
    }
    yield records;
  }
}

/** No attribute has this name. */
const passedOver = '';

function isRepeated(column: string, position: number, columns: readonly string[]): boolean {
  const name = column.toLowerCase();
  if (knownName(splitOptions(column).name) === undefined) return false;
  return columns.findIndex((other) => other.toLowerCase() === name) < position;
}

function areUsable(columns: readonly string[], line: number, complain: Complain): boolean {
  const names = columns.map((column) => splitOptions(column).name);
  if (['attribute', 'error', 'value', 'update'].every((name) => names.includes(name))) {
    complain({
      grade: 'fatal',
      line,
      message: 'this is the export of IdFix: findings, not objects. Give it with --idfix beside the objects.',
    });
    return false;
  }
  const known = new Set(names.map((name) => knownName(name)?.attribute));
  if (![...known].some((attribute) => attribute !== undefined)) {
    const named = columns
      .slice(0, 5)
      .map((column) => `'${column}'`)
      .join(', ');
    complain({ grade: 'fatal', line, message: `none of the columns is an attribute that is audited (${named}).` });
    return false;
  }
  for (const column of columns.filter(isRepeated))
    complain({ grade: 'lost', line, field: column, message: 'is the name of two columns; the first is read.' });
  const missing = expected.filter((either) => !either.some((attribute) => known.has(attribute)));
  if (missing.length > 0) {
    const list = missing.map((either) => either.join(' or ')).join(', ');
    complain({ grade: 'notice', line, message: `there is no column ${list}; what they hold cannot be audited.` });
  }
  return true;
}

function recordOf(columns: readonly string[], { line, cells }: CsvRow, complain: Complain): InputRecord | null {
  const extra = cells.slice(columns.length);
  if (extra.some((cell) => cell !== '')) {
    const message = `the row has ${cells.length} cells under ${columns.length} names, so that its values may stand in wrong columns; it is left out.`;
    complain({ grade: 'lost', line, message });
    return null;
  }
  if (cells.length < columns.length) {
    const message = `the row ends after ${cells.length} of ${columns.length} cells; what is there is audited.`;
    complain({ grade: 'lost', line, message });
  }
  const record: Record<string, unknown> = {};
  columns.forEach((column, position) => {
    const cell = cells[position] ?? '';
    if (cell !== '') record[column] = valuesOfCell(column, cell);
  });
  return Object.keys(record).length === 0 ? null : { line, record };
}
