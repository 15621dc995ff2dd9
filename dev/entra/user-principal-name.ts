import { type DirectoryObject, shadowText } from './directory-object.ts';
import { holderOfUpn } from './holders.ts';
import { domainOf, localPartOf } from './proxy-address.ts';
import type { TenantState } from './tenant-state.ts';

const allowedLocalPart = /^[A-Za-z0-9'._!#^~-]+$/;

/** Whether Entra could show this UPN as it is (S9). An invisible character or a suffix that is not verified is no error. */
export function isUsableUpn(state: TenantState, upn: string): boolean {
  return allowedLocalPart.test(localPartOf(upn)) && state.domains.isVerified(upn);
}

const forbidden = /[\\%&*+/=?{}|<>();:,[\]"\s]/;

/** S3: characters that make the export itself fail. Invisible ones are not among them. */
export function isInvalidUpn(upn: string): boolean {
  const local = localPartOf(upn);
  const at = upn.lastIndexOf('@');
  return (
    at < 1 ||
    at === upn.length - 1 ||
    forbidden.test(local) ||
    local.endsWith('.') ||
    local.includes('@') ||
    upn.length > 113
  );
}

/** S9: the UPN that a shadow UPN yields when nobody else holds it. */
export function calculateUpn(
  state: TenantState,
  shadowUpn: string,
  mailNickname: string,
  self?: DirectoryObject,
): string {
  return isUsableUpn(state, shadowUpn) ? shadowUpn : freeUpn(state, mailNickname, self);
}

/** S9: a changed UPN of a licensed user in a managed domain is ignored when the tenant feature is off. */
export function ignoresUpnChange(state: TenantState, object: DirectoryObject): boolean {
  return (
    state.switches.synchronizeUpnForManagedUsers === 'off' &&
    object.exchangePlan &&
    !state.domains.isFederated(object.userPrincipalName ?? '')
  );
}

/** S5: what a user signs in with while the wanted UPN is quarantined. */
export function placeholderUpn(state: TenantState, shadowUpn: string): string {
  const domain = state.fault === 'S5' ? domainOf(shadowUpn) : state.domains.initial;
  const separator = state.switches.placeholderForm === 'plus' ? '+' : '';
  for (;;) {
    const candidate = `${localPartOf(shadowUpn)}${separator}${state.random.fourDigits()}@${domain}`;
    if (!holderOfUpn(state, candidate)) return candidate;
  }
}

/** S9: recalculates one user's UPN because the set of verified domains has changed. */
export function upnAfterDomainChange(state: TenantState, object: DirectoryObject): string | undefined {
  const shadowUpn = shadowText(object.shadow, 'userPrincipalName');
  const quarantined = object.quarantine.some(({ attribute }) => attribute === 'UserPrincipalName');
  if (object.sync !== 'synced' || !shadowUpn || quarantined) {
    const upn = object.userPrincipalName;
    return upn && !state.domains.isVerified(upn) ? freeUpn(state, localPartOf(upn), object) : upn;
  }
  if (isUsableUpn(state, shadowUpn) && holderOfUpn(state, shadowUpn, object)) return object.userPrincipalName;
  return calculateUpn(state, shadowUpn, object.mailNickname ?? localPartOf(shadowUpn), object);
}

function freeUpn(state: TenantState, prefix: string, self?: DirectoryObject): string {
  let candidate = `${prefix}@${state.domains.initial}`;
  while (holderOfUpn(state, candidate, self)) {
    candidate = `${prefix}${state.random.fourDigits()}@${state.domains.initial}`;
  }
  return candidate;
}
