import { isUtf8 } from 'node:buffer';
import type { AuditSource, ObjectBatches, OrdinalObject } from '../../audit/audit.ts';
import type { AuditObject } from '../../audit/audit-object.ts';
import { asAuditObject } from './audit-object-shape.ts';
import { type Chunks, eachLine, longestLine, type VisitLine, wholeLines } from './lines.ts';

/** What kept a line from being read, or from being read as it stands. */
export interface LineProblem {
  /** The first line is 1. */
  readonly line: number;
  /** What is wrong, and what became of the line. */
  readonly message: string;
}

/** Makes the object of a parsed line. @returns why there is none, as text */
export type ObjectOfLine = (parsed: unknown, line: number) => AuditObject | string;

/**
 * Objects one a line. A line that cannot be read is named once and left out, in both readings; the rest is audited.
 *
 * @param open gives the same bytes each time
 * @param objectOf for lines that are not AuditObjects as they stand
 */
export function ndjsonSource(
  open: () => Chunks,
  onProblem: (problem: LineProblem) => void,
  objectOf: ObjectOfLine = asAuditObject,
): AuditSource {
  const leftOut = new Set<number>();
  return {
    async *first(): ObjectBatches {
      leftOut.clear();
      const lines = new Lines(open, onProblem);
      for await (const bytes of lines.read()) {
        let batch: AuditObject[] = [];
        const take: VisitLine = (start, end, isWhole) => {
          const object = lines.parse(bytes, start, end, isWhole, objectOf);
          if (object === null) leftOut.add(lines.line);
          else batch.push(object);
        };
        for (let from = 0; from < bytes.length; batch = []) {
          from = lines.each(bytes, from, batchSize, take);
          yield batch;
        }
      }
    },
    async *again(wanted: (ordinal: number) => boolean): AsyncGenerator<readonly OrdinalObject[]> {
      const lines = new Lines(open, () => undefined);
      let next = 0;
      for await (const bytes of lines.read()) {
        const batch: OrdinalObject[] = [];
        lines.each(bytes, 0, Number.POSITIVE_INFINITY, (start, end, isWhole) => {
          if (leftOut.has(lines.line)) return;
          const ordinal = next++;
          if (!wanted(ordinal)) return;
          const object = lines.parse(bytes, start, end, isWhole, objectOf);
          if (object !== null) batch.push({ ordinal, object });
        });
        if (batch.length > 0) yield batch;
      }
    },
  };
}

/** So few that they die young: a collection of the new generation then costs next to nothing. */
const batchSize = 32;

/** One reading of the lines. */
class Lines {
  /** Number of the line that is being looked at. */
  line = 0;
  readonly #open: () => Chunks;
  readonly #onProblem: (problem: LineProblem) => void;
  #checked: Buffer | null = null;
  #isChecked = false;

  constructor(open: () => Chunks, onProblem: (problem: LineProblem) => void) {
    this.#open = open;
    this.#onProblem = onProblem;
  }

  read(): AsyncGenerator<Buffer> {
    return wholeLines(this.#open(), () => {
      this.#report(
        this.line + 1,
        `it is longer than ${longestLine / 2 ** 20} MB, which no directory object is; left out`,
      );
    });
  }

  /** Blank lines are counted and passed over. */
  each(bytes: Buffer, from: number, most: number, visit: VisitLine): number {
    return eachLine(bytes, from, most, (start, end, isWhole) => {
      this.line++;
      if (isBlank(bytes, start, end)) return;
      visit(start, end, isWhole);
    });
  }

  parse(bytes: Buffer, start: number, end: number, isWhole: boolean, objectOf: ObjectOfLine): AuditObject | null {
    const text = bytes.toString('utf8', this.line === 1 ? start + byteOrderMark(bytes) : start, end);
    const parsed = parseJson(text);
    if (parsed instanceof Error) {
      const why = isWhole ? `it is not JSON (${parsed.message})` : 'the data ends in the middle of it';
      return this.#leaveOut(why);
    }
    if (!this.#isAllUtf8(bytes) && !isUtf8(bytes.subarray(start, end))) {
      this.#report(this.line, `it is not valid UTF-8; the bytes in question are read as ${replacement}`);
    }
    const object = objectOf(parsed, this.line);
    return typeof object === 'string' ? this.#leaveOut(object) : object;
  }

  /** Asked once for many lines. */
  #isAllUtf8(bytes: Buffer): boolean {
    if (this.#checked !== bytes) {
      this.#checked = bytes;
      this.#isChecked = isUtf8(bytes);
    }
    return this.#isChecked;
  }

  #leaveOut(why: string): null {
    this.#report(this.line, `${why}; left out`);
    return null;
  }

  #report(line: number, message: string): void {
    this.#onProblem({ line, message });
  }
}

const replacement = '\uFFFD';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const openingBrace = 123;

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  return bytes[start] !== openingBrace && bytes.toString('latin1', start, end).trim() === '';
}

function byteOrderMark(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
