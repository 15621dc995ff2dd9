import { invalidQuery } from './answer.ts';

export type Literal = string | number | boolean | null;
export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'startsWith' | 'endsWith' | 'contains';

/** An OData $filter. A path within a lambda starts with the lambda's variable. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly inner: Filter }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly path: Path; readonly value: Literal }
  | { readonly kind: 'in'; readonly path: Path; readonly values: readonly Literal[] }
  | { readonly kind: 'text'; readonly function: TextFunction; readonly path: Path; readonly value: string }
  | { readonly kind: 'any' | 'all'; readonly path: Path; readonly variable?: string; readonly body?: Filter };

export type Path = readonly [string, ...string[]];

const token = /\s*(?:(?<text>'(?:[^']|'')*')|(?<punctuation>[(),:/])|(?<word>[^\s'(),:/]+(?::[0-9][^\s'(),/]*)?))/y;
const comparisons: readonly string[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const textFunctions: Readonly<Record<string, TextFunction>> = {
  startswith: 'startsWith',
  endswith: 'endsWith',
  contains: 'contains',
};

export function parseFilter(text: string): Filter {
  const parser = new FilterParser(tokenize(text));
  return parser.whole();
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== '') {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw invalidQuery(`Invalid filter clause: Syntax error at position ${start} in '${text}'.`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** Recursive descent, lowest precedence first: or, and, not, comparison. */
class FilterParser {
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  whole(): Filter {
    const filter = this.#or();
    if (this.#peek() !== undefined) throw this.#syntaxError();
    return filter;
  }

  #or(): Filter {
    let left = this.#and();
    while (this.#takes('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Filter {
    let left = this.#not();
    while (this.#takes('and')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Filter {
    if (this.#takes('not')) return { kind: 'not', inner: this.#not() };
    if (this.#takes('(')) {
      const inner = this.#or();
      this.#demand(')');
      return inner;
    }
    return this.#condition();
  }

  #condition(): Filter {
    const called = textFunctions[(this.#peek() ?? '').toLowerCase()];
    if (called && this.#peek(1) === '(') return this.#text(called);
    const path = this.#path();
    const last = path.at(-1);
    if ((last === 'any' || last === 'all') && this.#peek() === '(') return this.#lambda(last, path);
    if (this.#takes('in')) return { kind: 'in', path, values: this.#list() };
    const operator = this.#next().toLowerCase();
    if (!comparisons.includes(operator)) throw this.#syntaxError();
    return { kind: 'compare', operator: operator as Comparison, path, value: this.#literal() };
  }

  #text(called: TextFunction): Filter {
    this.#next();
    this.#demand('(');
    const path = this.#path();
    this.#demand(',');
    const value = this.#literal();
    this.#demand(')');
    if (this.#takes('eq') && this.#literal() !== true) throw this.#syntaxError();
    return { kind: 'text', function: called, path, value: String(value) };
  }

  #lambda(kind: 'any' | 'all', path: Path): Filter {
    const collection = path.slice(0, -1) as unknown as Path;
    this.#demand('(');
    if (this.#takes(')')) return { kind, path: collection };
    const variable = this.#next();
    this.#demand(':');
    const body = this.#or();
    this.#demand(')');
    return { kind, path: collection, variable, body };
  }

  #path(): Path {
    const path: [string, ...string[]] = [this.#name()];
    while (this.#takes('/')) path.push(this.#name());
    return path;
  }

  #list(): Literal[] {
    this.#demand('(');
    const values = [this.#literal()];
    while (this.#takes(',')) values.push(this.#literal());
    this.#demand(')');
    return values;
  }

  #name(): string {
    const name = this.#next();
    if (!/^[A-Za-z_][\w.]*$/.test(name)) throw this.#syntaxError();
    return name;
  }

  #literal(): Literal {
    const text = this.#next();
    if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
    if (text === 'null') return null;
    if (text === 'true' || text === 'false') return text === 'true';
    if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
    if (/^[0-9a-f-]{36}$/i.test(text) || !Number.isNaN(Date.parse(text))) return text;
    throw this.#syntaxError();
  }

  #peek(ahead = 0): string | undefined {
    return this.#tokens[this.#position + ahead];
  }

  #takes(expected: string): boolean {
    if (this.#peek()?.toLowerCase() !== expected) return false;
    this.#position++;
    return true;
  }

  #demand(expected: string): void {
    if (!this.#takes(expected)) throw this.#syntaxError();
  }

  #next(): string {
    const next = this.#peek();
    if (next === undefined) throw this.#syntaxError();
    this.#position++;
    return next;
  }

  #syntaxError() {
    const found = this.#peek() === undefined ? 'the end' : `'${this.#peek()}'`;
    return invalidQuery(`Invalid filter clause: Syntax error at ${found} in '${this.#tokens.join(' ')}'.`);
  }
}
