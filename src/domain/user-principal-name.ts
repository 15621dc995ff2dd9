import { domainOf, localPartOf } from './proxy-address.ts';

export const sameUserPrincipalName = (left: string, right: string): boolean =>
  left.trim().toLowerCase() === right.trim().toLowerCase();

/**
 * The UPN that a soft-deleted user had: Entra stores it as 32 hex digits (the object id) followed by the UPN. A name that
 * does not start so is returned as it is.
 */
export function withoutDeletionPrefix(userPrincipalName: string, objectId: string): string {
  const digits = objectId.replaceAll('-', '').toLowerCase();
  return userPrincipalName.toLowerCase().startsWith(digits) && digits.length === 32
    ? userPrincipalName.slice(32)
    : userPrincipalName;
}

/**
 * What Entra puts in the place of a quarantined UPN: `<prefix>+<4 digits>@<initial domain>`, some pages say without the
 * plus. A hint only: a user may really be called so.
 */
export function looksLikePlaceholder(userPrincipalName: string, initialDomain: string): boolean {
  return (
    /^.+?\+?\d{4}$/.test(localPartOf(userPrincipalName)) && domainOf(userPrincipalName) === initialDomain.toLowerCase()
  );
}

/** Most characters, by Microsoft 365's "Prepare for directory synchronization" (2023-12-28, read 2026-11-22). */
export const longestUserPrincipalName = { local: 64, domain: 48, whole: 113 } as const;

/** Any character that the part before @ may not have; the same page, and the reference of userPrincipalName in Graph. */
export const unusualInUserName = /[^A-Za-z0-9'._!#^~-]/gu;

const label = '(?!-)[a-z0-9-]{1,63}(?<!-)';
const domainName = new RegExp(`^${label}(?:\\.${label})+$`, 'i');

/** Two labels at least, in ASCII: an internationalised domain in its `xn--` form. Whether it exists is another question. */
export const isDomainName = (text: string): boolean => domainName.test(text);

/** Any character that no label of a domain name may have. */
export const unusualInDomain = /[^A-Za-z0-9.-]/gu;

export interface UserPrincipalNameFault {
  readonly kind: 'characters' | 'format' | 'length';
  /** Completes a sentence: `it has no @`. */
  readonly message: string;
}

/** What Microsoft 365 would refuse in this name, by the page above; empty: nothing. */
export function faultsOfUserPrincipalName(userPrincipalName: string): UserPrincipalNameFault[] {
  if (!userPrincipalName.includes('@')) return [{ kind: 'format', message: 'it has no @' }];
  const local = localPartOf(userPrincipalName);
  const domain = domainOf(userPrincipalName);
  const { local: longestLocal, domain: longestDomain, whole } = longestUserPrincipalName;
  const faults: [boolean, UserPrincipalNameFault['kind'], string][] = [
    [local === '', 'format', 'it starts with @'],
    [local.includes('@'), 'format', 'it has more than one @'],
    [
      local.replaceAll('@', '').search(unusualInUserName) >= 0,
      'characters',
      "the part before @ has a character other than A-Z a-z 0-9 ' . - _ ! # ^ ~",
    ],
    [local.endsWith('.'), 'format', 'the part before @ ends with a full stop'],
    [local.length > longestLocal, 'length', `the part before @ is longer than ${longestLocal} characters`],
    [domain.search(unusualInDomain) >= 0, 'characters', 'the domain has a character other than A-Z a-z 0-9 . -'],
    [!isDomainName(domain.replace(unusualInDomain, 'x')), 'format', 'the domain is not a routable domain name'],
    [domain.length > longestDomain, 'length', `the domain is longer than ${longestDomain} characters`],
    [userPrincipalName.length > whole, 'length', `it is longer than ${whole} characters`],
  ];
  return faults.filter(([isFault]) => isFault).map(([, kind, message]) => ({ kind, message }));
}

/** The same in words. */
export const problemsOfUserPrincipalName = (userPrincipalName: string): string[] =>
  faultsOfUserPrincipalName(userPrincipalName).map(({ message }) => message);
