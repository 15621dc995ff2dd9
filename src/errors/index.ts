import type { SyncErrorKind } from './kind.ts';
import { notUnderstood } from './not-understood.ts';
import { quarantinedProxyAddress } from './quarantined-proxy-address.ts';
import { quarantinedUserPrincipalName } from './quarantined-user-principal-name.ts';

/** The catalogue: one line a kind. */
export const kinds: readonly SyncErrorKind[] = [quarantinedUserPrincipalName, quarantinedProxyAddress, notUnderstood];

/** The kind with this canonical code; `NotUnderstood` when there is none. */
export const kindOf = (code: string): SyncErrorKind => kinds.find(({ meta }) => meta.code === code) ?? notUnderstood;
