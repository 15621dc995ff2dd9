import { canonicalGraphError } from '../domain/error-family.ts';
import type { AdObject, CloudObject } from '../domain/evidence.ts';
import { withoutDeletionPrefix } from '../domain/user-principal-name.ts';
import type { AuditObject, Origin } from './audit-object.ts';

/** An object of Active Directory that was just read, as the audit sees it. */
export function auditObjectOfAd(ad: AdObject): AuditObject {
  return {
    origin: { side: 'active-directory', forest: ad.forest, domainController: ad.domainController },
    distinguishedName: ad.distinguishedName,
    objectClass: classes[ad.objectType],
    objectGUID: ad.objectGuid,
    proxyAddresses: ad.proxyAddresses,
    isCriticalSystemObject: ad.isCriticalSystemObject,
    ...given({
      displayName: ad.displayName,
      givenName: ad.givenName,
      sn: ad.surname,
      mail: ad.mail,
      mailNickname: ad.mailNickname,
      sAMAccountName: ad.sAMAccountName,
      targetAddress: ad.targetAddress,
      userPrincipalName: ad.userPrincipalName,
      employeeID: ad.employeeId,
      'mS-DS-ConsistencyGuid': ad.consistencyGuid,
      objectSid: ad.objectSid,
      msExchMasterAccountSid: ad.msExchMasterAccountSid,
      msExchRecipientTypeDetails: ad.msExchRecipientTypeDetails,
      adminDescription: ad.adminDescription,
      adminCount: ad.adminCount,
      homeMDB: ad.homeMdb,
      lastLogonTimestamp: ad.lastLogonTimestamp,
      whenCreated: ad.whenCreated,
      userAccountControl: userAccountControlOf(ad.accountEnabled),
    }),
  };
}

/**
 * An object of Entra that was just read, as the audit sees it.
 * @param privileged whether it holds a directory role; undefined: not asked
 */
export function auditObjectOfCloud(cloud: CloudObject, privileged?: boolean): AuditObject {
  const { id, onPremisesImmutableId, licensed } = cloud;
  const origin: Origin = {
    side: 'entra',
    id,
    kind: kindOf(cloud),
    ...given({ onPremisesImmutableId, privileged, licensed, quarantined: quarantinedOf(cloud) }),
  };
  const userPrincipalName =
    cloud.userPrincipalName === undefined || cloud.deletedDateTime === undefined
      ? cloud.userPrincipalName
      : withoutDeletionPrefix(cloud.userPrincipalName, id);
  return {
    origin,
    objectClass: classes[cloud.objectType],
    displayName: cloud.displayName,
    proxyAddresses: cloud.proxyAddresses,
    ...given({
      distinguishedName: cloud.onPremisesDistinguishedName,
      givenName: cloud.givenName,
      sn: cloud.surname,
      mail: cloud.mail,
      mailNickname: cloud.mailNickname,
      userPrincipalName,
      employeeID: cloud.employeeId,
      objectSid: cloud.onPremisesSecurityIdentifier,
      userAccountControl: userAccountControlOf(cloud.accountEnabled ?? null),
    }),
  };
}

type Quarantined = NonNullable<Extract<Origin, { side: 'entra' }>['quarantined']>[number];

const classes = {
  user: ['top', 'person', 'organizationalPerson', 'user'],
  contact: ['top', 'person', 'organizationalPerson', 'contact'],
  group: ['top', 'group'],
  other: ['top'],
} as const;

/** What a new object of a type is. */
export const objectClassOf = (objectType: 'user' | 'group' | 'contact'): readonly string[] => classes[objectType];

function kindOf(cloud: CloudObject): Extract<Origin, { side: 'entra' }>['kind'] {
  if (cloud.deletedDateTime !== undefined) return 'soft-deleted';
  if (cloud.onPremisesSyncEnabled === true) return 'synchronised';
  return cloud.userType === 'Guest' ? 'guest' : 'cloud-only';
}

/** Undefined also where nothing is in quarantine: most objects are written to files, and have none. */
function quarantinedOf({ provisioningErrors }: CloudObject): Quarantined[] | undefined {
  const quarantined = provisioningErrors.flatMap(({ category, propertyCausingError, value }): Quarantined[] => {
    const { code, attribute } = canonicalGraphError(category, propertyCausingError);
    const isQuarantine = code === 'QuarantinedUserPrincipalName' || code === 'QuarantinedProxyAddress';
    if (!isQuarantine || value === undefined) return [];
    return [{ attribute: attribute === 'userPrincipalName' ? attribute : 'proxyAddresses', value }];
  });
  return quarantined.length === 0 ? undefined : quarantined;
}

/** ADS_UF_NORMAL_ACCOUNT, and ADS_UF_ACCOUNTDISABLE beside it. */
const userAccountControlOf = (enabled: boolean | null): number | undefined =>
  enabled === null ? undefined : enabled ? 0x200 : 0x202;

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends Record<string, unknown>>(properties: T): Given<T> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Given<T>;
}
