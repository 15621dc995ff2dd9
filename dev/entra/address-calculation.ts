import { addressesFromShadow, type DirectoryObject } from './directory-object.ts';
import { calculateAddresses } from './proxy-calc.ts';
import { quarantinedAddress } from './quarantine.ts';
import type { TenantState } from './tenant-state.ts';

/**
 * Runs ProxyCalc for one object and shows the result (S8). What an input of a synchronised object yields and another
 * holds is quarantined; a cloud object simply does not get it.
 */
export function recalculateAddresses(state: TenantState, object: DirectoryObject): void {
  state.directory.dirty.delete(object);
  if (object.deletedAt !== undefined) return;
  const { collisions, ...calculated } = calculateAddresses(state, object);
  const entries = addressesFromShadow(object) ? collisions.map((value) => quarantinedAddress(state, value)) : [];
  const before = object.proxyAddresses;
  const unchanged =
    entries.length === 0 &&
    object.mail === calculated.mail &&
    sameList(before, calculated.proxyAddresses) &&
    sameList(object.routing, calculated.routing);
  if (!unchanged) state.directory.change(object, { ...calculated, quarantine: [...object.quarantine, ...entries] });
  if (state.fault === 'S1' && object.shadow) {
    state.directory.change(object, { shadow: { ...object.shadow, proxyAddresses: object.proxyAddresses } });
  }
}

/** S8: the calculation follows the export, for every object that it touched. */
export function recalculateDirty(state: TenantState): void {
  for (const object of state.random.shuffle([...state.directory.dirty])) recalculateAddresses(state, object);
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, position) => value === right[position]);
}
