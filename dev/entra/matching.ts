import { type DirectoryObject, isGuest, primaryOf, shadowList, shadowText } from './directory-object.ts';
import {
  attributeUpdateNotAllowed,
  existingAdminRoleConflict,
  invalidHardMatch,
  objectTypeMismatch,
} from './export-errors.ts';
import type { ProvisionedObject, ProvisioningError } from './provisioning.ts';
import { addressKey, primarySmtpOf } from './proxy-address.ts';
import type { TenantState } from './tenant-state.ts';

export type Match =
  | { readonly kind: 'none' }
  | { readonly kind: 'matched'; readonly target: DirectoryObject }
  | { readonly kind: 'refused'; readonly error: ProvisioningError; readonly createAllTheSame: boolean };

const none: Match = { kind: 'none' };

/** S3: what a new object joins: by source anchor, else by primary SMTP address, else (users) by UPN. */
export function findMatch(state: TenantState, incoming: ProvisionedObject): Match {
  const sameAnchor = state.directory.byAnchor(incoming.sourceAnchor);
  return sameAnchor ? hardMatch(state, incoming, sameAnchor) : softMatch(state, incoming);
}

function hardMatch(state: TenantState, incoming: ProvisionedObject, target: DirectoryObject): Match {
  const takeover = target.sync === 'never';
  const privileged = state.isPrivileged(target.id);
  const returning = target.deletedAt !== undefined;
  if (takeover && state.switches.blockCloudObjectTakeover === 'on') return refuse(invalidHardMatch(target.id));
  if (privileged && (takeover || returning)) return refuse(invalidHardMatch(target.id));
  const mapped = shadowText(target.shadow, 'onPremisesObjectIdentifier');
  const wanted = shadowText(incoming.attributes, 'onPremisesObjectIdentifier');
  if (mapped && wanted && mapped !== wanted) return refuse(attributeUpdateNotAllowed(target.id));
  return { kind: 'matched', target };
}

function softMatch(state: TenantState, incoming: ProvisionedObject): Match {
  if (state.switches.blockSoftMatch === 'on') return none;
  const byAddress = matchByAddress(state, incoming);
  if (byAddress.kind !== 'none' || incoming.objectType !== 'user') return byAddress;
  return state.switches.softMatchOnUpn === 'on' ? matchByUpn(state, incoming) : none;
}

function matchByAddress(state: TenantState, incoming: ProvisionedObject): Match {
  const primary = primarySmtpOf(shadowList(incoming.attributes, 'proxyAddresses'));
  const target = primary === undefined ? undefined : state.directory.byAddress(primary);
  if (!primary || !target || target.sourceAnchor !== undefined) return none;
  const targetPrimary = primaryOf(target);
  const isPrimaryThere = targetPrimary !== undefined && addressKey(targetPrimary) === addressKey(primary);
  if (state.switches.softMatchAgainst === 'primary' && !isPrimaryThere) return none;
  if (target.type !== incoming.objectType) return mismatch(incoming, target, primary);
  return isUnifiedGroup(target) ? none : join(state, target);
}

/**
 * Another type holds the address: a user against a group is a matter of uniqueness (DAR known issue), and a contact
 * takes the address from a guest (B2B); all else is a mismatch.
 */
function mismatch(incoming: ProvisionedObject, target: DirectoryObject, address: string): Match {
  const userAgainstGroup = incoming.objectType === 'user' && target.type === 'group';
  const contactAgainstGuest = incoming.objectType === 'contact' && isGuest(target);
  return userAgainstGroup || contactAgainstGuest ? none : refuse(objectTypeMismatch(target.id, address));
}

function matchByUpn(state: TenantState, incoming: ProvisionedObject): Match {
  const upn = shadowText(incoming.attributes, 'userPrincipalName');
  const target = upn === undefined ? undefined : state.directory.byUpn(upn);
  return target && target.sourceAnchor === undefined ? join(state, target) : none;
}

function join(state: TenantState, target: DirectoryObject): Match {
  return state.isPrivileged(target.id)
    ? { kind: 'refused', error: existingAdminRoleConflict(target.id), createAllTheSame: true }
    : { kind: 'matched', target };
}

function refuse(error: ProvisioningError): Match {
  return { kind: 'refused', error, createAllTheSame: false };
}

function isUnifiedGroup(object: DirectoryObject): boolean {
  const types = object.properties['groupTypes'];
  return object.type === 'group' && Array.isArray(types) && types.includes('Unified');
}
