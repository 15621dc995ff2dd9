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

const longest = { local: 64, domain: 48, whole: 113 };
const allowedLocalPart = /^[A-Za-z0-9'._!#^~-]+$/;
const allowedDomain = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;

/**
 * What Microsoft 365 would refuse in this name ("Prepare for directory synchronization", table of userPrincipalName);
 * empty: nothing.
 */
export function problemsOfUserPrincipalName(userPrincipalName: string): string[] {
  if (!userPrincipalName.includes('@')) return ['it has no @'];
  const local = localPartOf(userPrincipalName);
  const domain = domainOf(userPrincipalName);
  const problems: string[] = [];
  if (local === '') problems.push('it starts with @');
  if (local !== '' && !allowedLocalPart.test(local)) {
    problems.push("the part before @ has a character other than A-Z a-z 0-9 ' . - _ ! # ^ ~");
  }
  if (local.endsWith('.')) problems.push('the part before @ ends with a full stop');
  if (local.length > longest.local) problems.push(`the part before @ is longer than ${longest.local} characters`);
  if (!allowedDomain.test(domain)) problems.push('the domain is not a routable domain name');
  if (domain.length > longest.domain) problems.push(`the domain is longer than ${longest.domain} characters`);
  if (userPrincipalName.length > longest.whole) problems.push(`it is longer than ${longest.whole} characters`);
  return problems;
}
