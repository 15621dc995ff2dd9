import { shadowList, shadowText } from './directory-object.ts';
import { identityDataValidationFailed, largeObject } from './export-errors.ts';
import type { ProvisionedObject, ProvisioningError } from './provisioning.ts';
import { isInvalidUpn } from './user-principal-name.ts';

/** The service takes about this many addresses; samples of LargeObject have 311 and more. */
const mostAddresses = 300;
const longestText = 448;

/** S3: what makes the service refuse an object as a whole, so that every later change of it waits too. */
export function validate({ objectType, attributes }: ProvisionedObject): ProvisioningError | undefined {
  const upn = shadowText(attributes, 'userPrincipalName');
  if (objectType === 'user' && upn !== undefined && isInvalidUpn(upn)) return identityDataValidationFailed(upn);
  if (shadowList(attributes, 'proxyAddresses').length > mostAddresses) return largeObject('proxyAddresses');
  const tooLong = Object.entries(attributes).find(
    ([, value]) => typeof value === 'string' && value.length > longestText,
  );
  return tooLong ? largeObject(tooLong[0]) : undefined;
}
