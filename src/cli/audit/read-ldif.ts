import { isUtf8 } from 'node:buffer';
import { isCounted } from '../../audit/read-names.ts';
import type { Complain } from './complaint.ts';
import { type InputRecord, longest, longestInWords } from './input.ts';
import { linesOf } from './text-lines.ts';

const space = 32;
const numberSign = 35;

/** An attribute description and its value, as it stands in the text. */
interface Entry {
  readonly line: number;
  readonly octets: Buffer;
}

/**
 * The entries of LDIF (RFC 2849), as ldifde and ldapsearch write them. Change records are refused, but for `changetype: add`,
 * with which ldifde exports.
 */
export async function* readLdif(
  octets: AsyncIterable<Buffer>,
  complain: Complain,
): AsyncGenerator<readonly InputRecord[]> {
  const folded = new Unfolding();
  let record = new LdifRecord(complain);
  let seen = false;
  const take = (entry: Entry | 'blank', records: InputRecord[]): void => {
    const isNext = entry !== 'blank' && record.hasName && isName(entry);
    if (isNext) complain({ grade: 'notice', line: entry.line, message: withoutBlankLine });
    if (entry === 'blank' || isNext) {
      const finished = record.finish();
      if (finished !== null) records.push(finished);
      seen ||= finished !== null || record.begun;
      record = new LdifRecord(complain);
    }
    if (entry !== 'blank') record.add(entry);
  };

  for await (const lines of linesOf(octets, complain)) {
    const records: InputRecord[] = [];
    for (const line of lines) {
      for (const entry of folded.add({ line: line.number, octets: line.octets })) take(entry, records);
      if (line.last && line.octets.length > 0) {
        const message = 'the input ends without an end of line; if it was cut, the last value may be incomplete.';
        complain({ grade: 'notice', line: line.number, message });
      }
    }
    yield records;
  }
  const records: InputRecord[] = [];
  for (const entry of [...folded.finish(), 'blank' as const]) take(entry, records);
  yield records;
  if (!seen) complain({ grade: 'fatal', message: 'holds no LDIF entry: none begins with dn:.' });
}

/** Joins lines that begin with a space to the one before, and leaves comments out. */
class Unfolding {
  #first: Entry | null = null;
  #rest: Buffer[] = [];

  add(line: Entry): (Entry | 'blank')[] {
    if (line.octets[0] === space && this.#first !== null) {
      this.#rest.push(line.octets.subarray(1));
      return [];
    }
    const finished = this.finish();
    if (line.octets.length === 0) return [...finished, 'blank'];
    this.#first = line;
    return finished;
  }

  finish(): Entry[] {
    const first = this.#first;
    if (first === null) return [];
    const octets = this.#rest.length === 0 ? first.octets : Buffer.concat([first.octets, ...this.#rest]);
    this.#first = null;
    this.#rest = [];
    return octets[0] === numberSign ? [] : [{ line: first.line, octets }];
  }
}

/** Two files that were joined, of which the first had no blank line at its end or was cut. */
const withoutBlankLine =
  'an entry begins without a blank line before it; if what is before it was cut, its last value may be incomplete.';

const isName = ({ octets }: Entry): boolean => /^dn:/i.test(octets.toString('latin1', 0, 3));

const colon = 58;
const less = 60;

/** An attribute description (RFC 4512 2.5) and what follows from it. */
interface Description {
  /** As the record names it. */
  readonly field: string;
  readonly lower: string;
  /** Of its values only the number is wanted: members of a large group need not be held. */
  readonly isCounted: boolean;
}

const descriptionForm = /^(?:[A-Za-z][\w.-]*|\d+(?:\.\d+)*)(?:;[\w*;=-]+)?$/;
const descriptions = new Map<string, Description | null>();

/** @returns null when the text describes no attribute */
function descriptionOf(text: string): Description | null {
  const known = descriptions.get(text);
  if (known !== undefined) return known;
  const lower = text.toLowerCase();
  const field = lower === 'dn' ? 'dn' : text;
  const made = descriptionForm.test(text) ? { field, lower, isCounted: isCounted(text) } : null;
  // A directory has some hundreds; a text that is no LDIF may have any number.
  if (descriptions.size < 10_000) descriptions.set(text, made);
  return made;
}

/** `name:value`, `name:: Base64`, `name:< URL`; spaces before the value do not belong to it. */
function valueFrom(octets: Buffer, start: number): Buffer {
  let from = start;
  while (octets[from] === space) from++;
  return octets.subarray(from);
}

