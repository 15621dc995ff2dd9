/** Application permissions, any of which suffices; the broad ones come with every list. */
const readsDirectory = ['Directory.Read.All', 'Directory.ReadWrite.All'];

export const permissions = {
  readUsers: ['User.Read.All', 'User.ReadWrite.All', ...readsDirectory],
  writeUsers: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  inviteUsers: ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
  deleteUsers: ['User.DeleteRestore.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
  restore: ['User.DeleteRestore.All', 'User.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  readGroups: ['Group.Read.All', 'Group.ReadWrite.All', ...readsDirectory],
  writeGroups: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  readContacts: ['OrgContact.Read.All', ...readsDirectory],
  readMailboxSettings: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
  readOrganization: ['Organization.Read.All', 'Organization.ReadWrite.All', 'User.Read.All', ...readsDirectory],
  readDomains: ['Domain.Read.All', 'Domain.ReadWrite.All', ...readsDirectory],
  readRoles: [
    'RoleManagement.Read.Directory',
    'RoleManagement.Read.All',
    'RoleManagement.ReadWrite.Directory',
    ...readsDirectory,
  ],
  readEligibility: [
    'RoleEligibilitySchedule.Read.Directory',
    'RoleEligibilitySchedule.ReadWrite.Directory',
    'RoleManagement.Read.Directory',
    'RoleManagement.Read.All',
    'RoleManagement.ReadWrite.Directory',
  ],
  readAudits: ['AuditLog.Read.All'],
  readDirectoryObjects: readsDirectory,
  userAuthority: ['User-OnPremisesSyncBehavior.ReadWrite.All'],
  groupAuthority: ['Group-OnPremisesSyncBehavior.ReadWrite.All'],
  contactAuthority: ['Contacts-OnPremisesSyncBehavior.ReadWrite.All'],
} as const satisfies Record<string, readonly string[]>;

export type PermissionSet = keyof typeof permissions;

export function isPermitted(roles: readonly string[], needed: PermissionSet): boolean {
  return permissions[needed].some((permission) => roles.includes(permission));
}
