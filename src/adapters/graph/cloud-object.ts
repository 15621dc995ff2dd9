import { z } from 'zod';
import type { CloudObject } from '../../domain/evidence.ts';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import type { CloudObjectType } from '../../ports.ts';
import { tryAgain } from './answer.ts';
import { withQuery } from './odata.ts';
import { type Need, needs } from './permissions.ts';

/** Where the objects of one type live, what may be selected of them, and what reading them takes. */
interface Collection {
  readonly path: string;
  readonly select: readonly string[];
  readonly need: Need;
}

const onEveryType = ['id', 'displayName', 'mail', 'mailNickname', 'proxyAddresses', 'onPremisesSyncEnabled'];
const provisioningErrors = 'onPremisesProvisioningErrors';

/** Only properties of the v1.0 metadata: an unknown name in $select is a 400 for the whole request. */
export const collections: Readonly<Record<CloudObjectType, Collection>> = {
  user: {
    path: '/users',
    need: needs.readUsers,
    select: [
      ...onEveryType,
      ...['userPrincipalName', 'userType', 'givenName', 'surname', 'otherMails', 'employeeId', 'department'],
      ...['businessPhones', 'mobilePhone', 'accountEnabled', 'createdDateTime', 'isManagementRestricted'],
      ...['onPremisesImmutableId', 'onPremisesSecurityIdentifier', 'onPremisesDistinguishedName'],
      ...['onPremisesDomainName', 'onPremisesSamAccountName', 'onPremisesUserPrincipalName'],
      ...['assignedPlans', 'assignedLicenses', provisioningErrors],
    ],
  },
  group: {
    path: '/groups',
    need: needs.readGroups,
    select: [
      ...onEveryType,
      ...['mailEnabled', 'securityEnabled', 'groupTypes', 'isAssignableToRole', 'isManagementRestricted'],
      ...['createdDateTime', 'onPremisesSecurityIdentifier', 'onPremisesDomainName', 'onPremisesSamAccountName'],
      provisioningErrors,
    ],
  },
  contact: {
    path: '/contacts',
    need: needs.readContacts,
    select: [...onEveryType, 'givenName', 'surname', 'department', 'phones', provisioningErrors],
  },
};

/** The address of one object with everything that a `CloudObject` tells; a user's manager comes along. */
export function objectPath(objectType: CloudObjectType, idSegment: string): string {
  const { path, select } = collections[objectType];
  return withQuery(`${path}/${idSegment}`, {
    $select: select.join(','),
    $expand: objectType === 'user' ? 'manager($select=id)' : undefined,
  });
}

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();
const flag = z.boolean().nullish();

const provisioningError = z.object({
  category: text,
  propertyCausingError: text,
  value: text,
  occurredDateTime: text,
});

/** The union of what the three types show; which of it a type has is Graph's business. */
const graphObject = z.object({
  id: z.string(),
  displayName: text,
  userType: text,
  givenName: text,
  surname: text,
  userPrincipalName: text,
  mail: text,
  mailNickname: text,
  proxyAddresses: texts,
  otherMails: texts,
  employeeId: text,
  department: text,
  manager: z.object({ id: z.string() }).nullish(),
  businessPhones: texts,
  mobilePhone: text,
  phones: z.array(z.object({ number: text })).nullish(),
  accountEnabled: flag,
  createdDateTime: text,
  deletedDateTime: text,
  onPremisesSyncEnabled: flag,
  onPremisesImmutableId: text,
  onPremisesSecurityIdentifier: text,
  onPremisesDistinguishedName: text,
  onPremisesDomainName: text,
  onPremisesSamAccountName: text,
  onPremisesUserPrincipalName: text,
  mailEnabled: flag,
  securityEnabled: flag,
  groupTypes: texts,
  isAssignableToRole: flag,
  isManagementRestricted: flag,
  assignedPlans: z.array(z.object({ service: text, servicePlanId: text, capabilityStatus: text })).nullish(),
  assignedLicenses: z.array(z.unknown()).nullish(),
  onPremisesProvisioningErrors: z.array(provisioningError).nullish(),
});
type GraphObject = z.infer<typeof graphObject>;

