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
    if (entry !== 'blank') {
      record.add(entry);
      return;
    }
    const finished = record.finish();
    if (finished !== null) records.push(finished);
    seen ||= finished !== null || record.begun;
    record = new LdifRecord(complain);
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

/** How the text gives a value: as it is, in Base64 (`::`), or by a URL (`:<`). */
const entryForm = /^([A-Za-z][\w.;*-]*|\d+(?:\.\d+)*(?:;[\w;*-]+)?):(:|<)?[ ]*/;

type Value = string | Buffer;

class LdifRecord {
  readonly #complain: Complain;
  readonly #values = new Map<string, Value[]>();
  readonly #lines: Record<string, number> = {};
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

  add({ line, octets }: Entry): void {
    const text = octets.toString('latin1');
    const [head, attribute, kind] = entryForm.exec(text) ?? [];
    if (head === undefined || attribute === undefined) {
      this.#lose(line, 'is neither an attribute with a value nor a comment.');
      return;
    }
    const name = attribute.toLowerCase();
    if (name === 'version' && !this.begun) return;
    this.#start ||= line;
    if (this.#passedOver) return;
    if (name === 'changetype') this.#changeType(line, text.slice(head.length));
    else if (kind === '<') this.#lose(line, 'refers to a URL; it is not fetched.', attribute);
    else if (kind === ':') this.#keepDecoded(line, attribute, text.slice(head.length));
    else this.#keep(line, attribute, octets.subarray(head.length));
  }

  finish(): InputRecord | null {
    if (this.#passedOver || !this.begun) return null;
    if (!this.#lines['dn']) {
      if (!isTrailer(this.#values)) this.#lose(this.#start, 'this entry has no dn: and is left out.');
      return null;
    }
    return { line: this.#start, record: Object.fromEntries(this.#values), lines: this.#lines };
  }

  #keep(line: number, attribute: string, octets: Buffer): void {
    const name = attribute.toLowerCase() === 'dn' ? 'dn' : attribute;
    this.#lines[name] ??= line;
    const values = this.#values.get(name);
    // Of these only the number is wanted: members of a large group need not be held.
    const value = isCounted(name) ? '' : isUtf8(octets) ? octets.toString('utf8') : octets;
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
    this.#size += value.length;
    if (this.#size <= longest) return;
    this.#passOver(this.#start, `the entry that begins here is longer than ${longestInWords} and is left out.`);
  }

  #keepDecoded(line: number, attribute: string, text: string): void {
    const base64 = text.trim();
    if (/^[A-Za-z0-9+/]*={0,2}$/.test(base64) && base64.length % 4 === 0)
      this.#keep(line, attribute, Buffer.from(base64, 'base64'));
    else this.#lose(line, 'is not Base64.', attribute);
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
    this.#complain({ grade: 'lost', line, message, ...(field === undefined ? {} : { field }) });
  }
}

/** What ldapsearch writes beside the entries. */
const isTrailer = (values: ReadonlyMap<string, unknown>): boolean =>
  ['search', 'result', 'ref'].some((name) => values.has(name));
