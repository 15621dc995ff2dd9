import { recalculateAddresses } from './address-calculation.ts';
import { softDelete } from './delete-and-restore.ts';
import { type DirectoryObject, isGuest, isRecipient, newDirectoryObject } from './directory-object.ts';
import { holderOfAddress, holderOfUpn } from './holders.ts';
import { addressKey, parseProxyAddress } from './proxy-address.ts';
import type { TenantState } from './tenant-state.ts';
import { isInvalidUpn } from './user-principal-name.ts';

/** Why Graph refuses a write; the Graph server words it. */
export type Refusal =
  | { readonly reason: 'onPremisesMastered' | 'externalService' | 'notAuthorized' }
  | { readonly reason: 'invalidValue'; readonly property: string; readonly detail: string }
  | { readonly reason: 'conflict'; readonly property: string };

export type WriteOutcome =
  | { readonly done: true; readonly object: DirectoryObject }
  | { readonly done: false; readonly refusal: Refusal };

export type Body = Readonly<Record<string, unknown>>;

/** Properties that the cloud keeps even on a synchronised user. */
const cloudOwned = new Set(['usageLocation', 'preferredDataLocation', 'passwordPolicies', 'showInAddressList']);

/** S10: POST /users. A guest whose address is taken is created without it, in silence (B2B). */
export function createUser(state: TenantState, body: Body): WriteOutcome {
  const { userPrincipalName, mailNickname, mail, onPremisesImmutableId, passwordProfile: _, ...properties } = body;
  const draft = newDirectoryObject({ id: state.random.guid(), type: 'user', createdAt: state.now() });
  const guest = body['userType'] === 'Guest';
  const upn = String(userPrincipalName);
  const refusal =
    refusedUpn(state, draft, upn, onPremisesImmutableId) ??
    refusedAnchor(state, draft, onPremisesImmutableId) ??
    (guest ? undefined : refusedMail(state, draft, mail));
  if (refusal) return { done: false, refusal };

  const taken = typeof mail === 'string' && holderOfAddress(state, mail) !== undefined;
  Object.assign(draft, {
    userPrincipalName: upn,
    mailNickname: String(mailNickname),
    sourceAnchor: typeof onPremisesImmutableId === 'string' ? onPremisesImmutableId : undefined,
    ownAddresses: typeof mail === 'string' && !taken ? [`SMTP:${mail}`] : [],
    properties: { userType: 'Member', ...properties, ...(guest && mail ? { mail } : {}) },
  });
  state.directory.insert(draft);
  recalculateAddresses(state, draft);
  return { done: true, object: draft };
}

/** POST /groups: a Microsoft 365 group gets its addresses from its alias; Graph makes no other mail-enabled group. */
export function createGroup(state: TenantState, body: Body): WriteOutcome {
  const { mailNickname, ...properties } = body;
  const unified = Array.isArray(body['groupTypes']) && body['groupTypes'].includes('Unified');
  if (body['mailEnabled'] === true && !unified) {
    return invalid('mailEnabled', 'Mail-enabled groups other than Microsoft 365 groups cannot be created.');
  }
  const addresses = [`SMTP:${mailNickname}@${state.domains.default}`, `smtp:${mailNickname}@${state.domains.initial}`];
  const taken = addresses.some((value) => holderOfAddress(state, parseProxyAddress(value).address));
  if (unified && taken) return { done: false, refusal: { reason: 'conflict', property: 'proxyAddresses' } };
  const group = newDirectoryObject({
    id: state.random.guid(),
    type: 'group',
    createdAt: state.now(),
    mailNickname: String(mailNickname),
    ownAddresses: unified ? addresses : [],
    properties: { groupTypes: [], ...properties },
  });
  state.directory.insert(group);
  recalculateAddresses(state, group);
  return { done: true, object: group };
}

/** S10: PATCH of a user or group: everything is checked before anything is written. */
export function patchObject(state: TenantState, object: DirectoryObject, body: Body): WriteOutcome {
  const refusal = refusedTarget(state, object) ?? refusedPatch(state, object, body);
  if (refusal) return { done: false, refusal };

  const { userPrincipalName, mail, mailNickname, onPremisesImmutableId, passwordProfile: _, ...properties } = body;
  if (typeof userPrincipalName === 'string') renameUser(state, object, userPrincipalName);
  if (typeof mail === 'string') addPrimaryAddress(state, object, mail);
  state.directory.change(object, {
    properties: { ...object.properties, ...properties },
    ...(mailNickname === undefined ? {} : { mailNickname: String(mailNickname) }),
    ...(onPremisesImmutableId === undefined
      ? {}
      : { sourceAnchor: (onPremisesImmutableId as string | null) ?? undefined }),
  });
  recalculateAddresses(state, object);
  return { done: true, object };
}

/** DELETE: users and Microsoft 365 groups can be restored, other groups are gone. */
export function deleteObject(state: TenantState, object: DirectoryObject): WriteOutcome {
  const refusal = refusedTarget(state, object);
  if (refusal) return { done: false, refusal };
  const types = object.properties['groupTypes'];
  const restorable = object.type === 'user' || (Array.isArray(types) && types.includes('Unified'));
  if (restorable) softDelete(state, object);
  else state.directory.remove(object);
  return { done: true, object };
}

