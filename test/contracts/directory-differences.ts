/**
 * Where Samba 4.17 and 4.22 are known to differ from Active Directory. The stand-in follows Active Directory; the contract
 * expects of each directory what its column says. A number is an LDAP result code, 0 being success.
 */
export const differences = {
  /** Adding `SMTP:x` beside `smtp:x`: AD compares without case. */
  addValueInOtherCase: { activeDirectory: 20, samba: 0 },
  /** A value longer than the schema's rangeUpper. */
  addTooLongValue: { activeDirectory: 19, samba: 21 },
  /** Entries of a page of 1,100: AD cuts it at MaxPageSize, whatever the client asks for. */
  entriesOfLongPage: { activeDirectory: 1000, samba: 1100 },
  /** Result of a search for 1,100 entries without pages. */
  codeOfUnpagedSearch: { activeDirectory: 4, samba: 0 },
  /** Values of `member` in one answer of 1,600: AD cuts at MaxValRange and names the range. */
  valuesWithoutRange: { activeDirectory: 0, samba: 1600 },
  /** Moving an object below a parent that is not there. */
  moveToNowhere: { activeDirectory: 32, samba: 80 },
  /** Entries of five that `(!(noSuchAttribute=x))` matches: AD evaluates it to undefined. */
  matchesOfNegatedUnknown: { activeDirectory: 0, samba: 5 },
  /** Elements about one attribute in msDS-ReplAttributeMetaData, which Samba does not construct. */
  replicationMetadata: { activeDirectory: 1, samba: 0 },
} as const;

export type Difference = keyof typeof differences;
export type Kind = 'activeDirectory' | 'samba';
