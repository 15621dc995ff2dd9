import { isNonRoutable } from '../domain/non-routable.ts';
import { domainOf, primarySmtp } from '../domain/proxy-address.ts';
import { isDomainName, longestUserPrincipalName } from '../domain/user-principal-name.ts';
import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';

/** What is known about the domains of the tenant. All names in lower case. */
export interface TenantDomains {
  /** null: not known. */
  readonly verified: ReadonlySet<string> | null;
  /** Verified, or Microsoft's own for this tenant (`contoso.mail.onmicrosoft.com` is, and is never listed). */
  readonly own: ReadonlySet<string>;
  /** What `hasGoodDomain` has found out, by the domain as written. */
  readonly good: Map<string, boolean>;
  /** The first good ones that it met. */
  readonly usual: string[];
}

const tenants = new WeakMap<AuditSettings, TenantDomains>();

/** Worked out once for each settings. */
export function tenantDomains(settings: AuditSettings): TenantDomains {
  const known = tenants.get(settings);
  if (known !== undefined) return known;
  const verified = settings.verifiedDomains?.map((domain) => domain.toLowerCase()) ?? [];
  const listed = settings.initialDomain === null ? verified : [...verified, settings.initialDomain.toLowerCase()];
  const routing = listed.filter(isMicrosofts).map((domain) => domain.replace(/\.onmicrosoft\.com$/, '.mail$&'));
  const tenant = {
    verified: settings.verifiedDomains === null ? null : new Set(verified),
    own: new Set([...listed, ...routing].filter(isDomainName)),
    good: new Map<string, boolean>(),
    usual: [],
  };
  tenants.set(settings, tenant);
  return tenant;
}

/** May the domain be the suffix of a name in this tenant, as far as is known? */
export function isAcceptedSuffix(domain: string, settings: AuditSettings): boolean {
  const { own, verified } = tenantDomains(settings);
  return own.has(domain) || (verified === null && !isNonRoutable(domain));
}

/** Directories have few domains and many names: what was found out about this many is kept. */
const mostRemembered = 10_000;

/** So many suffixes are compared before a name is cut in two. */
const mostUsual = 6;

/** The text after the first @ is a domain name of which no rule about suffixes complains. */
export function hasGoodDomain(name: string, settings: AuditSettings): boolean {
  const { good, usual } = tenantDomains(settings);
  const at = name.indexOf('@');
  for (const domain of usual) {
    if (name.length - domain.length === at + 1 && name.endsWith(domain)) return true;
  }
  const domain = name.slice(at + 1);
  const known = good.get(domain);
  if (known !== undefined) return known;
  if (good.size >= mostRemembered) good.clear();
  const suffix = domain.toLowerCase();
  const isGood = isDomainName(domain) && isAcceptedSuffix(suffix, settings) && !isForeignTenant(suffix, settings);
  good.set(domain, isGood);
  if (isGood && usual.length < mostUsual) usual.push(domain);
  return isGood;
}

/** A domain that Microsoft gave to another tenant. False as well when this tenant's own is not known. */
export function isForeignTenant(domain: string, settings: AuditSettings): boolean {
  if (!isMicrosofts(domain)) return false;
  const { own } = tenantDomains(settings);
  return !own.has(domain) && [...own].some(isMicrosofts);
}

/**
 * The verified domain that an object's names belong to: that of its primary address or mail, else the tenant's first; never
 * one of Microsoft's. @returns null when there is none, or none is known
 */
export function preferredDomain(object: AuditObject, settings: AuditSettings): string | null {
  const { verified } = tenantDomains(settings);
  if (verified === null) return null;
  const addresses = [primarySmtp(object.proxyAddresses) ?? '', object.mail ?? ''];
  return [...addresses.map(domainOf), ...verified].find((domain) => verified.has(domain) && isSuitable(domain)) ?? null;
}

const isMicrosofts = (domain: string): boolean => /\.(?:onmicrosoft|microsoftonline)\.com$/.test(domain);

const isSuitable = (domain: string): boolean =>
  !isMicrosofts(domain) && !isNonRoutable(domain) && domain.length <= longestUserPrincipalName.domain;
