import {
  type DirectoryObject,
  isRecipient,
  type QuarantinedValue,
  shadowList,
  shadowText,
} from './directory-object.ts';
import { addressKey, parseProxyAddress, primarySmtpOf, smtpKeys } from './proxy-address.ts';
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

/** S7: whether an input still yields the value; an entry whose value has left the shadow is deleted at that export. */
export function isStillWanted(object: DirectoryObject, entry: QuarantinedValue): boolean {
  const { shadow } = object;
  const key = keyOf(entry);
  const isValue = (value: string | undefined) => value !== undefined && addressKey(value) === key;
  if (entry.attribute === 'UserPrincipalName') return isValue(shadowText(shadow, 'userPrincipalName'));
  return (
    smtpKeys(shadowList(shadow, 'proxyAddresses')).includes(key) ||
    (isValue(shadowText(shadow, 'mail')) && mailIsPrimary(object)) ||
    (isRecipient(object) && isValue(object.userPrincipalName))
  );
}

/** S8: AD `mail` yields an address only in place of an `SMTP:` value, missing or quarantined. */
function mailIsPrimary(object: DirectoryObject): boolean {
  const primary = primarySmtpOf(shadowList(object.shadow, 'proxyAddresses'));
  return primary === undefined || findQuarantinedAddress(object, primary) !== undefined;
}
