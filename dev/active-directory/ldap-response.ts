import { element, integer, octets, sequence, tags } from './ber.ts';
import type { ResultCode } from './refusal.ts';

/** Tags of the responses (RFC 4511, 4.1.9 and following). */
export const responseTag = {
  bind: 0x61,
  searchEntry: 0x64,
  searchDone: 0x65,
  modify: 0x67,
  add: 0x69,
  delete: 0x6b,
  modifyDn: 0x6d,
  compare: 0x6f,
  searchReference: 0x73,
  extended: 0x78,
} as const;

export interface LdapResult {
  readonly code: ResultCode;
  readonly message?: string;
  readonly matchedDn?: string;
  readonly referrals?: readonly string[];
}

export interface ResponseControl {
  readonly oid: string;
  readonly value: Buffer;
}

export interface SearchEntry {
  readonly dn: string;
  readonly attributes: readonly { readonly type: string; readonly values: readonly Buffer[] }[];
}

export function writeResult(
  id: number,
  tag: number,
  { code, message = '', matchedDn = '', referrals = [] }: LdapResult,
  more: { controls?: readonly ResponseControl[]; parts?: readonly Buffer[] } = {},
): Buffer {
  const referral = referrals.length > 0 ? [element(0xa3, ...referrals.map((url) => octets(url)))] : [];
  const result = element(
    tag,
    integer(code, tags.enumerated),
    octets(matchedDn),
    octets(message),
    ...referral,
    ...(more.parts ?? []),
  );
  return sequence(integer(id), result, ...writeControls(more.controls ?? []));
}

export function writeSearchEntry(id: number, { dn, attributes }: SearchEntry): Buffer {
  const list = attributes.map(({ type, values }) =>
    sequence(octets(type), element(tags.set, ...values.map((value) => octets(value)))),
  );
  return sequence(integer(id), element(responseTag.searchEntry, octets(dn), sequence(...list)));
}

export function writeSearchReference(id: number, urls: readonly string[]): Buffer {
  return sequence(integer(id), element(responseTag.searchReference, ...urls.map((url) => octets(url))));
}

function writeControls(controls: readonly ResponseControl[]): readonly Buffer[] {
  if (controls.length === 0) return [];
  return [element(0xa0, ...controls.map(({ oid, value }) => sequence(octets(oid), octets(value))))];
}
