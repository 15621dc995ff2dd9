import type { Client, Filter } from 'ldapts';
import type { AdObject } from '../../domain/evidence.ts';
import { octetsOf, readEntry, textOf, textsOf } from './entry.ts';
import { guidOf, sidOf, timeOfFileTime, timeOfGeneralizedTime } from './octets.ts';
import type { RawEntry } from './raw-search.ts';
import { type AttributeChange, attributeChanges } from './replication-metadata.ts';
import { DaclControl, refusesInheritance } from './security-descriptor.ts';
import { isTierZero } from './tier-zero.ts';

/** Attributes whose last change is told, because it decides who held a value first. */
const datedAttributes = ['userPrincipalName', 'proxyAddresses', 'mail', 'userAccountControl'];

/** A directory without Exchange lacks some of these; a search that asks for an unknown attribute just does not get it. */
// biome-ignore format: one attribute a line would hide the list
const attributes = [
  'objectGUID', 'objectSid', 'sIDHistory', 'objectClass', 'displayName', 'name', 'givenName', 'sn', 'userPrincipalName', 'mail',
  'mailNickname', 'targetAddress', 'proxyAddresses', 'sAMAccountName', 'employeeID', 'department', 'manager',
  'telephoneNumber', 'mobile', 'userAccountControl', 'mS-DS-ConsistencyGuid', 'adminCount', 'servicePrincipalName',
  'isCriticalSystemObject', 'homeMDB', 'legacyExchangeDN', 'msExchRecipientTypeDetails', 'msExchRemoteRecipientType',
  'msExchMailboxGuid', 'msExchMasterAccountSid', 'msExchPoliciesExcluded', 'adminDescription', 'lastLogonTimestamp',
  'whenCreated', 'nTSecurityDescriptor', 'msDS-ReplAttributeMetaData',
];

const accountDisabled = 0x2;
/** In msExchPoliciesExcluded: no email address policy applies (KB 318072). */
const noAddressPolicy = '26491CFC-9E50-4857-861B-0CB8DF22B5D7';
const managedServiceAccounts = [
  'msds-managedserviceaccount',
  'msds-groupmanagedserviceaccount',
  'msds-delegatedmanagedserviceaccount',
];

export interface WhereRead {
  readonly forest: string;
  /** DNS name of the controller. */
  readonly domainController: string;
  /** DN of the controller's domain. */
  readonly domainBase: string;
}

/** An object, and the same as it came over the wire. */
export interface ReadObject {
  readonly object: AdObject;
  readonly entry: RawEntry;
}

/**
 * Reads an object on a controller of its own domain.
 * @param base its DN or `<GUID=dashed>`
 * @returns null when it does not match the filter
 */
export async function readObject(
  client: Client,
  base: string,
  where: WhereRead,
  filter?: Filter,
): Promise<ReadObject | null> {
  const entry = await readEntry(client, {
    base,
    attributes,
    controls: [new DaclControl()],
    ...(filter === undefined ? {} : { filter }),
  });
  if (entry === null) return null;
  return { object: adObjectOf(entry, where, await isTierZero(client, entry, where.domainBase)), entry };
}

