import type { AuditObject } from '../audit-object.ts';

export type IdFixAction = 'Edit' | 'Complete' | 'Remove';

/** What one rule says against one value. */
export interface Failure {
  /** In IdFix's words and order: `Format, DomainPart, LocalPart`. */
  readonly error: string;
  readonly action: IdFixAction;
  /** The value that IdFix proposes and that the following rules of the chain see; null: it has none. */
  readonly update: string | null;
}

/** @returns null when the value passes. A rule that minds duplicates tells `claims` of the value. */
export type IdFixRule = (value: string, object: AuditObject, claims: Claims) => Failure | null;

export type IdFixAttribute = 'displayName' | 'givenName' | UniqueAttribute;

/** The attributes whose values IdFix wants unique, each on its own. */
export const uniqueAttributes = [
  'mail',
  'mailNickname',
  'proxyAddresses',
  'sAMAccountName',
  'targetAddress',
  'userPrincipalName',
] as const;
export type UniqueAttribute = (typeof uniqueAttributes)[number];

/** Who held which value first, in the order of reading. */
export interface Claims {
  /** @returns whether the value was claimed before, ignoring case; else it is claimed now */
  claim(attribute: UniqueAttribute, value: string): boolean;
  /** Who claimed the value first; null when nobody did or the reading does not keep names. */
  holderOf(attribute: IdFixAttribute, value: string): FirstHolder | null;
}

export type FirstHolder = Pick<AuditObject, 'cn' | 'distinguishedName'>;

export const edit = (error: string, update: string | null): Failure => ({ error, action: 'Edit', update });
export const cnOf = (object: FirstHolder): string => object.cn ?? '';

/** The last of its classes, lower case: an inetOrgPerson is no user to IdFix. */
export const classOf = ({ objectClass }: AuditObject): string => objectClass.at(-1)?.toLowerCase() ?? '';
