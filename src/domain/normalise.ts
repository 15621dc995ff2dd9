import { normaliseProxyAddress } from './proxy-address.ts';

/**
 * The form of a value in which two reports of one fault agree, whatever their case and prefix. The value of an attribute
 * that the domain does not know is kept as it is.
 */
export function normaliseValue(attribute: string, value: string): string {
  switch (attribute) {
    case 'proxyAddresses':
      return normaliseProxyAddress(value);
    case 'userPrincipalName':
    case 'mail':
      return value.trim().toLowerCase();
    default:
      return value;
  }
}
