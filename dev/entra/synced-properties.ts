import { shadowText } from './directory-object.ts';
import type { ProvisionedObject } from './provisioning.ts';

/** Connector-space attributes that Graph shows under the same name. */
const sameName = [
  'displayName',
  'givenName',
  'surname',
  'employeeId',
  'department',
  'jobTitle',
  'companyName',
  'usageLocation',
  'onPremisesSecurityIdentifier',
  'onPremisesDistinguishedName',
  'onPremisesDomainName',
  'onPremisesSamAccountName',
  'onPremisesUserPrincipalName',
  'description',
] as const;

/** The Graph properties that follow directly from exported attributes; null where AD has no value. */
export function syncedProperties({ objectType, attributes }: ProvisionedObject): Record<string, unknown> {
  const properties: Record<string, unknown> = Object.fromEntries(
    sameName.map((name) => [name, shadowText(attributes, name) ?? null]),
  );
  const phone = shadowText(attributes, 'telephoneNumber');
  if (objectType === 'user') {
    properties['businessPhones'] = phone ? [phone] : [];
    properties['accountEnabled'] = attributes['accountEnabled'] ?? true;
    properties['onPremisesUserPrincipalName'] ??= shadowText(attributes, 'userPrincipalName') ?? null;
  }
  if (objectType === 'contact') properties['phones'] = phone ? [{ type: 'business', number: phone }] : [];
  return properties;
}

/** A match overwrites cloud values with those that AD has; where AD has none the cloud's stay. */
export function overCloudValues(
  cloud: Readonly<Record<string, unknown>>,
  synced: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const present = Object.entries(synced).filter(([, value]) => value !== null);
  return { ...synced, ...cloud, ...Object.fromEntries(present) };
}
