import { type Chunks, eachLine, wholeLines } from './lines.ts';

/** Parsed lines of JSON, as many at a time as the bytes bring. For files that Syncmend wrote itself: @throws on anything else */
export async function* jsonLines(chunks: Chunks): AsyncGenerator<readonly unknown[]> {
  const tooLong = (): never => {
    throw new Error('a line of a file of the audit is too long');
  };
  for await (const bytes of wholeLines(chunks, tooLong)) {
    const values: unknown[] = [];
    eachLine(bytes, 0, Number.POSITIVE_INFINITY, (start, end) => {
      if (end > start) values.push(JSON.parse(bytes.toString('utf8', start, end)));
    });
    if (values.length > 0) yield values;
  }
}
