import { type Call, controlOid } from './call.ts';
import type { Entry } from './entry.ts';
import type { SearchEntry } from './ldap-response.ts';
import { readAttribute } from './read-attribute.ts';
import type { Replica } from './replica.ts';
import { type AttributeSchema, allAttributes, attributeSchema } from './schema.ts';

/** LDAP policy MaxValRange: more values of one attribute come in ranges. */
export const longestRange = 1500;

interface Selected {
  readonly attribute: AttributeSchema;
  /** Set when the client asked for a range; `to` is open for `*`. */
  readonly range?: { readonly from: number; readonly to: number };
}

export interface Selection {
  readonly selected: readonly Selected[];
  readonly typesOnly: boolean;
}

/** Back links are not stored on the object, and yet belong to "all attributes". */
const backLinks = new Set(['memberof', 'directreports', 'managedobjects']);

/** Reads a search's attribute list: names in any casing, `*`, `1.1`, and `name;range=from-to`. Unknown names select nothing. */
export function readSelection(call: Call, names: readonly string[], typesOnly: boolean): Selection {
  const every = names.length === 0 || names.includes('*');
  const named = names.flatMap((name) => readSelected(name) ?? []);
  const rest = every ? [...allAttributes()].filter((attribute) => isOrdinary(call, attribute)) : [];
  const extra = rest.filter((attribute) => !named.some((one) => one.attribute === attribute));
  const selected = [...named, ...extra.map((attribute) => ({ attribute }))];
  return { selected: selected.filter(({ attribute }) => isReadable(call, attribute)), typesOnly };
}

function readSelected(text: string): Selected | undefined {
  const [name = '', ...options] = text.split(';');
  const attribute = attributeSchema(name);
  if (!attribute) return undefined;
  const range = options.map((option) => /^range=(\d+)-(\d+|\*)$/i.exec(option)).find(Boolean);
  if (!range) return { attribute };
  const to = range[2] === '*' ? Number.POSITIVE_INFINITY : Number(range[2]);
  return { attribute, range: { from: Number(range[1]), to } };
}

function isOrdinary({ controls }: Call, { key, computed }: AttributeSchema): boolean {
  if (key === 'ntsecuritydescriptor') return controls.has(controlOid.securityDescriptorFlags);
  return !computed || backLinks.has(key);
}

function isReadable(
  { catalogue, identity, controls }: Call,
  { key, inGlobalCatalogue, computed }: AttributeSchema,
): boolean {
  if (key === 'ntsecuritydescriptor' && !identity.isAdministrator)
    return controls.has(controlOid.securityDescriptorFlags);
  return !catalogue || inGlobalCatalogue || computed;
}

export function showEntry(call: Call, replica: Replica, entry: Entry, { selected, typesOnly }: Selection): SearchEntry {
  const attributes: { type: string; values: readonly Buffer[] }[] = [];
  for (const { attribute, range } of selected) {
    const values = readAttribute(call, replica, entry, attribute);
    if (values.length === 0) continue;
    const shown = inRange(attribute, values, range);
    attributes.push(typesOnly ? { ...shown, values: [] } : shown);
  }
  return { dn: entry.dn, attributes };
}

function inRange(attribute: AttributeSchema, values: readonly Buffer[], range: Selected['range']) {
  if (!range && values.length <= longestRange) return { type: attribute.name, values };
  const from = range?.from ?? 0;
  const end = Math.min((range?.to ?? Number.POSITIVE_INFINITY) + 1, from + longestRange);
  const last = end >= values.length ? '*' : String(end - 1);
  return { type: `${attribute.name};range=${from}-${last}`, values: values.slice(from, end) };
}
