/** What the audit must know beside the objects. What is null is not known: rules that need it say nothing. */
export interface AuditSettings {
  /** Domains verified in the tenant, lower case, the initial domain among them. */
  readonly verifiedDomains: readonly string[] | null;
  /** The tenant's `*.onmicrosoft.com` domain, lower case. */
  readonly initialDomain: string | null;
  /** Present moment, ISO 8601: accounts are inactive relative to it. */
  readonly now: string;
  /** Days without a sign-in after which an account counts as inactive. */
  readonly inactiveDays: number;
  /** The attribute that becomes the cloud UPN; another than userPrincipalName is an alternate login id. */
  readonly userNameAttribute: 'userPrincipalName' | 'mail';
  /** How Entra Connect represents one person of several forests (`Users are represented ...`). */
  readonly matchOption: MatchOption;
  /** Subtrees that are synchronised, as DNs; null: all. */
  readonly scope: readonly string[] | null;
}

/**
 * Entra Connect's setting "Identify how users should be identified in your on-premises directories". `none`: users are
 * represented only once across all forests.
 */
export type MatchOption =
  | { readonly by: 'none' }
  | { readonly by: 'mail' }
  | { readonly by: 'objectSid-msExchMasterAccountSid' }
  | { readonly by: 'sAMAccountName-mailNickname' }
  | { readonly by: 'attribute'; readonly attribute: string };
