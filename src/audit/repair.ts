import { withoutInvisible } from '../domain/invisible-characters.ts';
import { plain } from '../domain/plain-name.ts';
import { domainOf, localPartOf } from '../domain/proxy-address.ts';
import { unusualInMailbox } from '../domain/smtp-address.ts';
import { isDomainName, unusualInDomain } from '../domain/user-principal-name.ts';
import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import { tenantDomains } from './tenant-domains.ts';

/** The text without what the pattern matches; letters lose their accents first. */
export const without = (unusual: RegExp, text: string): string => text.normalize('NFD').replace(unusual, '');

export const trimStops = (text: string): string => text.replace(/^\.+|\.+$/g, '');

/** From the object's own names, in letters that every user name may have; empty when it has none. */
export function nameOf({ givenName, sn, mailNickname, sAMAccountName, displayName, cn }: AuditObject): string {
  const full = givenName !== undefined && sn !== undefined ? `${givenName}.${sn}` : '';
  return [full, mailNickname, sAMAccountName, displayName, cn].map((text) => plain(text ?? '')).find(Boolean) ?? '';
}

/** What is left without prefixes that were written once more: `smtp:SMTP:ada@contoso.com`. */
export const withoutPrefixes = (address: string): string => address.replace(/^(?:\s*(?:smtp|sip):)+/i, '');

/** The address without characters that no address may have. @returns null when what is left would be another address */
export function repairedAddress(address: string, settings: AuditSettings): string | null {
  const visible = withoutInvisible(address);
  const local = trimStops(without(unusualInMailbox, localPartOf(visible)).replace(/\.{2,}/g, '.'));
  const domain = repairedDomain(domainOf(visible), settings);
  return visible.includes('@') && local !== '' && domain !== null ? `${local}@${domain}` : null;
}

/**
 * The domain without invisible characters and spaces, in its `xn--` form. Other characters are left out only if that makes
 * a verified domain of the tenant: else it might be somebody else's. @returns null: not to be repaired
 */
export function repairedDomain(domain: string, settings: AuditSettings): string | null {
  const visible = withoutInvisible(domain).replaceAll(' ', '').toLowerCase();
  if (isDomainName(visible)) return visible;
  const inAscii = asciiForm(visible);
  if (inAscii !== null) return inAscii;
  const stripped = trimStops(visible.replace(unusualInDomain, '').replace(/\.{2,}/g, '.'));
  return tenantDomains(settings).verified?.has(stripped) === true ? stripped : null;
}

/** The form in which the domain can be looked for among the tenant's; itself when it cannot be repaired. */
export const comparableDomain = (domain: string, settings: AuditSettings): string =>
  repairedDomain(domain, settings) ?? domain;

const internationalised = /^[\p{L}\p{M}\p{N}.-]*[^\x20-\x7e][\p{L}\p{M}\p{N}.-]*$/u;

/** `müller.de` as it stands in the DNS, `xn--mller-kva.de`. */
function asciiForm(domain: string): string | null {
  if (!internationalised.test(domain)) return null;
  const hostname = URL.parse(`http://${domain}`)?.hostname ?? '';
  return /(?:^|\.)xn--/.test(hostname) && isDomainName(hostname) ? hostname : null;
}
