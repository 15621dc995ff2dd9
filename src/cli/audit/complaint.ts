/** Something of the input that could not be used as it is. */
export interface Complaint {
  /**
   * `notice`: nothing is lost. `lost`: a value or an object is not audited, so that the audit cannot call the directory clean.
   * `fatal`: nothing more can be read.
   */
  readonly grade: 'notice' | 'lost' | 'fatal';
  readonly message: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Which object of the file, counted from 1, where the line does not tell. */
  readonly object?: number;
  /** As the input spells it. */
  readonly field?: string;
}

export type Complain = (complaint: Complaint) => void;

const mostOfAKind = 20;

/** Prints complaints, of each kind only the first ones, and remembers whether anything was lost. */
export class Complaints {
  readonly #print: (line: string) => void;
  readonly #count = new Map<string, number>();
  #lost = false;
  #fatal = false;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  get lost(): boolean {
    return this.#lost;
  }

  get fatal(): boolean {
    return this.#fatal;
  }

  /**
   * Takes complaints of one input; what comes after a fatal one follows from it and is not told.
   * @param source what to call the input: the name of a file
   */
  about(source: string): Complain {
    let isOver = false;
    return (complaint) => {
      if (!isOver) this.#take(source, complaint);
      isOver ||= complaint.grade === 'fatal';
    };
  }

  /** Says how many of each kind were not printed. */
  finish(): void {
    for (const [kind, count] of this.#count)
      if (count > mostOfAKind) this.#print(`${kind}: ${count - mostOfAKind} more of this kind.`);
    this.#count.clear();
  }

  #take(source: string, { grade, message, line, object, field }: Complaint): void {
    this.#lost ||= grade !== 'notice';
    this.#fatal ||= grade === 'fatal';
    const kind = `${source}: ${field ?? message.replace(/\d+|'[^']*'/g, '…')}`;
    const count = (this.#count.get(kind) ?? 0) + 1;
    this.#count.set(kind, count);
    if (count > mostOfAKind) return;
    const place = [source, ...(line ? [`line ${line}`] : []), ...(object ? [`object ${object}`] : [])].join(', ');
    this.#print(printable(field === undefined ? `${place}: ${message}` : `${place}: ${field} ${message}`));
  }
}

/** Control and format characters of a file must not reach a terminal. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
