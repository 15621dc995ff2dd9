import { areSid, guidOf, sidOf, timeOfFileTime, timeOfGeneralizedTime } from '../domain/directory-values.ts';
import { immutableIdOf, objectGuidOf } from '../domain/immutable-id.ts';
import { whatOriginLacks } from './origin-form.ts';

/** One value as a record gives it; octets are `Uint8Array`. */
export type Scalar = string | number | boolean | Uint8Array;

/** What the values of one field say, or what is wrong with them; both when a part of them can be used. */
export interface Reading {
  /** Undefined: as if the field were absent. */
  readonly value?: unknown;
  readonly problem?: string;
}

/** Null among the values is no value. */
export function scalarsOf(given: unknown): readonly Scalar[] {
  if (!Array.isArray(given)) return [unwrapped(given)];
  // PowerShell's ConvertTo-Json writes octets as an array of numbers.
  const octets = given.length > 1 && given.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return octets ? [Uint8Array.from(given as number[])] : given.filter((value) => value !== null).map(unwrapped);
}

/** ConvertTo-Json writes a SID as `{ "BinaryLength": 28, "AccountDomainSid": ..., "Value": "S-1-5-..." }`. */
function unwrapped(value: unknown): Scalar {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value as Scalar;
  return 'Value' in value && typeof value.Value === 'string' ? value.Value : (value as Scalar);
}

const notText =
  /^(?:System\.(?:Byte|Object|String)\[\]|Microsoft\.ActiveDirectory\.Management\.\w+|System\.Collections\.\S+)$/;
// A leading U+FEFF belongs to the value.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(value: Scalar): { text: string } | { problem: string } {
  if (typeof value === 'string') {
    if (!notText.test(value)) return { text: value };
    return { problem: `holds '${value}', the name of a PowerShell type, not the values; export them joined with ';'` };
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { text: String(value) };
  if (!(value instanceof Uint8Array)) return { problem: 'is no text' };
  try {
    return { text: utf8.decode(value) };
  } catch {
    return { problem: 'is not valid UTF-8' };
  }
}

export function readTexts(values: readonly Scalar[]): Reading {
  const read = values.map(textOf);
  const texts = read.flatMap((one) => ('text' in one ? [one.text] : []));
  const problem = read.find((one) => 'problem' in one);
  if (problem === undefined) return { value: texts };
  return texts.length === 0 ? problem : { ...problem, value: texts };
}

export function readText(values: readonly Scalar[]): Reading {
  const [first] = values;
  if (first === undefined) return { value: undefined };
  const read = textOf(first);
  if ('problem' in read) return read;
  if (values.length === 1) return { value: read.text };
  return { value: read.text, problem: `has ${values.length} values where one is possible; the first is read` };
}

/** One text value read further. @param expected names the forms that are understood */
function readForm(
  values: readonly Scalar[],
  expected: string,
  form: (text: string) => string | number | boolean | null,
): Reading {
  const read = readText(values);
  if (typeof read.value !== 'string') return read;
  const text = read.value.trim();
  if (text === '') return { value: undefined };
  const value = form(text);
  return value === null ? { problem: `'${excerpt(text)}' is not ${expected}` } : { ...read, value };
}

export function readNumber(values: readonly Scalar[]): Reading {
  return readForm(values, 'a whole number', (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : null));
}

export function readBoolean(values: readonly Scalar[]): Reading {
  return readForm(values, 'TRUE or FALSE', (text) =>
    /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : null,
  );
}

const isoTime = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

export function readTime(values: readonly Scalar[]): Reading {
  const never = values.length === 1 && /^(?:0|9223372036854775807|9223372036854776000)$/.test(String(values[0]));
  if (never) return { value: undefined };
  return readForm(values, 'a time as ISO 8601, FILETIME or generalized time', timeOf);
}

function timeOf(text: string): string | null {
  if (isoTime.test(text)) return isoOf(Date.parse(text));
  // Windows PowerShell's ConvertTo-Json.
  const [, milliseconds] = /^\/Date\((-?\d+)\)\/$/.exec(text) ?? [];
  if (milliseconds !== undefined) return isoOf(Number(milliseconds));
  return timeOfFileTime(text) ?? timeOfGeneralizedTime(text) ?? null;
}

const isoOf = (time: number): string | null => (Number.isNaN(time) ? null : new Date(time).toISOString());

const dashedGuid = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

export function readGuid(values: readonly Scalar[]): Reading {
  const [octets] = values;
  if (octets instanceof Uint8Array)
    return octets.length === 16 ? { value: guidOf(octets) } : { problem: `has ${octets.length} octets; a GUID has 16` };
  return readForm(values, 'a GUID', (text) => dashedGuid.exec(text)?.[1]?.toLowerCase() ?? objectGuidOf(text));
}

/** An anchor of another length than a GUID's is kept: a rule says what is wrong with it. */
export function readAnchor(values: readonly Scalar[]): Reading {
  const [octets] = values;
  if (octets instanceof Uint8Array) return { value: btoa(String.fromCharCode(...octets)) };
  return readForm(values, 'a GUID, nor the Base64 of an anchor', (text) => {
    const guid = dashedGuid.exec(text)?.[1]?.toLowerCase();
    return guid === undefined ? octetsOfBase64(text) && text : immutableIdOf(guid);
  });
}

export function readSid(values: readonly Scalar[]): Reading {
  const [octets] = values;
  if (octets instanceof Uint8Array)
    return areSid(octets) ? { value: sidOf(octets) } : { problem: `has ${octets.length} octets that are no SID` };
  return readForm(values, 'a SID', (text) => {
    if (/^S-1-\d+(?:-\d+)*$/i.test(text)) return text.toUpperCase();
    const decoded = octetsOfBase64(text);
    return decoded !== null && areSid(decoded) ? sidOf(decoded) : null;
  });
}

function octetsOfBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  return Uint8Array.from(atob(text), (octet) => octet.charCodeAt(0));
}

/** Octets of the longest value; text is Base64. */
export function octetsIn(values: readonly Scalar[]): number {
  const lengths = values.map((value) => {
    if (value instanceof Uint8Array) return value.length;
    const text = String(value);
    return Math.floor((text.length * 3) / 4) - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  });
  return Math.max(0, ...lengths);
}

/** Parts of an {@link AuditObject} that are no attributes. */
export function readNested(attribute: string, given: unknown): Reading {
  if (attribute === 'unreadable') return readTexts(scalarsOf(given));
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { problem: 'is no object' };
  if (attribute === 'origin') return readOrigin(given);
  const entries = Object.entries(given);
  const sound =
    attribute === 'others'
      ? entries.every(([, values]) => Array.isArray(values) && values.every((value) => typeof value === 'string'))
      : entries.every(([, count]) => Number.isInteger(count));
  return sound ? { value: given } : { problem: 'has not the form that the audit writes' };
}

function readOrigin(given: object): Reading {
  const lacking = whatOriginLacks(given);
  if (lacking === null) return { value: given };
  return { problem: `lacks ${lacking}; the object is taken for one of Active Directory, of no known forest` };
}

const excerpt = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 57)}...`);
