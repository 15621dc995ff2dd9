import { matchKey } from './attribute-value.ts';
import type { Entry } from './entry.ts';
import { type AttributeSchema, allAttributes } from './schema.ts';

/** The indexed attributes, by their keys. */
const indexed = new Map([...allAttributes()].filter((a) => a.indexed).map((a) => [a.key, a]));

/** Finds the entries that hold a value of an indexed attribute. A lone holder is stored bare: nearly all are. */
export class ValueIndex {
  readonly #holders = new Map<string, Map<string, Entry | Set<Entry>>>(
    [...indexed.keys()].map((key) => [key, new Map()]),
  );

  covers(attribute: AttributeSchema): boolean {
    return this.#holders.has(attribute.key);
  }

  find(attribute: string, key: string): readonly Entry[] {
    const holders = this.#holders.get(attribute)?.get(key);
    if (!holders) return [];
    return holders instanceof Set ? [...holders] : [holders];
  }

  add(entry: Entry, attribute: string): void {
    const schema = indexed.get(attribute);
    if (schema) for (const value of entry.values(attribute)) this.#put(attribute, matchKey(schema, value), entry);
  }

  remove(entry: Entry, attribute: string): void {
    const schema = indexed.get(attribute);
    if (schema) for (const value of entry.values(attribute)) this.#take(attribute, matchKey(schema, value), entry);
  }

  #put(attribute: string, key: string, entry: Entry): void {
    const byKey = this.#holders.get(attribute);
    const holders = byKey?.get(key);
    if (holders instanceof Set) holders.add(entry);
    else byKey?.set(key, holders && holders !== entry ? new Set([holders, entry]) : entry);
  }

  #take(attribute: string, key: string, entry: Entry): void {
    const byKey = this.#holders.get(attribute);
    const holders = byKey?.get(key);
    if (holders === entry) byKey?.delete(key);
    else if (holders instanceof Set && holders.delete(entry) && holders.size === 0) byKey?.delete(key);
  }
}
