import { randomUUID } from 'node:crypto';
import { Refused } from './answer.ts';

interface Remainder {
  readonly items: readonly unknown[];
  readonly from: number;
}

const mostTokens = 200;

/** What is still to come of lists that were cut into pages, by skip token. A token can be used again. */
export class Pages {
  readonly #remainders = new Map<string, Remainder>();

  /** The first page of `items`, and the token of the next one. */
  first<T>(items: readonly T[], size: number): { readonly page: readonly T[]; readonly nextToken?: string } {
    return this.#cut(items, 0, size);
  }

  next<T>(token: string, size: number): { readonly page: readonly T[]; readonly nextToken?: string } {
    const remainder = this.#remainders.get(token);
    if (!remainder) throw new Refused(400, 'Directory_ExpiredPageToken', 'The specified page token value has expired.');
    return this.#cut(remainder.items as readonly T[], remainder.from, size);
  }

  #cut<T>(
    items: readonly T[],
    from: number,
    size: number,
  ): { readonly page: readonly T[]; readonly nextToken?: string } {
    const page = items.slice(from, from + size);
    if (from + size >= items.length) return { page };
    const nextToken = randomUUID();
    this.#remainders.set(nextToken, { items, from: from + size });
    const [oldest] = this.#remainders.keys();
    if (this.#remainders.size > mostTokens && oldest !== undefined) this.#remainders.delete(oldest);
    return { page, nextToken };
  }
}
