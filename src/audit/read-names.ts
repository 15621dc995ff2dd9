/** How the values of an attribute are read. */
export type Kind =
  | 'text'
  | 'texts'
  | 'number'
  | 'boolean'
  | 'time'
  | 'guid'
  | 'anchor'
  | 'sid'
  /** Only the number of values is kept. */
  | 'count'
  /** Only the size is kept. */
  | 'octets'
  /** Kept in `others`. */
  | 'other'
  /** A part of an audit object that is no attribute. */
  | 'nested';

export interface KnownName {
  readonly kind: Kind;
  /** LDAP name in its exact casing. */
  readonly attribute: string;
  /** Another name for the attribute: it yields to the attribute's own. */
  readonly alias: boolean;
}

/** Synchronised text attributes that no rule of its own looks at; they are kept for their lengths. */
// biome-ignore format: one attribute a line would hide the list
export const otherAttributes: readonly string[] = [
  'c', 'co', 'company', 'department', 'description', 'division', 'employeeNumber', 'employeeType',
  'extensionAttribute1', 'extensionAttribute2', 'extensionAttribute3', 'extensionAttribute4', 'extensionAttribute5',
  'extensionAttribute6', 'extensionAttribute7', 'extensionAttribute8', 'extensionAttribute9', 'extensionAttribute10',
  'extensionAttribute11', 'extensionAttribute12', 'extensionAttribute13', 'extensionAttribute14', 'extensionAttribute15',
  'facsimileTelephoneNumber', 'homePhone', 'info', 'initials', 'ipPhone', 'l', 'legacyExchangeDN', 'middleName', 'mobile',
  'msRTCSIP-PrimaryUserAddress', 'otherFacsimileTelephoneNumber', 'otherHomePhone', 'otherIpPhone', 'otherMobile',
  'otherPager', 'otherTelephone', 'pager', 'physicalDeliveryOfficeName', 'postalCode', 'postOfficeBox',
  'preferredLanguage', 'st', 'streetAddress', 'telephoneAssistant', 'telephoneNumber', 'title', 'url', 'wWWHomePage',
];

// biome-ignore format: one attribute a line would hide the list
const texts = [
  'distinguishedName', 'cn', 'displayName', 'givenName', 'sn', 'mail', 'mailNickname', 'sAMAccountName', 'targetAddress',
  'userPrincipalName', 'employeeID', 'adminDescription', 'homeMDB', 'msExchRecipientTypeDetails',
];

const namesByKind: readonly (readonly [Kind, readonly string[]])[] = [
  ['text', texts],
  ['texts', ['objectClass', 'proxyAddresses']],
  ['number', ['groupType', 'userAccountControl', 'adminCount']],
  ['boolean', ['isCriticalSystemObject', 'msExchHideFromAddressLists']],
  ['time', ['lastLogonTimestamp', 'whenCreated']],
  ['guid', ['objectGUID']],
  ['anchor', ['mS-DS-ConsistencyGuid']],
  ['sid', ['objectSid', 'msExchMasterAccountSid']],
  ['count', ['userCertificate', 'userSMIMECertificate', 'member']],
  ['octets', ['thumbnailPhoto']],
  ['other', otherAttributes],
  ['nested', ['origin', 'valueCounts', 'octetCounts', 'others', 'unreadable']],
];

/** What is asked of a directory for its objects, beside their names; of `counted` ones only the number of values. */
export const directoryAttributes: readonly string[] = namesByKind.flatMap(([kind, attributes]) =>
  kind === 'nested' || kind === 'count' ? [] : attributes.filter((attribute) => attribute !== 'distinguishedName'),
);
export const countedAttributes: readonly string[] = namesByKind.flatMap(([kind, attributes]) =>
  kind === 'count' ? attributes : [],
);

/** Names that LDIF and the ActiveDirectory module of PowerShell use. */
const aliases: readonly (readonly [alias: string, attribute: string])[] = [
  ['dn', 'distinguishedName'],
  ['name', 'cn'],
  ['surname', 'sn'],
  ['emailAddress', 'mail'],
  ['sid', 'objectSid'],
];

const known = new Map<string, KnownName>();
for (const [kind, attributes] of namesByKind)
  for (const attribute of attributes) known.set(attribute.toLowerCase(), { kind, attribute, alias: false });
for (const [alias, attribute] of aliases) {
  const own = known.get(attribute.toLowerCase());
  if (own !== undefined) known.set(alias.toLowerCase(), { ...own, alias: true });
}

/** @param name in lower case, without options */
export const knownName = (name: string): KnownName | undefined => known.get(name);

/** `member;range=0-1499` is member, with an option (RFC 4512 2.5). */
export function splitOptions(field: string): { name: string; options: string } {
  const end = field.indexOf(';');
  if (end < 0) return { name: field.toLowerCase(), options: '' };
  return { name: field.slice(0, end).toLowerCase(), options: field.slice(end + 1).toLowerCase() };
}

/** A range that does not end with `*` is not the last one of its attribute (MS-ADTS 3.1.1.3.1.3.3). */
export const endsEarly = (options: string): boolean => /(?:^|;)range=\d+-\d+(?:;|$)/.test(options);

/** Whether only the number of the field's values is kept. @param field as a record spells it, with options */
export const isCounted = (field: string): boolean => known.get(splitOptions(field).name)?.kind === 'count';
