import type { DirectoryObject } from '../directory-object.ts';
import type { ObjectType } from '../provisioning.ts';
import { type EntityType, isCollection, propertiesOf } from './entity-types.ts';

export const entityTypeOf: Readonly<Record<ObjectType, EntityType>> = {
  user: 'user',
  group: 'group',
  contact: 'orgContact',
};

const exchangePlanId = '9aaf7827-d63c-4b61-89c3-182f06f82e5c';
const exchangeSkuId = '4b9405b0-7788-4568-add1-99614e613b69';

/** Properties that follow from the state of an object instead of being stored under their name. */
const computed: Readonly<Record<string, (object: DirectoryObject) => unknown>> = {
  id: (object) => object.id,
  createdDateTime: (object) => isoDate(object.createdAt),
  deletedDateTime: (object) => isoDate(object.deletedAt),
  userPrincipalName: (object) => object.userPrincipalName,
  mail: (object) => object.mail,
  mailNickname: (object) => object.mailNickname,
  proxyAddresses: (object) => object.proxyAddresses,
  onPremisesImmutableId: (object) => object.sourceAnchor,
  onPremisesSyncEnabled: ({ sync }) => (sync === 'synced' ? true : sync === 'detached' ? false : null),
  onPremisesLastSyncDateTime: (object) => isoDate(object.lastSyncAt),
  onPremisesProvisioningErrors: (object) =>
    object.quarantine.map(({ attribute, value, occurredAt }) => ({
      category: 'PropertyConflict',
      occurredDateTime: isoDate(occurredAt),
      propertyCausingError: attribute,
      value,
    })),
  isManagementRestricted: (object) => object.managementRestricted || null,
  assignedLicenses: (object) => (object.exchangePlan ? [{ disabledPlans: [], skuId: exchangeSkuId }] : []),
  assignedPlans: (object) =>
    object.exchangePlan
      ? [
          {
            assignedDateTime: isoDate(object.createdAt),
            capabilityStatus: 'Enabled',
            service: 'exchange',
            servicePlanId: exchangePlanId,
          },
        ]
      : [],
  provisionedPlans: (object) =>
    object.exchangePlan ? [{ capabilityStatus: 'Enabled', provisioningStatus: 'Success', service: 'exchange' }] : [],
  signInActivity: ({ lastSignInAt }) =>
    lastSignInAt === undefined
      ? null
      : {
          lastSignInDateTime: isoDate(lastSignInAt),
          lastNonInteractiveSignInDateTime: isoDate(lastSignInAt),
          lastSuccessfulSignInDateTime: isoDate(lastSignInAt),
        },
};

const byDefault: Readonly<Record<string, (object: DirectoryObject) => unknown>> = {
  userType: () => 'Member',
  accountEnabled: () => true,
  mailEnabled: (object) => object.proxyAddresses.length > 0,
  securityEnabled: () => false,
};

/** The value of one Graph property; null or an empty collection where there is none. */
export function propertyOf(object: DirectoryObject, name: string): unknown {
  const entityType = entityTypeOf[object.type];
  const value = computed[name]?.(object) ?? object.properties[name];
  if (value !== undefined && value !== null) return value;
  const fallback = byDefault[name]?.(object);
  return fallback ?? (isCollection(propertiesOf(entityType)[name] ?? '') ? [] : null);
}

const userDefaults =
  'businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname userPrincipalName id';
const groupDefaults =
  'id deletedDateTime classification createdDateTime description displayName expirationDateTime groupTypes isAssignableToRole mail mailEnabled mailNickname membershipRule membershipRuleProcessingState onPremisesDomainName onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesProvisioningErrors preferredDataLocation preferredLanguage proxyAddresses renewedDateTime securityEnabled securityIdentifier serviceProvisioningErrors theme uniqueName visibility';
const contactDefaults =
  'id deletedDateTime addresses companyName department displayName givenName jobTitle mail mailNickname onPremisesLastSyncDateTime onPremisesSyncEnabled onPremisesProvisioningErrors phones proxyAddresses serviceProvisioningErrors surname';

const defaults: Readonly<Record<ObjectType, readonly string[]>> = {
  user: userDefaults.split(' '),
  group: groupDefaults.split(' '),
  contact: contactDefaults.split(' '),
};

/** An object as Graph shows it: the selected properties, or those that Graph returns unasked. */
export function represent(object: DirectoryObject, select: readonly string[] | undefined): Record<string, unknown> {
  const names = select ?? defaults[object.type];
  return Object.fromEntries(names.map((name) => [name, propertyOf(object, name)]));
}

/** Within a collection of mixed types each object says what it is. */
export function representTyped(
  object: DirectoryObject,
  select: readonly string[] | undefined,
): Record<string, unknown> {
  const type = `#microsoft.graph.${entityTypeOf[object.type]}`;
  return { '@odata.type': type, id: object.id, ...represent(object, select) };
}

export function licenseDetailsOf(object: DirectoryObject): readonly unknown[] {
  if (!object.exchangePlan) return [];
  const plan = { appliesTo: 'User', provisioningStatus: 'Success', servicePlanId: exchangePlanId };
  return [
    {
      id: object.id,
      skuId: exchangeSkuId,
      skuPartNumber: 'EXCHANGESTANDARD',
      servicePlans: [{ ...plan, servicePlanName: 'EXCHANGE_S_STANDARD' }],
    },
  ];
}

export function isoDate(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
