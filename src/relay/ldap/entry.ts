import type { Client, Control, Filter } from 'ldapts';
import { type RawEntry, searchRaw } from './raw-search.ts';

/** Values of one attribute as octets; empty when the entry has none, the account may not read it, or the schema lacks it. */
export const octetsOf = (entry: RawEntry, attribute: string): readonly Buffer[] =>
  entry.attributes.get(attribute.toLowerCase()) ?? [];

/** Values of one attribute as text. Buffer's own decoding keeps a leading U+FEFF. */
export const textsOf = (entry: RawEntry, attribute: string): string[] =>
  octetsOf(entry, attribute).map((value) => value.toString('utf8'));

export const textOf = (entry: RawEntry, attribute: string): string | undefined => textsOf(entry, attribute)[0];

export interface EntryRead {
  /** A DN or `<GUID=dashed>`. */
  readonly base: string;
  /** The entry is answered only when it matches. */
  readonly filter?: Filter;
  readonly attributes: readonly string[];
  readonly controls?: readonly Control[];
}

/**
 * One entry with every value of the attributes asked for. Active Directory gives at most 1,500 values at once (MaxValRange)
 * under the name `attribute;range=0-1499`; the others are asked for here.
 * @returns null when it exists but does not match the filter
 */
export async function readEntry(client: Client, read: EntryRead): Promise<RawEntry | null> {
  const [entry] = await searchRaw(client, { ...read, scope: 'base' });
  if (entry === undefined) return null;

  const attributes = new Map<string, readonly Buffer[]>();
  for (const [description, values] of entry.attributes) {
    const range = rangeIn(description);
    if (range === null) attributes.set(description, values);
    else attributes.set(range.attribute, [...values, ...(await restOfRange(client, read.base, range))]);
  }
  return { dn: entry.dn, attributes };
}

interface Range {
  readonly attribute: string;
  /** Position of the last value answered; null when that was the last of all. */
  readonly last: number | null;
}

function rangeIn(description: string): Range | null {
  const [, attribute, last] = /^([^;]+);range=\d+-(\d+|\*)$/.exec(description) ?? [];
  if (attribute === undefined) return null;
  return { attribute, last: last === '*' ? null : Number(last) };
}

async function restOfRange(client: Client, base: string, first: Range): Promise<Buffer[]> {
  const rest: Buffer[] = [];
  for (let range: Range | null = first; range !== null && range.last !== null; ) {
    const asked = `${range.attribute};range=${range.last + 1}-*`;
    const [entry] = await searchRaw(client, { base, scope: 'base', attributes: [asked] });
    const answered: [string, readonly Buffer[]] | undefined = entry?.attributes.entries().toArray()[0];
    rest.push(...(answered?.[1] ?? []));
    range = answered === undefined ? null : rangeIn(answered[0]);
  }
  return rest;
}
