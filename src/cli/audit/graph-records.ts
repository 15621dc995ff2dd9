import type { Complain } from './complaint.ts';
import { type InputRecord, longest, longestInWords } from './input.ts';
import { JsonElements } from './json-elements.ts';
import { jsonObject } from './json-object.ts';

/** What Graph says of a list as a whole; empty for a bare array. */
export interface GraphRecord extends InputRecord {
  /** `https://graph.microsoft.com/v1.0/$metadata#users(id,mail)` */
  readonly context: string;
}

/**
 * The entries of a list as Microsoft Graph answers it, `{ "value": [...] }`, or of one array of all entries, which is read as
 * it comes. Names may begin with a capital, as PowerShell writes them.
 */
export async function* graphRecords(
  octets: AsyncIterable<Buffer>,
  complain: Complain,
): AsyncGenerator<readonly GraphRecord[]> {
  const elements = new JsonElements(complain);
  const pieces: Buffer[] = [];
  let held = 0;
  let isPage: boolean | null = null;
  for await (const chunk of octets) {
    isPage ??= beginsWithBrace(chunk);
    if (!isPage) {
      const entries = elements.cut(chunk).flatMap((one) => jsonObject(one.octets, one.line, complain) ?? []);
      yield entries.map((entry) => asGraphNames(entry, ''));
      if (elements.ended) return;
      continue;
    }
    pieces.push(chunk);
    held += chunk.length;
    if (held > longest) {
      const remedy = 'Save all entries as one array, which is read piece by piece.';
      return complain({ grade: 'fatal', message: `is an answer of more than ${longestInWords}. ${remedy}` });
    }
  }
  if (isPage) yield pageOf(Buffer.concat(pieces), complain);
  else elements.finish();
}

/** @returns null: so far there is nothing but space */
function beginsWithBrace(chunk: Buffer): boolean | null {
  const text = chunk.toString('latin1').trimStart();
  return text === '' ? null : text.startsWith('{');
}

function pageOf(octets: Buffer, complain: Complain): GraphRecord[] {
  const page = jsonObject(octets, 1, complain)?.record;
  if (page === undefined) return [];
  const { value, '@odata.context': context = '', '@odata.nextLink': next } = page;
  if (!Array.isArray(value)) {
    complain({ grade: 'fatal', message: 'is neither a list of Microsoft Graph ({ "value": [...] }) nor one array.' });
    return [];
  }
  if (next !== undefined)
    complain({
      grade: 'lost',
      message: 'is one page of several (@odata.nextLink): the objects of the others are missing.',
    });
  return value.flatMap((entry: unknown) => {
    if (typeof entry === 'object' && entry !== null && !Array.isArray(entry))
      return asGraphNames({ line: 1, record: entry as InputRecord['record'] }, String(context));
    complain({ grade: 'lost', message: 'an entry of the list is no object.' });
    return [];
  });
}

const asGraphNames = ({ line, record }: InputRecord, context: string): GraphRecord => ({
  line,
  record: withSmallInitials(record) as InputRecord['record'],
  context,
});

function withSmallInitials(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(withSmallInitials);
  if (typeof given !== 'object' || given === null || given instanceof Uint8Array) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      withSmallInitials(value),
    ]),
  );
}
