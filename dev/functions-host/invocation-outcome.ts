import type { InvocationResponse } from './rpc.ts';

/** How an invocation ended. Only `hostStopped` leaves the host no say in what becomes of a message. */
export type InvocationOutcome =
  | { readonly ok: true; readonly response: InvocationResponse }
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

/**
 * - `threw`: the function threw, or answered what cannot be converted;
 * - `workerLost`: the worker process ended under it, through its own fault or a neighbour's;
 * - `noWorker`: no worker process was there to run it;
 * - `timedOut`: it ran longer than host.json's functionTimeout;
 * - `hostStopped`: the host of the app stopped.
 */
export type FailureReason = 'threw' | 'workerLost' | 'noWorker' | 'timedOut' | 'hostStopped';

export function failure(reason: FailureReason, message: string): InvocationOutcome {
  return { ok: false, reason, message };
}
