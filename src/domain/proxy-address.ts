/** One value of `proxyAddresses`. */
export interface ProxyAddress {
  /** Lower case, without the colon: `smtp`, `sip`, `x400`, `x500`, `eum`, ... */
  readonly prefix: string;
  /** As written; addresses are compared ignoring case. */
  readonly address: string;
  /** The prefix is written in upper case: Exchange's mark of the primary address of its kind. */
  readonly primary: boolean;
}

const form = /^([A-Za-z0-9.]+):(.*)$/s;

/** @returns null when the value has no prefix; such a value takes no part in address calculation (KB3190357). */
export function parseProxyAddress(value: string): ProxyAddress | null {
  const [, prefix, address] = form.exec(value) ?? [];
  if (prefix === undefined || address === undefined) return null;
  return {
    prefix: prefix.toLowerCase().replaceAll('.', ''),
    address,
    primary: prefix === prefix.toUpperCase(),
  };
}

/** Same kind and same address; which of the two is primary does not matter. */
export function sameProxyAddress(left: string, right: string): boolean {
  return normaliseProxyAddress(left) === normaliseProxyAddress(right);
}

/** Lower case with its prefix. A bare address is an SMTP address: error reports often leave the prefix out. */
export function normaliseProxyAddress(value: string): string {
  const parsed = parseProxyAddress(value.trim());
  if (parsed === null) return `smtp:${value.trim().toLowerCase()}`;
  return `${parsed.prefix}:${parsed.address.trim().toLowerCase()}`;
}

/** The address without its prefix, lower case. */
export function bareAddress(value: string): string {
  const normalised = normaliseProxyAddress(value);
  return normalised.slice(normalised.indexOf(':') + 1);
}

export const isSmtp = (value: string): boolean => parseProxyAddress(value)?.prefix === 'smtp';

/** The value with the prefix `SMTP:`, as written; null when there is none. */
export function primarySmtp(proxyAddresses: readonly string[]): string | null {
  return proxyAddresses.find((value) => value.startsWith('SMTP:')) ?? null;
}

/** Text after the last `@`, lower case; empty when there is no `@`. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? '' : address.slice(at + 1).toLowerCase();
}

/** Text before the last `@`, as written; the whole text when there is no `@`. */
export function localPartOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? address : address.slice(0, at);
}
