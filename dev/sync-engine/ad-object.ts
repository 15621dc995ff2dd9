import type { ObjectType } from '../entra/provisioning.ts';
import { guidOf, sidOf } from './binary-identifiers.ts';

/** One object of an AD connector space, as the last import saw it. */
export interface AdObject {
  readonly connectorName: string;
  /** DNS name of the domain whose partition holds the object. */
  readonly domain: string;
  /** Lower case, with hyphens. */
  readonly objectGuid: string;
  readonly distinguishedName: string;
  readonly objectType: ObjectType;
  /** Non-empty values by attribute name in schema spelling; binary ones as {@link formats} says. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** How a binary attribute is shown: a GUID, a SID in its S-1-… form, or base64 of the octets. */
const formats: Readonly<Record<string, (octets: Buffer) => string>> = {
  objectGUID: guidOf,
  objectSid: sidOf,
  msExchMasterAccountSid: sidOf,
  msExchMailboxGuid: guidOf,
  'mS-DS-ConsistencyGuid': (octets) => octets.toString('base64'),
};

/** The attributes that the engine imports, in schema spelling. */
export const importedAttributes: readonly string[] = [
  ...Object.keys(formats),
  'objectClass',
  'cn',
  'isDeleted',
  'isCriticalSystemObject',
  'adminDescription',
  'groupType',
  'userAccountControl',
  'sAMAccountName',
  'userPrincipalName',
  'proxyAddresses',
  'mail',
  'mailNickname',
  'displayName',
  'givenName',
  'sn',
  'employeeID',
  'department',
  'telephoneNumber',
  'manager',
  'member',
  'targetAddress',
  'legacyExchangeDN',
  'homeMDB',
  'msExchRecipientTypeDetails',
  'msExchRemoteRecipientType',
  'msExchPoliciesExcluded',
  'msExchUsageLocation',
];

const schemaSpelling = new Map(importedAttributes.map((name) => [name.toLowerCase(), name]));

/** One search result with every value as its octets, or as text where the LDAP library made it text. */
export interface DirectoryEntry {
  readonly distinguishedName: string;
  readonly values: ReadonlyMap<string, readonly (string | Buffer)[]>;
}

export function readAttributes(entry: DirectoryEntry): Record<string, readonly string[]> {
  const attributes: Record<string, readonly string[]> = {};
  for (const [name, values] of entry.values) {
    const spelling = schemaSpelling.get(name.toLowerCase()) ?? name;
    if (values.length > 0) attributes[spelling] = values.map((value) => shown(spelling, value));
  }
  return attributes;
}

function shown(name: string, value: string | Buffer): string {
  const format = formats[name];
  if (format) return format(typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
  return typeof value === 'string' ? value : value.toString('utf8');
}

/** The kind of a synchronised object by its object classes; undefined for everything else, computers and group-managed accounts too. */
export function objectTypeOf(objectClasses: readonly string[]): ObjectType | undefined {
  const classes = new Set(objectClasses.map((name) => name.toLowerCase()));
  if (classes.has('computer')) return undefined;
  if (classes.has('user')) return 'user';
  if (classes.has('group')) return 'group';
  if (classes.has('contact')) return 'contact';
  return undefined;
}

export function firstValue(object: AdObject, attribute: string): string | undefined {
  return object.attributes[attribute]?.[0];
}

/** An attribute that holds a number of 32 bits, such as userAccountControl; 0 when absent. */
export function flagsOf(object: AdObject, attribute: string): number {
  return Number(firstValue(object, attribute) ?? 0) | 0;
}

const securityGroup = 0x8000_0000 | 0;

/** A group that can be given rights, whether it has addresses or not; the others are for mail alone. */
export function isSecurityGroup(group: AdObject): boolean {
  return (flagsOf(group, 'groupType') & securityGroup) !== 0;
}

/** Names an AD object over all connectors. */
export function keyOf(object: AdObject): string {
  return `${object.connectorName}|${object.objectGuid}`;
}
