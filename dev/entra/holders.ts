import type { DirectoryObject } from './directory-object.ts';
import { addressKey } from './proxy-address.ts';
import type { TenantState } from './tenant-state.ts';

/** An object that Graph shows, or one that it never does (S13). */
export type Holder = DirectoryObject | 'hidden';

/**
 * Who holds an SMTP address at this moment, other than `self`: whoever has it among the calculated values (S2). With
 * the switch addressSpace = shared a UPN holds it too.
 */
export function holderOfAddress(state: TenantState, address: string, self?: DirectoryObject): Holder | undefined {
  const { directory, hiddenHolders, switches } = state;
  const holder = directory.byAddress(address);
  if (holder && holder.id !== self?.id) return holder;
  if (hiddenHolders.has(addressKey(address))) return 'hidden';
  const signsIn = switches.addressSpace === 'shared' ? directory.byUpn(address) : undefined;
  return signsIn?.id === self?.id ? undefined : signsIn;
}

/** Who holds a UPN, other than `self`. */
export function holderOfUpn(state: TenantState, upn: string, self?: DirectoryObject): Holder | undefined {
  const { directory, hiddenHolders, switches } = state;
  const holder = directory.byUpn(upn);
  if (holder && holder.id !== self?.id) return holder;
  if (switches.addressSpace === 'separate') return undefined;
  if (hiddenHolders.has(addressKey(upn))) return 'hidden';
  const receives = directory.byAddress(upn);
  return receives?.id === self?.id ? undefined : receives;
}
