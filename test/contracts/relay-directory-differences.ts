import type { Kind } from './directory-differences.ts';

/**
 * What the relay answers otherwise over Samba 4.17 and 4.22 than over Active Directory, whose part the stand-in plays. Samba's
 * own differences are in directory-differences.ts.
 */
export const relayDifferences = {
  /** Samba does not construct msDS-ReplAttributeMetaData: nobody can say who had a value first. */
  datedAttributes: { activeDirectory: ['mail', 'proxyAddresses', 'userPrincipalName'], samba: [] },
  /** Refusal of a value longer than the schema allows: constraintViolation, or invalidAttributeSyntax. */
  tooLongValue: { activeDirectory: 'ConstraintViolation', samba: 'LdapResult21' },
} as const satisfies Record<string, Record<Kind, unknown>>;
