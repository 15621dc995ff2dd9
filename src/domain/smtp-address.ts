import { domainOf, localPartOf } from './proxy-address.ts';
import { isDomainName, unusualInDomain } from './user-principal-name.ts';

/** Any character that a dot-string before @ may not have (RFC 5321 section 4.1.2, atext of RFC 5322). */
export const unusualInMailbox = /[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/gu;
/** RFC 5321 section 4.5.3.1.1. */
const longestLocalPart = 64;

/**
 * What the form of a mail address lacks; null: nothing. Characters that no address may have are not its concern: they are
 * looked at as if they were letters.
 */
export function faultOfSmtpAddress(address: string): string | null {
  if (!address.includes('@')) return 'it has no @';
  const local = localPartOf(address);
  if (local === '') return 'it starts with @';
  if (local.includes('@')) return 'it has more than one @';
  if (local.startsWith('.') || local.endsWith('.')) return 'the part before @ starts or ends with a full stop';
  if (local.includes('..')) return 'the part before @ has two full stops in a row';
  if (local.length > longestLocalPart) return `the part before @ is longer than ${longestLocalPart} characters`;
  return isDomainName(domainOf(address).replace(unusualInDomain, 'x')) ? null : 'its domain is not a domain name';
}

/**
 * One look that clears the part before @ of nearly every address: a dot-string. False says nothing. A loop, because a regular
 * expression takes twice as long, and a million objects have many addresses.
 * @param from where the address starts in the text
 */
export function isSimpleMailbox(text: string, from = 0): boolean {
  let previous = fullStop;
  for (let position = from; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === at) return previous !== fullStop && position - from <= longestLocalPart;
    if (code === fullStop ? previous === fullStop : code > 127 || usual[code] === 0) return false;
    previous = code;
  }
  return false;
}

const at = 64;
const fullStop = 46;
/** 1 for each character of which a dot-string consists beside the full stop. */
const usual = Uint8Array.from({ length: 128 }, (_, code) =>
  code !== fullStop && String.fromCharCode(code).replace(unusualInMailbox, '') !== '' ? 1 : 0,
);
