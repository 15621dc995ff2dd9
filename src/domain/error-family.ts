/** The catalogue's name for what a source said, and the fault family that reports of one fault share. */
export interface CanonicalError {
  readonly code: string;
  readonly family: string;
  /** LDAP or Graph name in its exact casing, when the source named an attribute. */
  readonly attribute?: string;
}

export const duplicateValue = 'DuplicateValue';
export const duplicateInDirectoryCode = 'DuplicateInDirectory';
export const invalidAttributeValueCode = 'InvalidAttributeValue';
export const notUnderstoodCode = 'NotUnderstood';

/**
 * From an `onPremisesProvisioningErrors` entry of Microsoft Graph. Both words are open strings there: what is not known is
 * `NotUnderstood`, never dropped.
 */
export function canonicalGraphError(category: string, propertyCausingError: string | undefined): CanonicalError {
  const attribute = attributeNamed(propertyCausingError);
  const named = attribute === undefined ? {} : { attribute };
  if (category !== 'PropertyConflict') return { code: notUnderstoodCode, family: category, ...named };
  return { code: quarantineCodes[attribute ?? ''] ?? notUnderstoodCode, family: duplicateValue, ...named };
}

/**
 * From an export error of the sync engine (or of Connect Health, which uses the same words).
 * @param attributeConflictName value of `AttributeConflictName` among the error's extra details
 */
export function canonicalEngineError(errorType: string, attributeConflictName: string | undefined): CanonicalError {
  const attribute = attributeNamed(attributeConflictName);
  const named = attribute === undefined ? {} : { attribute };
  if (duplicateErrorTypes.has(errorType)) return { code: notUnderstoodCode, family: duplicateValue, ...named };
  return { code: notUnderstoodCode, family: errorType, ...named };
}

const quarantineCodes: Readonly<Record<string, string>> = {
  userPrincipalName: 'QuarantinedUserPrincipalName',
  proxyAddresses: 'QuarantinedProxyAddress',
};

const duplicateErrorTypes: ReadonlySet<string> = new Set([
  'AttributeValueMustBeUnique',
  'QuarantinedAttributeValueMustBeUnique',
]);

/** The sources' spellings of attribute names, lower case. */
const attributeNames: Readonly<Record<string, string>> = {
  userprincipalname: 'userPrincipalName',
  proxyaddress: 'proxyAddresses',
  proxyaddresses: 'proxyAddresses',
  sipproxyaddress: 'proxyAddresses',
  mail: 'mail',
  onpremisesecurityidentifier: 'onPremisesSecurityIdentifier',
  onpremisessecurityidentifier: 'onPremisesSecurityIdentifier',
};

function attributeNamed(name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  return attributeNames[name.toLowerCase()] ?? name;
}
