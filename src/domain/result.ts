/**
 * What an outside system answered when it did not do what was asked. These are expected: callers handle them as values,
 * only bugs throw.
 */
export type Failure =
  /** Throttled, unreachable, timed out, busy: the same request may succeed later. `afterSeconds` is the system's own wish, if it stated one. */
  | { readonly kind: 'TryAgain'; readonly message: string; readonly afterSeconds?: number }
  /** A permission, role or licence is missing; `remedy` names it. */
  | { readonly kind: 'NotPermitted'; readonly message: string; readonly remedy: string }
  /** The object does not exist (any more). */
  | { readonly kind: 'Gone'; readonly message: string }
  /** The system understood and said no; `code` is its own word for the reason. */
  | { readonly kind: 'Refused'; readonly code: string; readonly message: string };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const succeeded = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = (failure: Failure): Result<never> => ({ ok: false, failure });
