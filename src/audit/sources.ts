/** Where the limits of the rules come from, and when it was read. */
export const source = {
  prepare: 'Microsoft 365, "Prepare for directory synchronization", 2023-12-28 (read 2026-11-22)',
  graph: 'Microsoft Graph v1.0, reference of user and group, as in microsoft-graph-types 2.43.1 (read 2026-11-22)',
  addresses: 'KB3190357, how the proxyAddresses attribute is populated (read 2026-11-22)',
  names: 'Microsoft Entra, "Plan and troubleshoot UserPrincipalName changes" and UPN population (read 2026-11-22)',
  defaultRules: 'Microsoft Entra Connect Sync, default synchronisation rules (read 2026-11-22)',
  syncErrors: 'Microsoft Entra, "Troubleshoot errors during synchronization" (read 2026-11-22)',
  configuration: 'Microsoft Entra Connect Sync, "Make a change to the default configuration" (read 2026-11-22)',
  endpoint: 'Microsoft Entra Connect Sync, "V2 endpoint API" (read 2026-11-22)',
  anchor: 'Microsoft Entra Connect, "Design concepts", sourceAnchor (read 2026-11-22)',
  smtp: 'RFC 5321 section 4.1.2; "Prepare for directory synchronization", 2023-12-28 (read 2026-11-22)',
  idfix: 'IdFix 2.6.0.3, commit c1b74fe (read 2026-11-22)',
  directory: 'Active Directory schema (read 2026-11-22)',
} as const;
