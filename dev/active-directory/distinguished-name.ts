import { foldText } from './fold-text.ts';
import { type GuidKey, parseGuid } from './object-guid.ts';
import { Refusal, resultCode } from './refusal.ts';

/** One component of a DN: the attribute type as written, and the value without its escapes. */
export interface Rdn {
  readonly type: string;
  readonly value: string;
}

/** A DN, leaf first; `[]` is the empty name. */
export type DistinguishedName = readonly Rdn[];

/** What a client may name an object by. */
export type ObjectName = { readonly dn: DistinguishedName } | { readonly guid: GuidKey } | { readonly sid: string };

/** Reads a DN, `<GUID=…>` or `<SID=…>`. Refuses what is none of these. */
export function parseObjectName(text: string): ObjectName {
  const alternative = /^<(GUID|SID)=([^>]+)>$/i.exec(text.trim());
  if (!alternative) return { dn: parseDn(text) };
  const [, form, value = ''] = alternative;
  if (form?.toUpperCase() === 'SID') return { sid: value.toUpperCase() };
  const guid = parseGuid(value);
  if (!guid) throw invalidName(text);
  return { guid };
}

export function parseDn(text: string): DistinguishedName {
  if (text.trim() === '') return [];
  return splitUnescaped(text).map((part) => parseRdn(part, text));
}

export function parseRdn(part: string, whole = part): Rdn {
  const equals = part.indexOf('=');
  const type = part.slice(0, equals).trim();
  if (equals < 1 || !/^[A-Za-z][\w-]*$/.test(type)) throw invalidName(whole);
  const value = unescapeValue(trimUnescaped(part.slice(equals + 1)));
  if (value === '') throw invalidName(whole);
  return { type, value };
}

export const formatDn = (dn: DistinguishedName): string => dn.map(formatRdn).join(',');

export const formatRdn = ({ type, value }: Rdn): string => `${type}=${escapeValue(value)}`;

/** Equal for components that AD takes for the same name. */
export const rdnKey = ({ type, value }: Rdn): string => `${type.toLowerCase()}=${foldText(value)}`;

export const domainDn = (dnsName: string): string =>
  dnsName
    .split('.')
    .map((label) => `DC=${label}`)
    .join(',');

function splitUnescaped(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === ',') {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Spaces around a value are none of it (RFC 4514); other white space is. */
function trimUnescaped(text: string): string {
  const begun = text.replace(/^ +/, '');
  const trimmed = begun.replace(/ +$/, '');
  return trimmed.endsWith('\\') && begun.length > trimmed.length ? `${trimmed} ` : trimmed;
}

/** Runs of `\xx` are UTF-8 octets; `\c` is the character itself. */
function unescapeValue(text: string): string {
  return text.replace(/((?:\\[0-9a-f]{2})+)|\\(.)/gi, (_, octets: string | undefined, character: string) =>
    octets ? Buffer.from(octets.replaceAll('\\', ''), 'hex').toString('utf8') : character,
  );
}

function escapeValue(value: string): string {
  return (
    value
      .replace(/[,+"\\<>;=]/g, '\\$&')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what AD writes as hex pairs
      .replace(/[\u0000-\u001f]/g, (c) => `\\${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)
      .replace(/^[ #]/, '\\$&')
      .replace(/(?<!\\) $/, '\\ ')
  );
}

function invalidName(text: string): Refusal {
  return new Refusal(
    resultCode.invalidDnSyntax,
    `0000208F: NameErr: DSID-03100225, problem 2006 (BAD_NAME), data 8350, best match of: '${text}'`,
  );
}
