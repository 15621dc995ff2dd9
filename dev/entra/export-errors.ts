import type { ProvisioningError } from './provisioning.ts';

function exportError(
  errorType: string,
  message: string,
  details: Readonly<Record<string, string | undefined>> = {},
  errorCode = errorType,
): ProvisioningError {
  return {
    errorType,
    errorCode,
    message,
    details: Object.entries(details).flatMap(([Key, value]) => (value === undefined ? [] : [{ Key, Value: [value] }])),
  };
}

export type UniqueAttribute =
  | 'UserPrincipalName'
  | 'ProxyAddresses'
  | 'SipProxyAddress'
  | 'OnPremiseSecurityIdentifier';

/** Two objects want one value, and the export of the later one is refused as a whole. */
export function attributeValueMustBeUnique(
  attribute: UniqueAttribute,
  value: string,
  ids: { readonly objectId?: string | undefined; readonly inConflictWith?: string | undefined },
): ProvisioningError {
  return exportError(
    'AttributeValueMustBeUnique',
    `Unable to update this object because the following attributes associated with this object have values that may already be associated with another object in your local directory services: [${attribute} ${value};]. Correct or remove the duplicate values in your local directory.`,
    {
      ObjectId: ids.objectId,
      ObjectIdInConflict: ids.inConflictWith,
      AttributeConflictName: attribute,
      AttributeConflictValues: value,
    },
  );
}

export function invalidHardMatch(targetId: string): ProvisioningError {
  return exportError(
    'InvalidHardMatch',
    'Hard match operation blocked due to security hardening. Review OnPremisesObjectIdentifier mapping.',
    { ObjectIdInConflict: targetId },
  );
}

export function attributeUpdateNotAllowed(targetId: string): ProvisioningError {
  return exportError('AttributeUpdateNotAllowed', 'OnPremisesObjectIdentifier cannot be changed.', {
    ObjectIdInConflict: targetId,
  });
}

export function existingAdminRoleConflict(targetId: string): ProvisioningError {
  return exportError(
    'ExistingAdminRoleConflict',
    'The object would be matched with a cloud user that holds an administrative role.',
    { ObjectIdInConflict: targetId },
  );
}

export function objectTypeMismatch(targetId: string, value: string): ProvisioningError {
  return exportError(
    'ObjectTypeMismatch',
    `An object of another type already has the address ${value}; the two cannot be matched.`,
    { ObjectIdInConflict: targetId, AttributeConflictName: 'ProxyAddresses', AttributeConflictValues: value },
  );
}

export function identityDataValidationFailed(upn: string): ProvisioningError {
  return exportError('IdentityDataValidationFailed', `The value [UserPrincipalName ${upn};] is not valid.`, {
    AttributeConflictName: 'UserPrincipalName',
    AttributeConflictValues: upn,
  });
}

export function largeObject(attribute: string): ProvisioningError {
  return exportError(
    'LargeObject',
    'The provisioned object is too large. Trim the number of attribute values on this object. The operation will be retried in the next synchronization cycle.',
    { AttributeName: attribute },
  );
}

/** Error type 114: the cloud regards the object as its own. */
export function deletingCloudOnlyObjectNotAllowed(objectId: string): ProvisioningError {
  return exportError(
    'DeletingCloudOnlyObjectNotAllowed',
    "Deleting a cloud-only object isn't supported.",
    { ObjectId: objectId },
    '0x8023134a',
  );
}
