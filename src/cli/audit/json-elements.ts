import type { Complain } from './complaint.ts';
import { longest, longestInWords } from './input.ts';

export interface JsonElement {
  /** Where its first character stands. */
  readonly line: number;
  /** Which one of the array, counted from 1, where the one before begins on the same line. */
  readonly object?: number;
  /** Not yet parsed; it may be anything between two commas. */
  readonly octets: Buffer;
}

// biome-ignore format: a table
const tab = 9, lineFeed = 10, carriageReturn = 13, space = 32, quote = 34, comma = 44, openArray = 91, backslash = 92,
  closeArray = 93, openObject = 123, closeObject = 125;

/**
 * Cuts one JSON array into its elements without parsing them: so a mistake in one costs that one, and JSON.parse, which is
 * ten times as fast as a parser of pieces, does the rest.
 */
export class JsonElements {
  readonly #complain: Complain;
  #state: 'before' | 'within' | 'after' | 'ended' = 'before';
  #depth = 0;
  #inText = false;
  #escaped = false;
  #line = 1;
  /** Pieces of the element that the last chunk left unfinished. */
  #pieces: Buffer[] = [];
  #held = 0;
  /** Line of the element's first character; 0: none yet. */
  #start = 0;
  #count = 0;
  #lineBefore = 0;

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** @returns the elements that this chunk completes */
  cut(chunk: Buffer): readonly JsonElement[] {
    const elements: JsonElement[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length && !this.ended; at++) {
      const octet = chunk[at] as number;
      if (this.#inText) {
        at = this.#passText(chunk, at);
        continue;
      }
      if (octet === lineFeed) this.#line++;
      if (octet <= space && (octet === space || octet === lineFeed || octet === carriageReturn || octet === tab))
        continue;
      if (this.#state !== 'within') {
        this.#outside(octet);
        start = at + 1;
        continue;
      }
      const atTop = this.#depth === 0;
      if (atTop && (octet === comma || octet === closeArray)) {
        this.#finish(chunk.subarray(start, at), octet === closeArray, elements);
        start = at + 1;
        continue;
      }
      if (this.#start === 0) this.#start = this.#line;
      if (octet === quote) this.#inText = true;
      else if (octet === openObject || octet === openArray) this.#depth++;
      else if ((octet === closeObject || octet === closeArray) && !atTop) this.#depth--;
    }
    if (this.#state === 'within') this.#hold(chunk.subarray(start));
    return elements;
  }

  /** The text is at its end. */
  finish(): void {
    if (this.#state === 'before') this.#end('fatal', 'one array of objects was expected, and there is nothing.');
    if (this.#state === 'within')
      this.#end('lost', `the input ends within its array, after ${this.#count} complete objects: it seems to be cut.`);
  }

  /** @returns the position of the text's last octet in this chunk */
  #passText(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at++;
    }
    for (; at < chunk.length; at++) {
      const octet = chunk[at];
      if (octet === backslash) {
        this.#escaped = at + 1 === chunk.length;
        at++;
      } else if (octet === quote) {
        this.#inText = false;
        return at;
      }
    }
    return chunk.length;
  }

  #outside(octet: number): void {
    if (this.#state === 'after') this.#end('lost', 'what follows the array is not read.');
    else if (octet === openArray) this.#state = 'within';
    else this.#end('fatal', 'one array of objects was expected (one object a line is format ndjson).');
  }

  #hold(rest: Buffer): void {
    this.#held += rest.length;
    this.#pieces.push(rest);
    if (this.#held > longest)
      this.#end('lost', `an object is longer than ${longestInWords}; it and what follows is not read.`);
  }

  #finish(rest: Buffer, last: boolean, elements: JsonElement[]): void {
    const octets = this.#pieces.length === 0 ? rest : Buffer.concat([...this.#pieces, rest]);
    if (this.#start > 0) elements.push({ line: this.#start, ...this.#sameLine(), octets });
    else if (!last || this.#count > 0)
      this.#complain({ grade: 'lost', line: this.#line, message: 'a comma too many.' });
    if (this.#start > 0) {
      this.#count++;
      this.#lineBefore = this.#start;
    }
    this.#pieces = [];
    this.#held = 0;
    this.#start = 0;
    if (last) this.#state = 'after';
  }

  #sameLine(): { object?: number } {
    return this.#start === this.#lineBefore ? { object: this.#count + 1 } : {};
  }

  #end(grade: 'lost' | 'fatal', message: string): void {
    this.#state = 'ended';
    this.#pieces = [];
    this.#complain({ grade, line: this.#start || this.#line, message });
  }
}
