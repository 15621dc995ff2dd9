import stringWidth from 'string-width';
import { printable } from './complaint.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const ascii = /^[\x20-\x7e]*$/;

const widthOf = (text: string): number => (ascii.test(text) ? text.length : stringWidth(text));

/** Filled with spaces to so many columns of a terminal. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/**
 * A text as lines of at most so many columns of a terminal, broken at spaces where there are any. What does not fit into the
 * lines ends with `…`.
 */
export function wrapped(text: string, width: number, mostLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(/(?<=\S)(?=\s)/)) {
    if (widthOf(line) + widthOf(word) <= width) {
      line += word;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = piecesOf(lines.length === 0 ? word : word.trimStart(), width);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  lines.push(line);
  if (lines.length <= mostLines) return lines;
  const last = lines[mostLines - 1] ?? '';
  return [...lines.slice(0, mostLines - 1), `${widthOf(last) < width ? last : last.slice(0, -1)}…`];
}

/** A word that is too long for a line. */
function piecesOf(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const { segment } of graphemes.segment(word)) {
    const more = widthOf(segment);
    if (used + more > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += segment;
    used += more;
  }
  pieces.push(piece);
  return pieces;
}
