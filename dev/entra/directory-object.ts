import type { Moment } from '../clock.ts';
import type { ObjectType, ShadowValue } from './provisioning.ts';
import { primarySmtpOf } from './proxy-address.ts';

export interface QuarantinedValue {
  readonly attribute: 'UserPrincipalName' | 'ProxyAddress';
  /** As exported: a UPN, or an address with its prefix. */
  readonly value: string;
  readonly occurredAt: Moment;
}

/**
 * Where an object is mastered: `never` synchronised, `synced`, `detached` (out of scope, then restored in the cloud),
 * `cloudManaged` (its source of authority was switched).
 */
export type SyncState = 'never' | 'synced' | 'detached' | 'cloudManaged';

export type MailboxType = 'none' | 'user' | 'shared' | 'room' | 'equipment';

/** One user, group or contact. Nested values are never changed in place: Directory.change replaces them. */
export interface DirectoryObject {
  readonly id: string;
  readonly type: ObjectType;
  createdAt: Moment;
  deletedAt: Moment | undefined;
  sync: SyncState;
  lastSyncAt: Moment | undefined;
  /** onPremisesImmutableId. */
  sourceAnchor: string | undefined;
  /** What the sync engine exported last (S1); undefined for an object that was never synchronised. */
  shadow: Readonly<Record<string, ShadowValue>> | undefined;
  exchangeCloudManaged: boolean;
  /** Visible, calculated values. */
  userPrincipalName: string | undefined;
  mailNickname: string | undefined;
  mail: string | undefined;
  proxyAddresses: readonly string[];
  /** Addresses that the cloud masters: of objects that AD does not master. */
  ownAddresses: readonly string[];
  /** Addresses at the initial domain that belong to the present alias or to an earlier one; they stay. */
  routing: readonly string[];
  /** Other aliases that stay once they were there: placeholders, former UPNs. */
  residue: readonly string[];
  quarantine: readonly QuarantinedValue[];
  /** Every other Graph property, by its Graph name. */
  properties: Readonly<Record<string, unknown>>;
  exchangePlan: boolean;
  mailbox: MailboxType;
  managementRestricted: boolean;
  lastSignInAt: Moment | undefined;
  /** Object ids. */
  members: readonly string[];
  managerId: string | undefined;
}

export function newDirectoryObject(
  facts: Pick<DirectoryObject, 'id' | 'type' | 'createdAt'> & Partial<DirectoryObject>,
): DirectoryObject {
  return {
    deletedAt: undefined,
    sync: 'never',
    lastSyncAt: undefined,
    sourceAnchor: undefined,
    shadow: undefined,
    exchangeCloudManaged: false,
    userPrincipalName: undefined,
    mailNickname: undefined,
    mail: undefined,
    proxyAddresses: [],
    ownAddresses: [],
    routing: [],
    residue: [],
    quarantine: [],
    properties: {},
    exchangePlan: false,
    mailbox: 'none',
    managementRestricted: false,
    lastSignInAt: undefined,
    members: [],
    managerId: undefined,
    ...facts,
  };
}

export function shadowText(shadow: DirectoryObject['shadow'], attribute: string): string | undefined {
  const value = shadow?.[attribute];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function shadowList(shadow: DirectoryObject['shadow'], attribute: string): readonly string[] {
  const value = shadow?.[attribute];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
}

export function isGuest(object: DirectoryObject): boolean {
  return object.properties['userType'] === 'Guest';
}

/** AD masters the addresses: synchronised, and Exchange attributes not switched to the cloud. */
export function addressesFromShadow(object: DirectoryObject): boolean {
  return object.sync === 'synced' && !object.exchangeCloudManaged;
}

const sharedRecipientTypes = new Set(['4', '16', '32', '17179869184', '34359738368', '8589934592']);

/** A shared, room or equipment mailbox: disabled and unlicensed by design. */
export function isSharedResource(object: DirectoryObject): boolean {
  const details = shadowText(object.shadow, 'msExchRecipientTypeDetails');
  return (
    ['shared', 'room', 'equipment'].includes(object.mailbox) || (details ? sharedRecipientTypes.has(details) : false)
  );
}

/** An Exchange recipient or a user with an Exchange Online plan: gets the addresses that follow from UPN and alias. */
export function isRecipient(object: DirectoryObject): boolean {
  const exchangeAttributes = ['msExchRecipientTypeDetails', 'msExchRemoteRecipientType', 'msExchMailboxGuid'];
  return (
    object.type === 'user' &&
    (object.exchangePlan ||
      object.mailbox !== 'none' ||
      exchangeAttributes.some((attribute) => shadowText(object.shadow, attribute)))
  );
}

export function primaryOf(object: DirectoryObject): string | undefined {
  return primarySmtpOf(object.proxyAddresses);
}
