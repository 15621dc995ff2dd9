/**
 * Domains that nobody can verify in a tenant, whatever the tenant is: a single label; names of private networks (`.local` and
 * appendix G of RFC 6762; `.home` and `.corp`, never delegated by ICANN resolution 2018.02.04.12; `.internal`, reserved by ICANN
 * in 2024; `home.arpa`, RFC 8375); names for tests and documentation (RFC 2606). Read 2026-11-22.
 */
const nonRoutable =
  /^[^.]*$|\.(?:local|localdomain|lan|internal|intranet|private|corp|home|home\.arpa|test|example|invalid|localhost)$/;

/** @param domain lower case */
export const isNonRoutable = (domain: string): boolean => nonRoutable.test(domain);