export function adObjectOf(entry: RawEntry, where: WhereRead, tierZero: boolean): AdObject {
  const classes = textsOf(entry, 'objectClass').map((name) => name.toLowerCase());
  const changes = attributeChanges(textsOf(entry, 'msDS-ReplAttributeMetaData'), datedAttributes);
  const enabled = accountEnabled(entry);
  const [descriptor] = octetsOf(entry, 'nTSecurityDescriptor');
  return {
    forest: where.forest,
    domainController: where.domainController,
    distinguishedName: entry.dn,
    objectGuid: firstOctets(entry, 'objectGUID', guidOf) ?? '',
    sidHistory: octetsOf(entry, 'sIDHistory').map(sidOf),
    objectType: objectTypeOf(classes),
    displayName: textOf(entry, 'displayName') ?? textOf(entry, 'name') ?? entry.dn,
    proxyAddresses: textsOf(entry, 'proxyAddresses'),
    phones: [...textsOf(entry, 'telephoneNumber'), ...textsOf(entry, 'mobile')],
    accountEnabled: enabled,
    servicePrincipalNames: textsOf(entry, 'servicePrincipalName'),
    isCriticalSystemObject: textOf(entry, 'isCriticalSystemObject') === 'TRUE',
    isGroupManagedServiceAccount: classes.some((name) => managedServiceAccounts.includes(name)),
    tierZero,
    inheritanceBroken: descriptor !== undefined && refusesInheritance(descriptor),
    emailAddressPolicyOff: textsOf(entry, 'msExchPoliciesExcluded').some((value) =>
      value.toUpperCase().includes(noAddressPolicy),
    ),
    attributeChangedAt: eachChange(changes, ({ at }) => at),
    attributeChangedOn: eachChange(changes, ({ on }) => on),
    ...present({
      objectSid: firstOctets(entry, 'objectSid', sidOf),
      givenName: textOf(entry, 'givenName'),
      surname: textOf(entry, 'sn'),
      userPrincipalName: textOf(entry, 'userPrincipalName'),
      mail: textOf(entry, 'mail'),
      mailNickname: textOf(entry, 'mailNickname'),
      targetAddress: textOf(entry, 'targetAddress'),
      sAMAccountName: textOf(entry, 'sAMAccountName'),
      employeeId: textOf(entry, 'employeeID'),
      department: textOf(entry, 'department'),
      manager: textOf(entry, 'manager'),
      consistencyGuid: firstOctets(entry, 'mS-DS-ConsistencyGuid', (octets) => octets.toString('base64')),
      adminCount: numberOf(entry, 'adminCount'),
      homeMdb: textOf(entry, 'homeMDB'),
      legacyExchangeDn: textOf(entry, 'legacyExchangeDN'),
      msExchRecipientTypeDetails: textOf(entry, 'msExchRecipientTypeDetails'),
      msExchRemoteRecipientType: textOf(entry, 'msExchRemoteRecipientType'),
      msExchMailboxGuid: firstOctets(entry, 'msExchMailboxGuid', guidOf),
      msExchMasterAccountSid: firstOctets(entry, 'msExchMasterAccountSid', sidOf),
      adminDescription: textOf(entry, 'adminDescription'),
      lastLogonTimestamp: timeOfFileTime(textOf(entry, 'lastLogonTimestamp') ?? ''),
      whenCreated: timeOfGeneralizedTime(textOf(entry, 'whenCreated') ?? ''),
      // The last change of userAccountControl is no earlier than the switching off.
      whenDisabled: enabled === false ? changes['userAccountControl']?.at : undefined,
    }),
  };
}

function objectTypeOf(classes: readonly string[]): AdObject['objectType'] {
  if (classes.includes('computer')) return 'other';
  if (classes.includes('user')) return 'user';
  if (classes.includes('group')) return 'group';
  return classes.includes('contact') ? 'contact' : 'other';
}

function accountEnabled(entry: RawEntry): boolean | null {
  const control = numberOf(entry, 'userAccountControl');
  return control === undefined ? null : (control & accountDisabled) === 0;
}

function numberOf(entry: RawEntry, attribute: string): number | undefined {
  const text = textOf(entry, attribute);
  return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text);
}

function firstOctets<T>(entry: RawEntry, attribute: string, read: (octets: Buffer) => T): T | undefined {
  const [octets] = octetsOf(entry, attribute);
  return octets === undefined ? undefined : read(octets);
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

const present = <T extends Record<string, unknown>>(values: T): Present<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;

function eachChange(
  changes: Readonly<Record<string, AttributeChange>>,
  part: (change: AttributeChange) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(changes).flatMap(([attribute, change]) => {
      const read = part(change);
      return read === undefined ? [] : [[attribute, read] as const];
    }),
  );
}
