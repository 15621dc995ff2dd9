import { EqualityFilter, type Filter, OrFilter } from 'ldapts';
import type { SearchRequest } from '../../relay-contract.ts';
import { guidOctets } from './octets.ts';

/** Prefixes under which an address stands in proxyAddresses; the empty one is a value without a prefix. */
const addressPrefixes = ['smtp:', 'sip:', 'x500:', 'x400:', 'eum:', ''];

/**
 * Traps of ldapts 9: hex escapes above 0x7f in a text filter, and `escapeFilter` with octets, are encoded again as UTF-8 and
 * find nothing, without an error. Filters are therefore objects, never text, and octets go in as octets; that also leaves
 * nothing to escape.
 * @returns null for a distinguished name, which is read and not searched
 */
export function filterFor(by: SearchRequest['by']): Filter | null {
  switch (by.kind) {
    case 'address':
      return new OrFilter({ filters: addressFilters(by.address) });
    case 'objectGuid':
      return equals('objectGUID', guidOctets(by.objectGuid));
    case 'sourceAnchor':
      return anchorFilter(Buffer.from(by.sourceAnchor, 'base64'));
    case 'employeeId':
      return equals('employeeID', by.employeeId);
    case 'accountName':
      return equals('sAMAccountName', by.accountName);
    case 'distinguishedName':
      return null;
  }
}

export const equals = (attribute: string, value: string | Buffer): Filter => new EqualityFilter({ attribute, value });

function addressFilters(address: string): Filter[] {
  const bare = address.replace(/^smtp:/i, '');
  const at = bare.lastIndexOf('@');
  // The routing address is made of mailNickname (KB3190357); AD holds no other trace of it.
  const nickname = at > 0 && bare.slice(at).toLowerCase().endsWith('.onmicrosoft.com') ? [bare.slice(0, at)] : [];
  return [
    equals('userPrincipalName', bare),
    equals('mail', bare),
    ...addressPrefixes.map((prefix) => equals('proxyAddresses', `${prefix}${bare}`)),
    ...[bare, ...nickname].map((name) => equals('mailNickname', name)),
  ];
}

function anchorFilter(octets: Buffer): Filter {
  const consistency = equals('mS-DS-ConsistencyGuid', octets);
  if (octets.length !== 16) return consistency;
  return new OrFilter({ filters: [equals('objectGUID', octets), consistency] });
}
