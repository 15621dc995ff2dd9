import { type Client, ResultCodeError } from 'ldapts';
import type { AuditObject } from '../../audit/audit-object.ts';
import { countedAttributes, directoryAttributes, endsEarly, knownName, splitOptions } from '../../audit/read-names.ts';
import { type FieldProblem, readAuditObject } from '../../audit/read-object.ts';
import { resultCode } from './ldap-failure.ts';
import { guidOf } from './octets.ts';
import { type RawEntry, searchRaw } from './raw-search.ts';

/** A value that could not be read as what it should be; the rest of its object was. */
export interface ObjectProblem {
  readonly distinguishedName: string;
  /** LDAP name in its exact casing. */
  readonly attribute: string;
  readonly message: string;
}

export interface ReadAuditEntry {
  readonly object: AuditObject;
  readonly problems: readonly ObjectProblem[];
}

/** Where an entry was read, and which attributes were wanted beside those that every audit needs. */
export interface EntrySource {
  readonly forest: string;
  /** DNS name. */
  readonly domainController: string;
  readonly further?: readonly string[];
}

/**
 * Only the number of these values is wanted, and LDAP has no way to ask for a number. Most objects have few, which come with
 * the object and are dropped at once; the values beyond these are read and dropped range by range.
 */
const countedAtOnce = 500;
/** MaxValRange: Active Directory gives no more values at once, and fewer when its policy says so. */
const longestRange = 1_500;

export const attributesToRead = (further: readonly string[] = []): string[] => [
  ...directoryAttributes,
  ...countedAttributes.map((attribute) => `${attribute};range=0-${countedAtOnce - 1}`),
  ...further,
];

/** An entry of which Active Directory gave only the first values of some attributes. */
export interface CutEntry {
  readonly record: Record<string, unknown>;
  /** Names in lower case, with the number of values that came. */
  readonly cut: readonly { readonly attribute: string; readonly came: number; readonly octets: readonly Buffer[] }[];
}

/** Reads an entry as it arrives, so that long binary values live no longer than that. */
export function readEntryAsItCame(entry: RawEntry, source: EntrySource): ReadAuditEntry | CutEntry {
  const record: Record<string, unknown> = { distinguishedName: entry.dn };
  const cut: CutEntry['cut'][number][] = [];
  for (const [description, octets] of entry.attributes) {
    const { name, options } = splitOptions(description);
    if (!endsEarly(options)) record[description] = octets;
    else cut.push({ attribute: name, came: octets.length, octets: isCounted(name) ? [] : octets });
  }
  return cut.length === 0 ? auditEntryOf(record, source) : { record, cut };
}

/** @returns null when the object is gone by now */
export async function completeEntry(
  client: Client,
  entry: CutEntry,
  source: EntrySource,
): Promise<ReadAuditEntry | null> {
  const record = { ...entry.record };
  const valueCounts: Record<string, number> = {};
  try {
    for (const { attribute, came, octets } of entry.cut) {
      const rest = restOfValues(client, baseOf(record), attribute, came);
      if (isCounted(attribute)) valueCounts[spelled(attribute)] = came + (await countOf(rest));
      else record[attribute] = [...octets, ...(await allOf(rest))];
    }
  } catch (thrown) {
    if (thrown instanceof ResultCodeError && thrown.code === resultCode.noSuchObject) return null;
    throw thrown;
  }
  return auditEntryOf({ ...record, ...(Object.keys(valueCounts).length === 0 ? {} : { valueCounts }) }, source);
}

/** By its GUID: its name may change while it is read. */
function baseOf(record: Readonly<Record<string, unknown>>): string {
  const [octets] = (record['objectguid'] ?? []) as readonly Buffer[];
  return octets === undefined ? String(record['distinguishedName']) : `<GUID=${guidOf(octets)}>`;
}

/** The values of an attribute from a position on, a range at a time (MS-ADTS 3.1.1.3.1.3.3). */
async function* restOfValues(
  client: Client,
  base: string,
  attribute: string,
  from: number,
): AsyncGenerator<readonly Buffer[], void, undefined> {
  for (let next = from; ; ) {
    const asked = `${attribute};range=${next}-${next + longestRange - 1}`;
    const [entry] = await searchRaw(client, { base, scope: 'base', attributes: [asked] });
    const [answered] = entry?.attributes ?? [];
    if (answered === undefined) return;
    const [description, values] = answered;
    yield values;
    next += values.length;
    if (!endsEarly(splitOptions(description).options)) return;
  }
}

async function allOf(ranges: AsyncIterable<readonly Buffer[]>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const values of ranges) all.push(...values);
  return all;
}

async function countOf(ranges: AsyncIterable<readonly Buffer[]>): Promise<number> {
  let count = 0;
  for await (const values of ranges) count += values.length;
  return count;
}

function auditEntryOf(record: Readonly<Record<string, unknown>>, source: EntrySource): ReadAuditEntry {
  const { forest, domainController, further } = source;
  const { object, problems } = readAuditObject(record, further);
  const distinguishedName = String(record['distinguishedName']);
  return {
    object: { origin: { side: 'active-directory', forest, domainController }, ...object },
    problems: problems.map(({ field, message }) => ({ distinguishedName, attribute: attributeOf(field), message })),
  };
}

const attributeOf = (field: FieldProblem['field']): string => spelled(splitOptions(field).name);
const spelled = (name: string): string => knownName(name)?.attribute ?? name;
const isCounted = (name: string): boolean => knownName(name)?.kind === 'count';