/** Reads one object of an answer; one that lacks the shape of its type is `TryAgain`, naming the property. */
export function cloudObjectOf(objectType: CloudObjectType, body: unknown): Result<CloudObject> {
  const parsed = graphObject.safeParse(body);
  if (parsed.success) return succeeded(toCloudObject(objectType, parsed.data));
  const [issue] = parsed.error.issues;
  return failed(tryAgain(`Graph described a ${objectType} oddly: ${issue?.path.join('.')}: ${issue?.message}`));
}

function toCloudObject(objectType: CloudObjectType, found: GraphObject): CloudObject {
  return {
    id: found.id,
    objectType,
    displayName: found.displayName ?? found.userPrincipalName ?? found.id,
    proxyAddresses: found.proxyAddresses ?? [],
    otherMails: found.otherMails ?? [],
    phones: phonesOf(found),
    groupTypes: found.groupTypes ?? [],
    onPremisesSyncEnabled: found.onPremisesSyncEnabled ?? null,
    enabledServices: enabledServicesOf(found),
    provisioningErrors: (found.onPremisesProvisioningErrors ?? []).map((error) => ({
      category: error.category ?? '',
      ...given({
        propertyCausingError: error.propertyCausingError,
        value: error.value,
        occurredDateTime: error.occurredDateTime,
      }),
    })),
    ...given({
      userType: found.userType,
      givenName: found.givenName,
      surname: found.surname,
      userPrincipalName: found.userPrincipalName,
      mail: found.mail,
      mailNickname: found.mailNickname,
      employeeId: found.employeeId,
      department: found.department,
      managerId: found.manager?.id,
      accountEnabled: found.accountEnabled,
      createdDateTime: found.createdDateTime,
      deletedDateTime: found.deletedDateTime,
      onPremisesImmutableId: found.onPremisesImmutableId,
      onPremisesSecurityIdentifier: found.onPremisesSecurityIdentifier,
      onPremisesDistinguishedName: found.onPremisesDistinguishedName,
      onPremisesDomainName: found.onPremisesDomainName,
      onPremisesSamAccountName: found.onPremisesSamAccountName,
      onPremisesUserPrincipalName: found.onPremisesUserPrincipalName,
      mailEnabled: found.mailEnabled,
      securityEnabled: found.securityEnabled,
      isAssignableToRole: found.isAssignableToRole,
      isManagementRestricted: found.isManagementRestricted,
      licensed: found.assignedLicenses === undefined ? undefined : (found.assignedLicenses ?? []).length > 0,
    }),
  };
}

function phonesOf({ businessPhones, mobilePhone, phones }: GraphObject): string[] {
  const numbers = [...(businessPhones ?? []), mobilePhone, ...(phones ?? []).map(({ number }) => number)];
  return numbers.filter((number) => typeof number === 'string' && number !== '') as string[];
}

/**
 * EXCHANGE_S_FOUNDATION belongs to the service `exchange` and comes with licences of other products; it gives no mailbox.
 * Source: "Product names and service plan identifiers for licensing", learn.microsoft.com.
 */
const exchangeFoundationPlan = '113feb6c-3fe4-4440-bddc-54d774bf0318';

function enabledServicesOf({ assignedPlans }: GraphObject): string[] {
  const enabled = (assignedPlans ?? []).filter(
    ({ capabilityStatus, servicePlanId }) => capabilityStatus === 'Enabled' && servicePlanId !== exchangeFoundationPlan,
  );
  return [...new Set(enabled.map(({ service }) => service).filter((service) => typeof service === 'string'))];
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

/** The properties that have a value; null, undefined and the empty string of an unset property are left out. */
function given<T extends Record<string, unknown>>(properties: T): Given<T> {
  const present = Object.entries(properties).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return Object.fromEntries(present) as Given<T>;
}
