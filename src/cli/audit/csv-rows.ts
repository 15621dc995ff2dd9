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

/** The rows of a CSV text, that with the names of the columns first. The delimiter is found out. */
export async function* csvRows(octets: AsyncIterable<Buffer>, complain: Complain): AsyncGenerator<readonly CsvRow[]> {
  const head = await readCsvHead(octets, complain);
  if (head === null) return;
  let line = head.passedOver + 1;
  const parser = parse({
    delimiter: head.delimiter,
    encoding: 'latin1',
    info: true,
    max_record_size: longest,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      complain({ grade: 'lost', line, message: explain(error) });
      return undefined;
    },
  });
  let rows: CsvRow[] = [];
  for await (const { record, info } of Readable.from(head.rest).pipe(parser)) {
    rows.push({ line, cells: record });
    line = head.passedOver + info.lines + 1;
    if (rows.length < batch) continue;
    yield rows;
    rows = [];
  }
  yield rows;
}

function explain(error: CsvError | undefined): string {
  if (error?.code === 'CSV_QUOTE_NOT_CLOSED')
    return 'a quote opens in this row and is not closed; the row and what follows is lost.';
  if (error?.code === 'CSV_MAX_RECORD_SIZE')
    return `the row is longer than ${longestInWords}; it and what follows is not read.`;
  return `cannot be read: ${error?.message ?? 'no row'}`;
}
