import type { Complain } from './complaint.ts';
import { longest, longestInWords } from './input.ts';

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without its end. */
  readonly octets: Buffer;
  /** The text ends within the line: there is no end of line. */
  readonly last?: true;
}

const lineFeed = 10;
const carriageReturn = 13;

/** The lines of a text, those of one chunk at a time. A line that is too long to be one is complained of and left out. */
export async function* linesOf(source: AsyncIterable<Buffer>, complain: Complain): AsyncGenerator<readonly Line[]> {
  let number = 1;
  let pieces: Buffer[] = [];
  let held = 0;
  const finishLine = (rest: Buffer, last: boolean): Line | null => {
    const length = held + rest.length;
    const whole = pieces.length === 0 ? rest : Buffer.concat([...pieces, rest]);
    pieces = [];
    held = 0;
    if (length > longest) {
      complain({ grade: 'lost', line: number, message: `is longer than ${longestInWords} and is left out.` });
      return null;
    }
    const octets = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
    return { number, octets, ...(last ? { last } : {}) };
  };

  for await (const chunk of source) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      const line = finishLine(chunk.subarray(start, end), false);
      if (line !== null) lines.push(line);
      start = end + 1;
      number++;
    }
    const rest = chunk.subarray(start);
    held += rest.length;
    if (held > longest) pieces = [];
    else if (rest.length > 0) pieces.push(rest);
    if (lines.length > 0) yield lines;
  }
  const line = held === 0 ? null : finishLine(Buffer.alloc(0), true);
  if (line !== null) yield [line];
}
