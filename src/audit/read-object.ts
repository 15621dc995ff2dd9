import type { AuditObject } from './audit-object.ts';
import { endsEarly, type KnownName, knownName, splitOptions } from './read-names.ts';
import {
  octetsIn,
  type Reading,
  readAnchor,
  readBoolean,
  readGuid,
  readNested,
  readNumber,
  readSid,
  readText,
  readTexts,
  readTime,
  scalarsOf,
} from './read-value.ts';

/** What kept a value of a record from being read as it is; the rest of the object is audited. */
export interface FieldProblem {
  /** As the record spells it. */
  readonly field: string;
  /** What is wrong, and where there is one, the remedy. */
  readonly message: string;
}

export interface ReadAuditObject {
  readonly object: AuditObject;
  readonly problems: readonly FieldProblem[];
}

/**
 * One directory object out of a record as a file or a directory gives it.
 *
 * Names may be in any casing, and those of `Get-ADUser` and of LDIF are understood (`dn`, `Name`, `Surname`, `SID`). A value
 * is text, number, boolean, octets (`Uint8Array`), or an array of these; null and an empty array are an absent attribute. A
 * GUID is dashed text, Base64 or 16 octets, a SID its text or octets, a time ISO 8601, FILETIME or generalized time. A record
 * that was written from an {@link AuditObject} is read back as it was. Names that the audit does not use are passed over.
 *
 * @param further attributes to keep in `others` beside the synchronised ones (that of the match option)
 */
export function readAuditObject(
  record: Readonly<Record<string, unknown>>,
  further: readonly string[] = [],
): ReadAuditObject {
  const reading = new RecordReading();
  for (const field in record) {
    const given = record[field];
    if (given === null || given === undefined) continue;
    const { name, options } = splitOptions(field);
    const known = knownName(name) ?? furtherName(name, further);
    if (known !== undefined) reading.take(field, options, known, given);
  }
  return reading.finish();
}

function furtherName(name: string, further: readonly string[]): KnownName | undefined {
  const attribute = further.find((asked) => asked.toLowerCase() === name);
  return attribute === undefined ? undefined : { kind: 'other', attribute, alias: false };
}

const readers = {
  text: readText,
  texts: readTexts,
  number: readNumber,
  boolean: readBoolean,
  time: readTime,
  guid: readGuid,
  anchor: readAnchor,
  sid: readSid,
};

/** Collects the fields of one record. */
class RecordReading {
  readonly #fields: Record<string, unknown> = {};
  readonly #aliases: Record<string, unknown> = {};
  readonly #others: Record<string, unknown> = {};
  readonly #valueCounts: Record<string, number> = {};
  readonly #octetCounts: Record<string, number> = {};
  /** Ranges that were not the last of their attribute: field by attribute. */
  readonly #openRanges = new Map<string, string>();
  readonly #unreadable = new Set<string>();
  readonly #problems: FieldProblem[] = [];

  take(field: string, options: string, { kind, attribute, alias }: KnownName, given: unknown): void {
    const values = scalarsOf(given);
    if (kind === 'nested') this.#keep(this.#fields, attribute, field, readNested(attribute, given));
    else if (values.length === 0) return;
    else if (kind === 'count') this.#count(field, options, attribute, values.length);
    else if (kind === 'octets') this.#octetCounts[attribute] = octetsIn(values);
    else if (kind === 'other') this.#keep(this.#others, attribute, field, readTexts(values));
    else this.#keep(alias ? this.#aliases : this.#fields, attribute, field, readers[kind](values));
  }

  finish(): ReadAuditObject {
    const { others, valueCounts, octetCounts, unreadable, ...fields } = { ...this.#aliases, ...this.#fields };
    for (const [attribute, field] of this.#openRanges) {
      const message = `stops after ${this.#valueCounts[attribute]} values; how many there are is not in the input`;
      this.#problems.push({ field, message });
    }
    const object = {
      ...fields,
      proxyAddresses: (fields['proxyAddresses'] as string[] | undefined) ?? [],
      objectClass: withSuperior(fields['objectClass'] as string[] | undefined) ?? this.#classesBy(fields),
      ...joined('valueCounts', this.#valueCounts, valueCounts),
      ...joined('octetCounts', this.#octetCounts, octetCounts),
      ...joined('others', this.#others, others),
      ...this.#withoutValue(fields, unreadable),
    };
    return { object: object as AuditObject, problems: this.#problems };
  }

  #keep(into: Record<string, unknown>, attribute: string, field: string, { value, problem }: Reading): void {
    if (problem !== undefined) this.#problems.push({ field, message: problem });
    if (problem !== undefined && value === undefined) this.#unreadable.add(attribute);
    if (value === undefined) return;
    if (attribute in into) this.#problems.push({ field, message: 'is given twice; the first is read' });
    else into[attribute] = value;
  }

  /** @param given as the record names them */
  #withoutValue(fields: Readonly<Record<string, unknown>>, given: unknown): { unreadable?: string[] } {
    const named = [...((given as string[] | undefined) ?? []), ...this.#unreadable];
    const attributes = named.map((name) => knownName(splitOptions(name).name)).filter((known) => known !== undefined);
    const unreadable = [
      ...new Set(attributes.filter(({ kind }) => kind !== 'nested').map(({ attribute }) => attribute)),
    ].filter((attribute) => !(attribute in fields));
    return unreadable.length === 0 ? {} : { unreadable };
  }

  #count(field: string, options: string, attribute: string, values: number): void {
    this.#valueCounts[attribute] = (this.#valueCounts[attribute] ?? 0) + values;
    if (endsEarly(options)) this.#openRanges.set(attribute, field);
    else this.#openRanges.delete(attribute);
  }

  /** Without objectClass: what else the record has tells a group and a user. */
  #classesBy(fields: Readonly<Record<string, unknown>>): string[] {
    if ('groupType' in fields) return ['group'];
    if ('userPrincipalName' in fields || 'userAccountControl' in fields) return ['user'];
    this.#problems.push({ field: 'objectClass', message: 'is missing, so it is not known what the object is' });
    return [];
  }
}

/** Get-ADObject names the last class alone, by which nobody would know an inetOrgPerson for a user. */
const withSuperior = (classes: string[] | undefined): string[] | undefined =>
  classes?.length === 1 && classes[0]?.toLowerCase() === 'inetorgperson' ? ['user', ...classes] : classes;

/** A part of the object that has parts, of both what was read and what the record had in that form. */
function joined(name: string, read: object, given: unknown): Record<string, object> {
  const parts = { ...read, ...(given as object | undefined) };
  return Object.keys(parts).length === 0 ? {} : { [name]: parts };
}
