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
  if (objectType === 'group') properties['securityEnabled'] = attributes['securityEnabled'] ?? null;
  if (objectType === 'contact') properties['phones'] = phone ? [{ type: 'business', number: phone }] : [];
  return properties;
}

/**
 * S3, S4: what AD has overwrites what the cloud has. Where AD has nothing the cloud value stays, at a match and after it,
 * until AD has had a value there and lost it. `before` is what was exported earlier; a match has no earlier export.
 */
export function overCloudValues(
  cloud: Readonly<Record<string, unknown>>,
  before: ProvisionedObject | undefined,
  incoming: ProvisionedObject,
): Record<string, unknown> {
  const had = before ? syncedProperties(before) : {};
  const synced = syncedProperties(incoming);
  const fromHere = Object.entries(synced).filter(([name, value]) => hasValue(value) || hasValue(had[name]));
  return { ...synced, ...cloud, ...Object.fromEntries(fromHere) };
}

function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
