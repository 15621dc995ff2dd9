import { withGuard } from './formula-guard.ts';
import type { ReportContext, ReportedBatches, ReportHolder, ReportKind, ReportRow } from './report.ts';

type Column = readonly [name: string, cell: (row: ReportRow) => string];

const whose: readonly Column[] = [
  ['object', ({ object }) => object],
  ['objectType', ({ objectType }) => objectType],
  ['origin', ({ origin }) => origin],
  ['distinguishedName', ({ distinguishedName }) => distinguishedName],
  ['objectGUID', ({ objectGUID }) => objectGUID],
  ['attribute', ({ attribute }) => attribute],
  ['value', ({ value }) => value ?? ''],
];

const findingColumns: readonly Column[] = [
  ['severity', ({ severity, isNote }) => (isNote ? 'note' : severity)],
  ['rule', ({ rule }) => rule],
  ...whose,
  ['proposal', ({ proposal }) => proposal ?? ''],
  ['message', ({ message }) => message],
  ['remedy', ({ remedy }) => remedy],
  ['holders', ({ holders }) => holders.map(holderInWords).join('\n')],
];

const predictionColumns: readonly Column[] = [
  ['severity', ({ severity }) => severity],
  ['outcome', ({ rule }) => rule],
  ['certainty', ({ certainty }) => certainty],
  ...whose,
  ['with', ({ holders }) => holders.map(holderInWords).join('\n')],
  ['message', ({ message }) => message],
];

/** Those of IdFix's own export. */
const idFixColumns: readonly Column[] = [
  ['DISTINGUISHEDNAME', ({ distinguishedName }) => distinguishedName],
  ['COMMONNAME', ({ object }) => object],
  ['OBJECTCLASS', ({ objectType }) => objectType],
  ['ATTRIBUTE', ({ attribute }) => attribute],
  ['ERROR', ({ rule }) => rule],
  ['VALUE', ({ value }) => value ?? ''],
  ['UPDATE', ({ proposal }) => proposal ?? ''],
  ['PROPOSEDACTION', ({ action }) => action.toUpperCase()],
  ['ACTION', () => ''],
];

const columnsOf: Readonly<Record<ReportKind, readonly Column[]>> = {
  findings: findingColumns,
  predictions: predictionColumns,
  'idfix-rows': idFixColumns,
};

/** Excel takes a file without it for one in the code page of the machine. */
const byteOrderMark = '\uFEFF';

/** CSV (RFC 4180) that a spreadsheet opens without running anything. */
export async function* writeCsv(found: ReportedBatches, context: ReportContext): AsyncGenerator<string> {
  const shown = [
    ...columnsOf[context.kind],
    ...(context.withIdFix ? [['idFix', ({ idFix }: ReportRow) => idFix] as const] : []),
  ];
  yield byteOrderMark + line(shown.map(([name]) => name));
  for await (const batch of found) yield batch.map(({ row }) => line(shown.map(([, cell]) => cell(row)))).join('');
}

const line = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

const needsQuotes = /[",;\t\r\n]|^\s|\s$/;

function quoted(cell: string): string {
  const safe = withGuard(cell);
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const holderInWords = ({ object, objectType, distinguishedName, inputs, placed }: ReportHolder): string =>
  [
    `${objectType} ${object}`,
    ...(distinguishedName === '' ? [] : [` (${distinguishedName})`]),
    ...(inputs.length === 0 ? [] : [`: ${inputs.join(', ')}`]),
    ...(placed === '' ? [] : [` [${placed}]`]),
  ].join('');
