import { recalculateAddresses } from './address-calculation.ts';
import type { DirectoryObject, QuarantinedValue } from './directory-object.ts';
import { holderOfAddress, holderOfUpn } from './holders.ts';
import type { ObjectType } from './provisioning.ts';
import { parseProxyAddress } from './proxy-address.ts';
import { isStillWanted } from './quarantine.ts';
import type { TenantState } from './tenant-state.ts';
import { calculateUpn } from './user-principal-name.ts';

const types: readonly ObjectType[] = ['user', 'group', 'contact'];

/** S7: promotes every quarantined value that nobody holds any more, in an order of its own. */
export function runReleaseJob(state: TenantState): void {
  if (state.switches.staleQuarantine === 'on') return;
  const quarantined = types.flatMap((type) =>
    [...state.directory.all(type)].filter((object) => object.deletedAt === undefined && object.quarantine.length > 0),
  );
  for (const object of state.random.shuffle(quarantined)) {
    for (const entry of object.quarantine) releaseIfFree(state, object, entry);
  }
}

function releaseIfFree(state: TenantState, object: DirectoryObject, entry: QuarantinedValue): void {
  if (isStillWanted(object, entry) && holderOf(state, object, entry)) return;
  state.directory.change(object, { quarantine: object.quarantine.filter((other) => other !== entry) });
  if (state.fault === 'S7') return;
  if (entry.attribute === 'UserPrincipalName') promoteUpn(state, object, entry.value);
  recalculateAddresses(state, object);
}

function promoteUpn(state: TenantState, object: DirectoryObject, value: string): void {
  const before = object.userPrincipalName;
  const after = calculateUpn(state, value, object.mailNickname ?? '', object);
  state.directory.change(object, { userPrincipalName: after });
  state.audits.record('Update user', object, 'sync', [{ property: 'UserPrincipalName', before, after }]);
}

function holderOf(state: TenantState, object: DirectoryObject, { attribute, value }: QuarantinedValue) {
  return attribute === 'UserPrincipalName'
    ? holderOfUpn(state, value, object)
    : holderOfAddress(state, parseProxyAddress(value).address, object);
}
