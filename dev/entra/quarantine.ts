import {
  type DirectoryObject,
  isRecipient,
  type QuarantinedValue,
  shadowList,
  shadowText,
} from './directory-object.ts';
import { addressKey, parseProxyAddress, smtpKeys } from './proxy-address.ts';
import type { TenantState } from './tenant-state.ts';

export function quarantinedAddress(state: TenantState, value: string): QuarantinedValue {
  return { attribute: 'ProxyAddress', value, occurredAt: state.now() };
}

export function quarantinedUpn(state: TenantState, value: string): QuarantinedValue {
  return { attribute: 'UserPrincipalName', value, occurredAt: state.now() };
}

export function keyOf({ attribute, value }: QuarantinedValue): string {
  return attribute === 'UserPrincipalName' ? addressKey(value) : addressKey(parseProxyAddress(value).address);
}

export function findQuarantinedAddress(object: DirectoryObject, address: string): QuarantinedValue | undefined {
  const key = addressKey(address);
  return object.quarantine.find((entry) => entry.attribute === 'ProxyAddress' && keyOf(entry) === key);
}

export function findQuarantinedUpn(object: DirectoryObject): QuarantinedValue | undefined {
  return object.quarantine.find((entry) => entry.attribute === 'UserPrincipalName');
}

/** S7: whether any input of the shadow still yields the value; an entry whose value is gone is deleted at that export. */
export function isStillWanted(object: DirectoryObject, entry: QuarantinedValue): boolean {
  const { shadow } = object;
  const key = keyOf(entry);
  const upn = addressKey(shadowText(shadow, 'userPrincipalName') ?? '');
  if (entry.attribute === 'UserPrincipalName') return upn === key;
  return (
    smtpKeys(shadowList(shadow, 'proxyAddresses')).includes(key) ||
    addressKey(shadowText(shadow, 'mail') ?? '') === key ||
    (isRecipient(object) && upn === key)
  );
}
