import { type DirectoryObject, shadowText } from './directory-object.ts';
import type { Holder } from './holders.ts';
import { findQuarantinedUpn, quarantinedUpn } from './quarantine.ts';
import type { TenantState } from './tenant-state.ts';
import { upnCollision } from './uniqueness.ts';
import { calculateUpn, ignoresUpnChange, placeholderUpn } from './user-principal-name.ts';

/** `create`: new to the tenant. `join`: matched with a cloud object. `restore`: came back from soft deletion. */
export type WriteMode = 'create' | 'join' | 'restore' | 'update';

/** What an export does to the UPN: nothing when it did not change, or when the tenant ignores the change. */
export interface UpnChange {
  readonly wanted: string | undefined;
  readonly changed: boolean;
  /** Who else has it. */
  readonly holder: Holder | undefined;
}

export function upnChange(
  state: TenantState,
  object: DirectoryObject,
  candidate: DirectoryObject,
  mode: WriteMode,
): UpnChange {
  const wanted = shadowText(candidate.shadow, 'userPrincipalName');
  const changed = mode !== 'update' || shadowText(object.shadow, 'userPrincipalName') !== wanted;
  const ignored = mode !== 'restore' && ignoresUpnChange(state, object);
  const applies = candidate.type === 'user' && changed && wanted !== undefined && !ignored;
  return { wanted, changed: applies, holder: applies ? upnCollision(state, candidate, wanted) : undefined };
}

/** Shows the new UPN, or a placeholder while another user holds it (S5). */
export function commitUpn(
  state: TenantState,
  object: DirectoryObject,
  { wanted, changed, holder }: UpnChange,
  mode: WriteMode,
): void {
  const { directory, fault, switches } = state;
  const before = object.userPrincipalName;
  if (fault === 'S9' && mode === 'update') {
    directory.change(object, { userPrincipalName: `${object.mailNickname}@${state.domains.initial}` });
  }
  if (!changed || wanted === undefined) return;

  const quarantine = object.quarantine.filter((entry) => entry !== findQuarantinedUpn(object));
  const accepts = holder === undefined || (fault === 'S4' && mode === 'update');
  if (fault === 'S2' && holder && holder !== 'hidden') loseUpn(state, holder);
  if (accepts || fault === 'S2') {
    const after = holder ? wanted : calculateUpn(state, wanted, object.mailNickname ?? '', object);
    const alias =
      switches.oldUpnAlias === 'everyone' && mode === 'update' && object.exchangePlan && before ? [before] : [];
    directory.change(object, { userPrincipalName: after, quarantine, residue: [...object.residue, ...alias] });
  } else {
    const keepsOld = mode === 'update' && switches.upnOnUpdateCollision === 'keepOld';
    const userPrincipalName = keepsOld ? before : placeholderUpn(state, wanted);
    const alias = keepsOld || !userPrincipalName ? [] : [userPrincipalName];
    directory.change(object, {
      userPrincipalName,
      quarantine: [...quarantine, quarantinedUpn(state, wanted)],
      residue: [...object.residue, ...alias],
    });
  }
  const after = object.userPrincipalName;
  if (mode !== 'create')
    state.audits.record('Update user', object, 'sync', [{ property: 'UserPrincipalName', before, after }]);
}

/** Planted fault S2. */
function loseUpn(state: TenantState, holder: DirectoryObject): void {
  state.directory.change(holder, { userPrincipalName: placeholderUpn(state, holder.userPrincipalName ?? '') });
}