/** What is not valid UTF-8 stays octets: who reads it says so. */
function textOrOctets(octets: Buffer): string | Buffer {
  const text = octets.toString('utf8');
  return text.includes('\uFFFD') && !isUtf8(octets) ? octets : text;
}

type Value = string | Buffer;

class LdifRecord {
  readonly #complain: Complain;
  readonly #values = new Map<string, Value[]>();
  readonly #lines: Record<string, number> = {};
  /** Attributes whose value is there and is lost. */
  readonly #unreadable: string[] = [];
  /** Line of the first entry; 0: none yet. */
  #start = 0;
  /** Octets of the values that are kept. */
  #size = 0;
  #passedOver = false;

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  /** Whether it holds more than `version:`. */
  get begun(): boolean {
    return this.#start > 0;
  }

  /** Whether it has its `dn:`, of which there is one. */
  get hasName(): boolean {
    return this.#lines['dn'] !== undefined;
  }

  add({ line, octets }: Entry): void {
    if (this.#passedOver) return;
    const end = octets.indexOf(colon);
    const description = end < 0 ? null : descriptionOf(octets.toString('latin1', 0, end));
    if (description === null) {
      this.#lose(line, 'is neither an attribute with a value nor a comment.');
      return;
    }
    if (description.lower === 'version' && !this.begun) return;
    this.#start ||= line;
    const mark = octets[end + 1];
    const value = valueFrom(octets, mark === colon || mark === less ? end + 2 : end + 1);
    if (description.lower === 'changetype') this.#changeType(line, value.toString('utf8'));
    else if (mark === less) this.#lose(line, 'refers to a URL; it is not fetched.', description.field);
    else if (mark === colon) this.#keepDecoded(line, description, value.toString('latin1'));
    else this.#keep(line, description, textOrOctets(value));
  }

  finish(): InputRecord | null {
    if (this.#passedOver || !this.begun) return null;
    if (!this.#lines['dn']) {
      if (isIdFixLog(this.#values)) this.#complain({ grade: 'fatal', line: this.#start, message: idFixLog });
      else if (!isTrailer(this.#values)) this.#lose(this.#start, 'this entry has no dn: and is left out.');
      return null;
    }
    const lost = this.#unreadable.length === 0 ? {} : { unreadable: this.#unreadable };
    return { line: this.#start, record: { ...Object.fromEntries(this.#values), ...lost }, lines: this.#lines };
  }

  #keep(line: number, { field, isCounted: onlyCounted }: Description, given: Value): void {
    this.#lines[field] ??= line;
    const values = this.#values.get(field);
    const value = onlyCounted ? '' : given;
    if (values === undefined) this.#values.set(field, [value]);
    else values.push(value);
    this.#size += value.length;
    if (this.#size <= longest) return;
    this.#passOver(this.#start, `the entry that begins here is longer than ${longestInWords} and is left out.`);
  }

  /** Octets, also where they happen to be text: the attribute says what they are. */
  #keepDecoded(line: number, description: Description, text: string): void {
    const base64 = text.trim();
    if (/^[A-Za-z0-9+/]*={0,2}$/.test(base64) && base64.length % 4 === 0)
      this.#keep(line, description, Buffer.from(base64, 'base64'));
    else this.#lose(line, 'is not Base64.', description.field);
  }

  #changeType(line: number, type: string): void {
    if (type.trim().toLowerCase() === 'add') return;
    const kind = `'changetype: ${type.trim()}'`;
    this.#passOver(line, `${kind} tells of a change, not of an object, and is left out; export the objects.`);
  }

  #passOver(line: number, message: string): void {
    this.#passedOver = true;
    this.#values.clear();
    this.#lose(line, message);
  }

  #lose(line: number, message: string, field?: string): void {
    if (field !== undefined) this.#unreadable.push(field);
    this.#complain({ grade: 'lost', line, message, ...(field === undefined ? {} : { field }) });
  }
}

/** What ldapsearch writes beside the entries. */
const isTrailer = (values: ReadonlyMap<string, unknown>): boolean =>
  ['search', 'result', 'ref'].some((name) => values.has(name));

const idFixLog = 'this is what IdFix wrote down, not objects. Give it with --idfix beside the objects.';

const isIdFixLog = (values: ReadonlyMap<string, unknown>): boolean =>
  ['distinguishedName', 'attribute', 'value', 'update'].every((name) => values.has(name));
