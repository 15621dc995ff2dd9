/** One value of proxyAddresses, taken apart: `SMTP:Ann@contoso.com` has the scheme smtp and is primary. */
export interface ProxyAddress {
  readonly value: string;
  /** Lower-case: smtp, sip, x500 and so on; empty when the value has no prefix. */
  readonly scheme: string;
  readonly address: string;
  readonly primary: boolean;
}

export function parseProxyAddress(value: string): ProxyAddress {
  const colon = value.indexOf(':');
  const prefix = colon < 0 ? '' : value.slice(0, colon);
  return {
    value,
    scheme: prefix.toLowerCase(),
    address: value.slice(colon + 1),
    primary: prefix !== '' && prefix === prefix.toUpperCase(),
  };
}

/** The form in which addresses and UPNs are compared. */
export function addressKey(address: string): string {
  return address.toLowerCase();
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

export function localPartOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? address : address.slice(0, at);
}

/** Keys of the SMTP addresses among `values`. */
export function smtpKeys(values: readonly string[]): string[] {
  return values
    .map(parseProxyAddress)
    .filter(({ scheme }) => scheme === 'smtp')
    .map(({ address }) => addressKey(address));
}

export function primarySmtpOf(values: readonly string[]): string | undefined {
  return values.map(parseProxyAddress).find(({ scheme, primary }) => scheme === 'smtp' && primary)?.address;
}

/** White space and characters that cannot be seen, such as a zero-width space or a soft hyphen. */
const unseen = /[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/u;

export function hasUnseenCharacter(text: string): boolean {
  return unseen.test(text);
}
