import type { Severity } from './finding.ts';

/** A rule about a value that several objects hold; the audit itself is its implementation. */
export interface GroupRule {
  /** PascalCase; docs/audit/<kebab-case>.md is its page. */
  readonly code: string;
  /** Attribute by which the value is best known, in its LDAP name. */
  readonly attribute: string;
  readonly severity: Severity;
  /** A sentence without its full stop. */
  readonly description: string;
  readonly source: string;
}

const syncErrors = '"Understanding errors during Microsoft Entra synchronization" 04/09/2025 (read 2026-11-22)';
const preparing = '"Prepare for directory synchronization to Microsoft 365" 12/28/2023 (read 2026-11-22)';

export const duplicateAddress: GroupRule = {
  code: 'DuplicateAddress',
  attribute: 'proxyAddresses',
  severity: 'error',
  description: 'Several objects hold one address, as UPN, mail, proxy address or target address',
  source: syncErrors,
};

export const duplicateSipAddress: GroupRule = {
  code: 'DuplicateSipAddress',
  attribute: 'proxyAddresses',
  severity: 'error',
  description: 'Several objects hold one SIP address',
  source: syncErrors,
};

export const duplicateMailNickname: GroupRule = {
  code: 'DuplicateMailNickname',
  attribute: 'mailNickname',
  severity: 'warning',
  description: 'Several objects have one Exchange alias',
  source: preparing,
};

export const duplicateSamAccountName: GroupRule = {
  code: 'DuplicateSamAccountName',
  attribute: 'sAMAccountName',
  severity: 'error',
  description: 'Several users of one domain have no UPN and one sAMAccountName',
  source: preparing,
};

export const duplicateSourceAnchor: GroupRule = {
  code: 'DuplicateSourceAnchor',
  attribute: 'mS-DS-ConsistencyGuid',
  severity: 'error',
  description: 'Several objects of one forest have one source anchor',
  source: syncErrors,
};

export const duplicateSecurityIdentifier: GroupRule = {
  code: 'DuplicateSecurityIdentifier',
  attribute: 'objectSid',
  severity: 'error',
  description: 'Objects with different source anchors have one security identifier',
  source: syncErrors,
};

export const joinedDuplicate: GroupRule = {
  code: 'JoinedDuplicate',
  attribute: 'proxyAddresses',
  severity: 'information',
  description: 'Several objects hold one value, but they become one object in Entra or never get there',
  source:
    '"Understanding the default configuration" and "Understanding Users, Groups, and Contacts" 12/05/2024 (read 2026-11-29)',
};

export const wouldSoftMatch: GroupRule = {
  code: 'WouldSoftMatch',
  attribute: 'proxyAddresses',
  severity: 'warning',
  description: 'An object that is not synchronised yet would take over a cloud-only object with the same address',
  source: '"When you have an existing tenant" 07/01/2026 and "Use UPN matching" KB 3164442 (read 2026-11-22)',
};

export const groupRules: readonly GroupRule[] = [
  duplicateAddress,
  duplicateSipAddress,
  duplicateMailNickname,
  duplicateSamAccountName,
  duplicateSourceAnchor,
  duplicateSecurityIdentifier,
  joinedDuplicate,
  wouldSoftMatch,
];
