/** Bytes as they come, of any size. Each may be written over once the next is asked for. */
export type Chunks = AsyncIterable<Uint8Array>;

/** A longer line is no record of a directory; it is passed over without being held. */
export const longestLine = 64 * 2 ** 20;

/**
 * Cuts bytes at the ends of lines. Each answer consists of whole lines, the last of all perhaps without its end; it is
 * written over once the next is asked for. A line that is too long arrives as an empty one.
 */
export async function* wholeLines(
  chunks: Chunks,
  onTooLong: () => void,
  longest = longestLine,
): AsyncGenerator<Buffer> {
  let held = Buffer.allocUnsafe(2 ** 18);
  let length = 0;
  let isSkipping = false;
  for await (const chunk of chunks) {
    let bytes = asBuffer(chunk);
    if (isSkipping) {
      const end = bytes.indexOf(newline);
      if (end < 0) continue;
      bytes = bytes.subarray(end);
      isSkipping = false;
    }
    held = withRoom(held, length, bytes.length);
    bytes.copy(held, length);
    const end = bytes.lastIndexOf(newline);
    const complete = end < 0 ? 0 : length + end + 1;
    length += bytes.length;
    if (complete > 0) yield held.subarray(0, complete);
    held.copyWithin(0, complete, length);
    length -= complete;
    if (length > longest) {
      isSkipping = true;
      length = 0;
      onTooLong();
    }
  }
  if (length > 0) yield held.subarray(0, length);
}

/** A line as a range of bytes, without its end. The last one of all may have none. */
export type VisitLine = (start: number, end: number, isWhole: boolean) => void;

/** @param from where a line starts @returns where the next line starts after at most so many were visited */
export function eachLine(bytes: Buffer, from: number, most: number, visit: VisitLine): number {
  let start = from;
  for (let count = 0; count < most && start < bytes.length; count++) {
    const end = bytes.indexOf(newline, start);
    if (end < 0) {
      visit(start, bytes.length, false);
      return bytes.length;
    }
    visit(start, end, true);
    start = end + 1;
  }
  return start;
}

const newline = 10;

function withRoom(held: Buffer, length: number, more: number): Buffer<ArrayBuffer> {
  if (length + more <= held.length) return held as Buffer<ArrayBuffer>;
  const larger = Buffer.allocUnsafe(Math.max(held.length * 2, length + more));
  held.copy(larger, 0, 0, length);
  return larger;
}

const asBuffer = (chunk: Uint8Array): Buffer =>
  Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
