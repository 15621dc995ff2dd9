import { recalculateAddresses } from './address-calculation.ts';
import { liveUpn } from './directory.ts';
import type { DirectoryObject } from './directory-object.ts';
import { holderOfAddress, holderOfUpn } from './holders.ts';
import { parseProxyAddress } from './proxy-address.ts';
import type { TenantState } from './tenant-state.ts';

/** S11: the object can be restored; its UPN and addresses are free for others, its anchor and SID are not. */
export function softDelete(state: TenantState, object: DirectoryObject): void {
  const upn = object.userPrincipalName;
  const marked = upn === undefined || state.fault === 'S11' ? upn : object.id.replaceAll('-', '') + upn;
  state.directory.change(object, { deletedAt: state.now(), userPrincipalName: marked });
  state.directory.dirty.delete(object);
}

export interface RestoreOptions {
  readonly newUserPrincipalName?: string | undefined;
  readonly autoReconcileProxyConflict?: boolean | undefined;
}

export type RestoreOutcome =
  | 'restored'
  | { readonly conflict: 'userPrincipalName' | 'proxyAddresses'; readonly values: readonly string[] };

/**
 * S11: brings a soft-deleted object back in the cloud. One that AD mastered comes back detached: its anchor stays, but
 * onPremisesSyncEnabled is false until the engine exports the anchor again.
 */
export function restore(state: TenantState, object: DirectoryObject, options: RestoreOptions): RestoreOutcome {
  const upn = options.newUserPrincipalName ?? liveUpn(object);
  if (object.type === 'user' && holderOfUpn(state, upn, object))
    return { conflict: 'userPrincipalName', values: [upn] };
  const isTaken = (value: string) => {
    const { scheme, address } = parseProxyAddress(value);
    return scheme === 'smtp' && holderOfAddress(state, address, object) !== undefined;
  };
  const taken = object.proxyAddresses.filter(isTaken);
  if (taken.length > 0 && !options.autoReconcileProxyConflict) return { conflict: 'proxyAddresses', values: taken };

  const wasSynced = object.sync === 'synced';
  const proxyAddresses = object.proxyAddresses.filter((value) => !taken.includes(value));
  state.directory.change(object, {
    deletedAt: undefined,
    userPrincipalName: object.type === 'user' ? upn : undefined,
    sync: wasSynced ? 'detached' : object.sync,
    ownAddresses: wasSynced ? proxyAddresses : object.ownAddresses.filter((value) => !taken.includes(value)),
    proxyAddresses,
    quarantine: [],
  });
  recalculateAddresses(state, object);
  return 'restored';
}
