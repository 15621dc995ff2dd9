import { duplicateInDirectory } from './duplicate-in-directory.ts';
import { invalidAttributeValue } from './invalid-attribute-value.ts';
import type { SyncErrorKind } from './kind.ts';
import { notUnderstood } from './not-understood.ts';
import { objectTooLarge } from './object-too-large.ts';
import { quarantinedProxyAddress } from './quarantined-proxy-address.ts';
import { quarantinedUserPrincipalName } from './quarantined-user-principal-name.ts';
import { softMatchPending } from './soft-match-pending.ts';
import { sourceAnchorUnusable } from './source-anchor-unusable.ts';

/** The catalogue: one line a kind. */
export const kinds: readonly SyncErrorKind[] = [
  quarantinedUserPrincipalName,
  quarantinedProxyAddress,
  duplicateInDirectory,
  invalidAttributeValue,
  softMatchPending,
  objectTooLarge,
  sourceAnchorUnusable,
  notUnderstood,
];

/** The kind with this canonical code; `NotUnderstood` when there is none. */
export const kindOf = (code: string): SyncErrorKind => kinds.find(({ meta }) => meta.code === code) ?? notUnderstood;
