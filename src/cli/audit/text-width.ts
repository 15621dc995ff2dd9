import stringWidth from 'string-width';
import { printable } from './complaint.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const ascii = /^[\x20-\x7e]*$/;

/** A cell of a table: exactly so many columns of a terminal wide, cut with `…` or filled with spaces. */
export function fitted(text: string, width: number): string {
  const shown = printable(text);
  if (ascii.test(shown))
    return shown.length <= width ? shown.padEnd(width) : `${shown.slice(0, Math.max(0, width - 1))}…`.slice(0, width);
  const wide = stringWidth(shown);
  if (wide <= width) return shown + ' '.repeat(width - wide);
  let cut = '';
  let used = 0;
  for (const { segment } of graphemes.segment(shown)) {
    const more = stringWidth(segment);
    if (used + more > width - 1) break;
    cut += segment;
    used += more;
  }
  return `${cut}…${' '.repeat(width - used - 1)}`;
}
