import { printable } from './complaint.ts';
import type { ReportContext, ReportedBatches, ReportKind, ReportRow } from './report.ts';
import { amount, descending, nounOf, severitiesInWords, Tally } from './tally.ts';
import { padded, wrapped } from './text-width.ts';
import { holderInWords } from './write-csv.ts';

interface Column {
  readonly title: string;
  /** Columns of the terminal, and the part of what is left over. */
  readonly width: number;
  readonly share: number;
  readonly cell: (row: ReportRow) => string;
}

const value = ({ value: given }: ReportRow): string => (given === null ? '(absent)' : given);

const findingColumns: readonly Column[] = [
  { title: 'SEVERITY', width: 8, share: 0, cell: ({ severity, isNote }) => shortSeverity(severity, isNote) },
  { title: 'OBJECT', width: 12, share: 2, cell: ({ object }) => object },
  { title: 'ATTRIBUTE', width: 14, share: 1, cell: ({ attribute }) => attribute },
  { title: 'VALUE', width: 14, share: 3, cell: value },
  { title: 'WHAT IS WRONG', width: 20, share: 6, cell: ({ message }) => message },
  { title: 'PROPOSAL', width: 14, share: 3, cell: ({ proposal }) => proposal ?? '-' },
];

const predictionColumns: readonly Column[] = [
  { title: 'OUTCOME', width: 28, share: 1, cell: ({ rule }) => rule },
  { title: 'HOW SURE', width: 8, share: 0, cell: ({ certainty }) => certainty },
  { title: 'OBJECT', width: 12, share: 2, cell: ({ object }) => object },
  { title: 'ATTRIBUTE', width: 14, share: 1, cell: ({ attribute }) => attribute || '-' },
  { title: 'VALUE', width: 14, share: 3, cell: ({ value: given }) => given || '-' },
  { title: 'WHAT WILL HAPPEN', width: 20, share: 6, cell: ({ message }) => message },
];

const idFixColumns: readonly Column[] = [
  { title: 'COMMONNAME', width: 12, share: 2, cell: ({ object }) => object },
  { title: 'ATTRIBUTE', width: 14, share: 1, cell: ({ attribute }) => attribute },
  { title: 'ERROR', width: 14, share: 2, cell: ({ rule }) => rule },
  { title: 'ACTION', width: 8, share: 0, cell: ({ action }) => action },
  { title: 'VALUE', width: 14, share: 3, cell: value },
  { title: 'UPDATE', width: 14, share: 3, cell: ({ proposal }) => proposal ?? '' },
];

const columnsOf: Readonly<Record<ReportKind, readonly Column[]>> = {
  findings: findingColumns,
  predictions: predictionColumns,
  'idfix-rows': idFixColumns,
};

const gap = '  ';
const mostHolders = 5;
const mostLines = 6;
const narrowest = 60;

/** A table of the terminal's width, and the counts after it. */
export const writeTable = (terminalWidth: number) =>
  async function* (found: ReportedBatches, context: ReportContext): AsyncGenerator<string> {
    const shown = laidOut(columnsOf[context.kind], Math.max(narrowest, terminalWidth));
    const tally = new Tally();
    for await (const batch of found) {
      let text = '';
      for (const { row } of batch) {
        if (tally.findings + tally.notes === 0) text += lines(shown, ({ title }) => title);
        tally.add(row);
        text += lines(shown, ({ cell }) => cell(row)) + below(row);
      }
      if (text !== '') yield text;
    }
    yield summary(tally, context);
  };

interface LaidOut extends Column {
  readonly width: number;
}

/** A column without a share keeps its width; the others divide what is left. */
function laidOut(wanted: readonly Column[], total: number): LaidOut[] {
  const room = total - gap.length * (wanted.length - 1);
  const sum = (columnsOf: readonly Column[], part: (column: Column) => number): number =>
    columnsOf.reduce((all, column) => all + part(column), 0);
  const kept = sum(
    wanted.filter(({ share }) => share === 0),
    ({ width }) => width,
  );
  const least = sum(wanted, ({ width }) => width) - kept;
  const scale = Math.min(1, (room - kept) / least);
  const over = Math.max(0, room - kept - least) / sum(wanted, ({ share }) => share);
  return wanted.map((column) => ({
    ...column,
    width: column.share === 0 ? column.width : Math.floor(column.width * scale + over * column.share),
  }));
}

/** One row, each cell of it wrapped within its column. */
function lines(columnsShown: readonly LaidOut[], text: (column: LaidOut) => string): string {
  const cells = columnsShown.map((column) => wrapped(text(column), column.width, mostLines));
  const height = Math.max(...cells.map(({ length }) => length));
  let row = '';
  for (let at = 0; at < height; at++) {
    const line = columnsShown.map(({ width }, column) => padded(cells[column]?.[at] ?? '', width)).join(gap);
    row += `${line.trimEnd()}\n`;
  }
  return row;
}

const shortSeverity = (severity: ReportRow['severity'], isNote: boolean): string =>
  isNote ? 'note' : severity === 'information' ? 'info' : severity;

/** What does not fit into a cell: who holds a duplicate, and what IdFix has done. */
function below({ holders, idFix, certainty }: ReportRow): string {
  const word = certainty === '' ? 'held by' : 'with';
  const lines = holders.slice(0, mostHolders).map((holder) => `${word} ${holderInWords(holder)}`);
  if (holders.length > mostHolders) lines.push(`and ${amount(holders.length - mostHolders, 'more', 'more')}`);
  if (idFix !== '') lines.push(`IdFix: ${idFix}`);
  return lines.map((text) => `          ${printable(text)}\n`).join('');
}

function summary(tally: Tally, { kind, objects, incomplete }: ReportContext): string {
  const read = amount(objects, 'object');
  const partly = incomplete ? ' Not everything could be read: see above.' : '';
  const nothing = kind === 'predictions' ? 'Nothing that would fail was found' : 'Nothing found';
  if (tally.findings === 0) return `${nothing} in ${read}.${partly}\n`;
  const rules = descending(tally.byRule);
  const widest = Math.max(...rules.map(([, count]) => count.toLocaleString('en').length));
  return [
    '',
    `${amount(tally.findings, nounOf[kind])} in ${read}: ${severitiesInWords(tally)}.${partly}`,
    ...rules.map(([rule, count]) => `  ${count.toLocaleString('en').padStart(widest)}  ${printable(rule)}`),
    '',
  ].join('\n');
}
