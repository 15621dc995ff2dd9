import type { Complain } from './complaint.ts';
import { longest, longestInWords } from './input.ts';

/** What must be known before the rows of a CSV text can be read. */
export interface CsvHead {
  readonly delimiter: string;
  /** Lines before the one with the names of the columns. */
  readonly passedOver: number;
  /** The text from the names on. */
  readonly rest: AsyncIterable<Buffer>;
}

const delimiters = [',', ';', '\t', '|'] as const;
const lineFeed = 10;

/**
 * Reads up to the names of the columns, which tell the delimiter. Windows PowerShell writes a line `#TYPE ...` before them,
 * Excel `sep=;`.
 *
 * @returns null, after a complaint, when there is no line with names
 */
export async function readCsvHead(octets: AsyncIterable<Buffer>, complain: Complain): Promise<CsvHead | null> {
  const chunks = octets[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let passedOver = 0;
  let delimiter: string | undefined;
  for (let done = false; ; ) {
    const end = head.indexOf(lineFeed);
    if (end < 0 && !done) {
      if (head.length > longest) {
        complain({
          grade: 'fatal',
          line: 1,
          message: `has no end within ${longestInWords}; the names of the columns were expected.`,
        });
        return null;
      }
      const next = await chunks.next();
      if (next.done) done = true;
      else head = Buffer.concat([head, next.value]);
      continue;
    }
    const line = (end < 0 ? head : head.subarray(0, end)).toString('latin1').trim();
    const separator = /^"?sep=(.)"?$/i.exec(line)?.[1];
    if (separator === undefined && line !== '' && !line.startsWith('#TYPE'))
      return { delimiter: delimiter ?? delimiterOf(line), passedOver, rest: following(head, chunks) };
    if (end < 0) {
      complain({
        grade: 'fatal',
        line: passedOver + 1,
        message: 'the names of the columns were expected, and there is nothing.',
      });
      return null;
    }
    delimiter = separator ?? delimiter;
    head = head.subarray(end + 1);
    passedOver++;
  }
}

/** The one that separates most; a comma when none does. */
function delimiterOf(line: string): string {
  const unquoted = line.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => unquoted.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

async function* following(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}
