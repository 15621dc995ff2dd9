/*
 * What begins with one of these is a formula to a spreadsheet, also in full width, and, to some, after spaces, quotes and
 * characters that nobody sees. A cell begins at its first character; after a semicolon, a tab or the end of a line too, where a
 * spreadsheet separates cells by semicolons and so does not heed our quotes (Excel in most of Europe).
 *
 * Source: OWASP, "CSV Injection" (read 2026-11-29).
 */
const formula = String.raw`[\s"'\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]`;
const begins = String.raw`(?<=^|[;\t\r\n])`;
const unguarded = new RegExp(`${begins}(?=${formula})|^(?='*[\\t\\r\\n])`, 'gu');
const guarded = new RegExp(`${begins}'(?=${formula})|^'(?='*[\\t\\r\\n])`, 'gu');

/** A text that a spreadsheet takes for text: an apostrophe stands before whatever it would run. */
export const withGuard = (text: string): string => text.replace(unguarded, "'");

/** The text that `withGuard` was given. */
export const withoutGuard = (text: string): string => text.replace(guarded, '');
