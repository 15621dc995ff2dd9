import { type DirectoryObject, isGuest, shadowText } from './directory-object.ts';
import { attributeValueMustBeUnique } from './export-errors.ts';
import { type Holder, holderOfAddress, holderOfUpn } from './holders.ts';
import type { ProvisioningError } from './provisioning.ts';
import { parseProxyAddress } from './proxy-address.ts';
import { survives } from './proxy-calc.ts';
import { findQuarantinedAddress } from './quarantine.ts';
import type { TenantState } from './tenant-state.ts';
import { isUsableUpn } from './user-principal-name.ts';

/** Whether the object is new to the tenant (S3) or not (S4), and which groups this export has created so far. */
export interface ExportRun {
  readonly newGroups: Set<string>;
}

export interface AddressCollision {
  /** With its prefix, as exported. */
  readonly value: string;
  readonly holder: Holder;
}

/** Addresses of `candidate` (the object as it would be) that others hold and that are not in quarantine already. */
export function addressCollisions(
  state: TenantState,
  candidate: DirectoryObject,
  addresses: readonly string[],
): AddressCollision[] {
  return addresses
    .map(parseProxyAddress)
    .filter((parsed) => parsed.scheme === 'smtp' && survives(state, candidate, parsed))
    .filter(({ address }) => !findQuarantinedAddress(candidate, address))
    .flatMap(({ value, address }) => {
      const holder = holderOfAddress(state, address, candidate);
      return holder ? [{ value, holder }] : [];
    });
}

export function upnCollision(state: TenantState, candidate: DirectoryObject, upn: string): Holder | undefined {
  return isUsableUpn(state, upn) ? holderOfUpn(state, upn, candidate) : undefined;
}

/** S3: collisions that are never quarantined: security identifier and SIP address. */
export function hardCollision(
  state: TenantState,
  candidate: DirectoryObject,
  addresses: readonly string[],
): ProvisioningError | undefined {
  const sid = shadowText(candidate.shadow, 'onPremisesSecurityIdentifier');
  const sameSid = sid === undefined ? undefined : state.directory.bySid(sid);
  if (sid && sameSid && sameSid.id !== candidate.id) {
    return attributeValueMustBeUnique('OnPremiseSecurityIdentifier', sid, conflict(candidate, sameSid));
  }
  for (const { scheme, address, value } of addresses.map(parseProxyAddress)) {
    const holder = scheme === 'sip' ? state.directory.bySip(address) : undefined;
    if (holder && holder.id !== candidate.id) {
      return attributeValueMustBeUnique('SipProxyAddress', value, conflict(candidate, holder));
    }
  }
  return undefined;
}

/** S3, exceptions from quarantine for new objects: a user against a group, and a second new group of the same export. */
export function refusalOfNewObject(
  state: TenantState,
  run: ExportRun,
  candidate: DirectoryObject,
  collisions: readonly AddressCollision[],
): ProvisioningError | undefined {
  const refused = collisions.find(({ holder }) => {
    if (holder === 'hidden' || holder.type !== 'group') return false;
    return candidate.type === 'user' || (candidate.type === 'group' && run.newGroups.has(holder.id));
  });
  if (refused) return refusal(candidate, refused);
  const upn = candidate.type === 'user' ? shadowText(candidate.shadow, 'userPrincipalName') : undefined;
  const group = upn === undefined ? undefined : state.directory.byAddress(upn);
  return upn && group?.type === 'group' ? refusal(candidate, { value: `SMTP:${upn}`, holder: group }) : undefined;
}

export function refusal(candidate: DirectoryObject, { value, holder }: AddressCollision): ProvisioningError {
  return attributeValueMustBeUnique('ProxyAddresses', value, conflict(candidate, holder));
}

export function upnRefusal(candidate: DirectoryObject, upn: string, holder: Holder): ProvisioningError {
  return attributeValueMustBeUnique('UserPrincipalName', upn, conflict(candidate, holder));
}

/** B2B: a synchronised contact takes its address from a guest, without an error anywhere. */
export function yieldsToContact(candidate: DirectoryObject, holder: Holder): holder is DirectoryObject {
  return candidate.type === 'contact' && holder !== 'hidden' && isGuest(holder) && holder.sync === 'never';
}

function conflict(candidate: DirectoryObject, holder: Holder) {
  return { objectId: candidate.id, inConflictWith: holder === 'hidden' ? undefined : holder.id };
}
