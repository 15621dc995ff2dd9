/** What a request needs: an application permission, and for some also a licence of the tenant. */
export interface Need {
  readonly permission: string;
  readonly licence?: string;
}

/**
 * Application permissions of Microsoft Graph that the product asks for, by what they are used for.
 * Source: permissions.json of microsoftgraph/microsoft-graph-devx-content at 6cbd6bb (2026-08-07); the licences are from
 * the reference pages of the resources (2026-11).
 */
export const needs = {
  readUsers: { permission: 'User.Read.All' },
  readGroups: { permission: 'Group.Read.All' },
  readContacts: { permission: 'OrgContact.Read.All' },
  writeUsers: { permission: 'User.ReadWrite.All' },
  readDomains: { permission: 'Domain.Read.All' },
  readSignIns: { permission: 'AuditLog.Read.All', licence: 'Microsoft Entra ID P1' },
  readRoleAssignments: { permission: 'RoleManagement.Read.Directory' },
  readRoleEligibility: { permission: 'RoleManagement.Read.Directory', licence: 'Microsoft Entra ID P2' },
  readMailboxPurpose: { permission: 'MailboxSettings.Read' },
  /** Reading needs the same permission as switching; there is no smaller one. */
  readUserSourceOfAuthority: { permission: 'User-OnPremisesSyncBehavior.ReadWrite.All' },
  readGroupSourceOfAuthority: { permission: 'Group-OnPremisesSyncBehavior.ReadWrite.All' },
  readContactSourceOfAuthority: { permission: 'Contacts-OnPremisesSyncBehavior.ReadWrite.All' },
} as const satisfies Record<string, Need>;

/** Facts that no permission of Graph supplies come from Exchange Online itself. */
export const exchangeOnlineReader =
  'Connect the Exchange Online reader (application certificate with the role View-Only Recipients).';

/** An instruction for the person who administers the tenant. */
export const remedyFor = ({ permission, licence }: Need): string =>
  `Grant the application permission ${permission}${licence === undefined ? '' : ` (the tenant needs ${licence})`}.`;
