import type { DirectoryObject } from '../directory-object.ts';
import type { Refusal, WriteOutcome } from '../graph-writes.ts';
import type { Switches } from '../switches.ts';
import { badRequest, Refused, requestDenied } from './answer.ts';
import { type EntityType, fits, propertiesOf } from './entity-types.ts';

/** Properties that Graph takes in the body of a POST or PATCH and that the tenant rules judge. */
const writable = new Set(
  'accountEnabled ageGroup businessPhones city companyName consentProvidedForMinor country department displayName employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType faxNumber givenName identities jobTitle mail mailNickname mobilePhone officeLocation onPremisesExtensionAttributes onPremisesImmutableId otherMails passwordPolicies passwordProfile postalCode preferredDataLocation preferredLanguage proxyAddresses showInAddressList state streetAddress surname usageLocation userPrincipalName userType aboutMe birthday interests skills description groupTypes mailEnabled securityEnabled visibility isAssignableToRole classification membershipRule membershipRuleProcessingState uniqueName'.split(
    ' ',
  ),
);

/** Checks names and types of a body: 400 for what the type does not have, cannot take, or never lets anyone set. */
export function checkBody(body: unknown, type: EntityType): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('Empty Payload. JSON content expected.');
  }
  const properties = propertiesOf(type);
  const entries = Object.entries(body).filter(([name]) => !name.includes('@odata.'));
  for (const [name, value] of entries) {
    const edmType = properties[name];
    if (edmType === undefined) {
      throw badRequest(
        `Invalid property '${name}': a resource of type 'microsoft.graph.${type}' has no such property.`,
      );
    }
    if (!writable.has(name)) throw badRequest(`Property '${name}' is read-only and cannot be set.`);
    if (!fits(edmType, value))
      throw badRequest(`Invalid value specified for property '${name}' of resource '${type}'.`);
  }
  return Object.fromEntries(entries);
}

/** Demands the properties without which an object cannot be created. */
export function demand(body: Readonly<Record<string, unknown>>, names: readonly string[], type: EntityType): void {
  const missing = names.find((name) => body[name] === undefined || body[name] === null || body[name] === '');
  if (missing) throw badRequest(`A value is required for property '${missing}' of resource '${type}'.`);
}

export function acceptedObject(outcome: WriteOutcome, switches: Switches): DirectoryObject {
  if (outcome.done) return outcome.object;
  throw toRefused(outcome.refusal, switches);
}

function toRefused(refusal: Refusal, switches: Switches): Refused {
  switch (refusal.reason) {
    case 'onPremisesMastered':
      return badRequest(
        'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
      );
    case 'externalService':
      return badRequest(
        'Unable to update the specified properties for objects that have originated within an external service.',
      );
    case 'notAuthorized':
      return requestDenied();
    case 'invalidValue':
      return badRequest(refusal.detail);
    case 'conflict':
      return conflict(refusal.property, switches);
  }
}

export function conflict(property: string, { duplicateStatus }: Switches): Refused {
  const message = `Another object with the same value for property ${property} already exists.`;
  const code = duplicateStatus === '400' ? 'Request_BadRequest' : 'Request_MultipleObjectsWithSameKeyValue';
  const details = [
    { code: 'ObjectConflict', message, target: property },
    { code: 'ConflictingObjects', message },
  ];
  return new Refused(Number(duplicateStatus), code, message, { details });
}
