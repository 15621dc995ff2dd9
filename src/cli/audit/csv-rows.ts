import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import type { Complain } from './complaint.ts';
import { readCsvHead } from './csv-head.ts';
import { longest, longestInWords } from './input.ts';

export interface CsvRow {
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** Octets as Latin-1, which keeps what is not valid UTF-8 apart from what is. */
  readonly cells: readonly string[];
}

const batch = 256;
const lineFeed = 10;
const carriageReturn = 13;

/** The rows of a CSV text, that with the names of the columns first. The delimiter is found out. */
export async function* csvRows(octets: AsyncIterable<Buffer>, complain: Complain): AsyncGenerator<readonly CsvRow[]> {
  const head = await readCsvHead(octets, complain);
  if (head === null) return;
  // The parser runs ahead of who reads its rows, so lines are counted where it makes them.
  const starts: number[] = [];
  let next = head.passedOver + 1;
  let isLost = false;
  const parser = parse({
    delimiter: head.delimiter,
    encoding: 'latin1',
    max_record_size: longest,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_record: (cells: string[], { lines }) => {
      if (isLost) return null;
      const last = head.passedOver + lines;
      next = last + 1;
      starts.push(last - endsOfLinesIn(cells));
      return cells;
    },
    on_skip: (error) => {
      // After a row that is too long it stops at every chunk again.
      if (!isLost) complain({ grade: 'lost', line: next, message: explain(error) });
      isLost = true;
      return undefined;
    },
  });
  let rows: CsvRow[] = [];
  let begun = head.passedOver + 1;
  let last: number | undefined;
  const rest = watched(head.rest, (octet) => {
    last = octet;
  });
  for await (const cells of Readable.from(rest).pipe(parser)) {
    begun = starts.shift() ?? begun;
    rows.push({ line: begun, cells });
    if (rows.length < batch) continue;
    yield rows;
    rows = [];
  }
  yield rows;
  if (last === lineFeed || last === carriageReturn || isLost) return;
  const message = 'the input ends without an end of line; if it was cut, the last value may be incomplete.';
  complain({ grade: 'notice', line: begun, message });
}

/** @param onLast is told the last octet of each chunk */
async function* watched(chunks: AsyncIterable<Buffer>, onLast: (octet: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const last = chunk.at(-1);
    if (last !== undefined) onLast(last);
    yield chunk;
  }
}

function endsOfLinesIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  return count;
}

function explain(error: CsvError | undefined): string {
  if (error?.code === 'CSV_QUOTE_NOT_CLOSED')
    return 'a quote opens in this row and is not closed; the row and what follows is lost.';
  if (error?.code === 'CSV_MAX_RECORD_SIZE')
    return `the row is longer than ${longestInWords}; it and what follows is not read.`;
  return `cannot be read: ${error?.message ?? 'no row'}`;
}
