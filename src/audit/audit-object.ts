/**
 * One directory object as the audit reads it, whatever it came from (relay, LDAP, a file, Microsoft Graph). Attribute names
 * are LDAP's; an absent attribute is absent here, a present but blank one is `''`. Binary values have become text: GUIDs
 * lower case and dashed, SIDs `S-1-…`, source anchors Base64; of long binary attributes only the size is kept.
 */
export interface AuditObject {
  /** Where the object lives. Absent in a file: `active-directory`, forest unknown. */
  readonly origin?: Origin;
  readonly distinguishedName?: string;
  /** In the directory's order; the last is the structural class. */
  readonly objectClass: readonly string[];
  readonly cn?: string;
  readonly displayName?: string;
  readonly givenName?: string;
  readonly sn?: string;
  readonly mail?: string;
  readonly mailNickname?: string;
  readonly sAMAccountName?: string;
  readonly targetAddress?: string;
  readonly userPrincipalName?: string;
  readonly proxyAddresses: readonly string[];
  readonly employeeID?: string;
  /** Lower-case dashed GUID. */
  readonly objectGUID?: string;
  /** Base64 of the 16 octets. */
  readonly 'mS-DS-ConsistencyGuid'?: string;
  readonly objectSid?: string;
  readonly msExchMasterAccountSid?: string;
  readonly groupType?: number;
  readonly userAccountControl?: number;
  readonly adminCount?: number;
  readonly adminDescription?: string;
  readonly isCriticalSystemObject?: boolean;
  readonly homeMDB?: string;
  readonly msExchHideFromAddressLists?: boolean;
  readonly msExchRecipientTypeDetails?: string;
  /** ISO 8601; lags up to 14 days. */
  readonly lastLogonTimestamp?: string;
  readonly whenCreated?: string;
  /** Number of values of `userCertificate`, `userSMIMECertificate`, `member`. */
  readonly valueCounts?: Readonly<Record<string, number>>;
  /** Octets of `thumbnailPhoto`. */
  readonly octetCounts?: Readonly<Record<string, number>>;
  /** Further synchronised text attributes (`description`, `extensionAttribute1`, …), for their lengths. */
  readonly others?: Readonly<Record<string, readonly string[]>>;
  /** Attributes that the object has and whose value could not be read: absent above, though nobody may mind that. */
  readonly unreadable?: readonly string[];
}

/** Whether the object has the attribute, and its value could not be read. */
export const isUnreadable = ({ unreadable }: AuditObject, attribute: string): boolean =>
  unreadable?.includes(attribute) === true;

export type Origin =
  | { readonly side: 'active-directory'; readonly forest: string; readonly domainController?: string }
  | {
      readonly side: 'entra';
      readonly id: string;
      readonly kind: 'cloud-only' | 'guest' | 'synchronised' | 'soft-deleted';
      /** Source anchor, when the object has one. */
      readonly onPremisesImmutableId?: string;
      /** Holds a directory role, or might: soft match onto it is blocked. */
      readonly privileged?: boolean;
      readonly licensed?: boolean;
      /** ISO 8601; absent: not known. */
      readonly lastSignIn?: string;
      /** Its values in quarantine (`onPremisesProvisioningErrors`), as they were exported. Absent: none, or not read. */
      readonly quarantined?: readonly {
        readonly attribute: 'userPrincipalName' | 'proxyAddresses';
        readonly value: string;
      }[];
    };

export type AuditObjectType = 'user' | 'group' | 'contact' | 'other';

/** By any of its classes: an inetOrgPerson is a user as well. */
export function objectTypeOf({ objectClass }: AuditObject): AuditObjectType {
  const classes = objectClass.map((name) => name.toLowerCase());
  if (classes.includes('computer')) return 'other';
  if (classes.includes('user')) return 'user';
  if (classes.includes('group')) return 'group';
  return classes.includes('contact') ? 'contact' : 'other';
}