function refusedTarget(state: TenantState, object: DirectoryObject): Refusal | undefined {
  const protectedTarget = object.managementRestricted || state.isPrivileged(object.id);
  return protectedTarget ? { reason: 'notAuthorized' } : undefined;
}

function refusedPatch(state: TenantState, object: DirectoryObject, body: Body): Refusal | undefined {
  const names = Object.keys(body);
  if (object.sync === 'synced' && names.some((name) => !cloudOwned.has(name))) return { reason: 'onPremisesMastered' };
  if (isMailEnabledByExchange(object)) return { reason: 'externalService' };
  if (object.exchangeCloudManaged && names.some((name) => name === 'mail' || name === 'mailNickname')) {
    return { reason: 'externalService' };
  }
  if (names.includes('proxyAddresses')) return { reason: 'notAuthorized' };
  const anchor = 'onPremisesImmutableId' in body ? body['onPremisesImmutableId'] : object.sourceAnchor;
  return (
    ('userPrincipalName' in body ? refusedUpn(state, object, body['userPrincipalName'], anchor) : undefined) ??
    ('mail' in body ? refusedMail(state, object, body['mail']) : undefined) ??
    ('onPremisesImmutableId' in body ? refusedAnchor(state, object, body['onPremisesImmutableId']) : undefined)
  );
}

function isMailEnabledByExchange(object: DirectoryObject): boolean {
  const types = object.properties['groupTypes'];
  const unified = Array.isArray(types) && types.includes('Unified');
  return object.type === 'group' && object.proxyAddresses.length > 0 && !unified;
}

function refusedUpn(state: TenantState, object: DirectoryObject, upn: unknown, anchor: unknown): Refusal | undefined {
  const property = 'userPrincipalName';
  if (typeof upn !== 'string' || isInvalidUpn(upn)) {
    return { reason: 'invalidValue', property, detail: `Property ${property} is invalid.` };
  }
  if (!state.domains.isVerified(upn)) {
    const detail =
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.';
    return { reason: 'invalidValue', property, detail };
  }
  if (state.domains.isFederated(upn) && !anchor) {
    return {
      reason: 'invalidValue',
      property,
      detail: 'Property onPremisesImmutableId is required for a federated domain.',
    };
  }
  if (holderOfUpn(state, upn, object)) return { reason: 'conflict', property };
  const addressTaken = isRecipient(object) && holderOfAddress(state, upn, object) !== undefined;
  return addressTaken ? { reason: 'conflict', property: 'proxyAddresses' } : undefined;
}

function refusedMail(state: TenantState, object: DirectoryObject, mail: unknown): Refusal | undefined {
  if (mail === undefined || (mail === null && object.mail === undefined)) return undefined;
  if (typeof mail !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(mail)) {
    return {
      reason: 'invalidValue',
      property: 'mail',
      detail: "Invalid value specified for property 'mail' of resource 'User'.",
    };
  }
  return holderOfAddress(state, mail, object) ? { reason: 'conflict', property: 'proxyAddresses' } : undefined;
}

function refusedAnchor(state: TenantState, object: DirectoryObject, anchor: unknown): Refusal | undefined {
  const property = 'onPremisesImmutableId';
  if (anchor === undefined || anchor === null) return undefined;
  if (typeof anchor !== 'string' || anchor === '' || /[$_]/.test(anchor)) {
    return {
      reason: 'invalidValue',
      property,
      detail: `Invalid value specified for property '${property}' of resource 'User'.`,
    };
  }
  const holder = state.directory.byAnchor(anchor);
  return holder && holder !== object ? { reason: 'conflict', property } : undefined;
}

/** A mailbox user keeps the old UPN as an alias (UPNALIAS). */
function renameUser(state: TenantState, object: DirectoryObject, upn: string): void {
  const before = object.userPrincipalName;
  const alias = isRecipient(object) && before !== undefined ? [before] : [];
  state.directory.change(object, { userPrincipalName: upn, residue: [...object.residue, ...alias] });
  if (state.fault === 'S10') {
    state.directory.change(object, { properties: { ...object.properties, displayName: upn } });
  }
}

/** The new primary joins, the old one is demoted; nothing is ever removed. */
function addPrimaryAddress(state: TenantState, object: DirectoryObject, mail: string): void {
  const others = object.ownAddresses
    .map(parseProxyAddress)
    .filter(({ scheme, address }) => scheme !== 'smtp' || addressKey(address) !== addressKey(mail))
    .map(({ scheme, address, value }) => (scheme === 'smtp' ? `smtp:${address}` : value));
  state.directory.change(object, {
    ownAddresses: [`SMTP:${mail}`, ...others],
    properties: isGuest(object) ? { ...object.properties, mail } : object.properties,
  });
}

function invalid(property: string, detail: string): WriteOutcome {
  return { done: false, refusal: { reason: 'invalidValue', property, detail } };
}
