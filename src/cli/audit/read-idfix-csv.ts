import type { Complain } from './complaint.ts';
import { type CsvRow, csvRows } from './csv-rows.ts';
import { withoutGuard } from './formula-guard.ts';
import type { IdFixEntry } from './idfix-entry.ts';

const needed = ['DISTINGUISHEDNAME', 'ATTRIBUTE', 'VALUE', 'UPDATE'] as const;

/**
 * IdFix's export. It writes quotes only round what has a comma and doubles none. A row that was applied has the action COMPLETE
 * and the update that was written; one without an action was not decided on, and is left out.
 *
 * Source: microsoft/idfix at c1b74fe (IdFixGrid.cs, FormApp.cs), read 2026-11-29.
 */
export async function* readIdFixCsv(
  source: string,
  octets: AsyncIterable<Buffer>,
  complain: Complain,
): AsyncGenerator<IdFixEntry> {
  let names: string[] | null = null;
  for await (const rows of csvRows(octets, complain)) {
    for (const row of rows) {
      if (names === null) {
        names = row.cells.map((name) => name.trim().toUpperCase());
        const missing = needed.filter((name) => names?.includes(name) !== true);
        if (missing.length === 0) continue;
        complain({
          grade: 'fatal',
          line: row.line,
          message: `is no export of IdFix: it has no column ${missing.join(', ')}.`,
        });
        return;
      }
      const entry = entryOf(source, names, row, complain);
      if (entry !== null) yield entry;
    }
  }
}

function entryOf(
  source: string,
  names: readonly string[],
  { line, cells }: CsvRow,
  complain: Complain,
): IdFixEntry | null {
  if (cells.length !== names.length) {
    const message = `the row has ${cells.length} cells under ${names.length} names (IdFix does not escape quotes); it is left out.`;
    complain({ grade: 'lost', line, message });
    return null;
  }
  // It may be a report of ours, in which somebody has chosen the actions.
  const cell = (name: string): string => withoutGuard(textOf(cells[names.indexOf(name)] ?? ''));
  const state = stateOf(cell('ACTION').trim().toUpperCase(), cell('VALUE'), cell('UPDATE'));
  const distinguishedName = cell('DISTINGUISHEDNAME');
  if (state === null || distinguishedName === '') return null;
  return {
    distinguishedName,
    attribute: cell('ATTRIBUTE'),
    value: cell('VALUE'),
    update: state.action === 'remove' ? '' : cell('UPDATE'),
    ...state,
    source,
    line,
  };
}

function stateOf(action: string, value: string, update: string): Pick<IdFixEntry, 'state' | 'action'> | null {
  const change = update === '' ? 'remove' : 'edit';
  switch (action) {
    case 'EDIT':
      return { state: 'planned', action: change };
    case 'REMOVE':
      return { state: 'planned', action: 'remove' };
    case 'UNDO':
      return { state: 'planned', action: 'undo' };
    case 'FAIL':
      return { state: 'failed', action: change };
    case 'COMPLETE':
      return { state: update === value ? 'accepted' : 'applied', action: change };
    default:
      return null;
  }
}

const textOf = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');
