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

const simple = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@/;

/** One look that clears the part before @ of nearly every address. False says nothing. */
export const isSimpleMailbox = (address: string): boolean =>
  simple.test(address) && address.indexOf('@') <= longestLocalPart;
