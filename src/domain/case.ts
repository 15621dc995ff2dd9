import { z } from 'zod';
import { actor, changeResult, holderView, objectView } from './case-event.ts';
import { diagnosis, fix, verdict } from './diagnosis.ts';
import { identities } from './sighting.ts';

export const caseStates = [
  'Detected',
  'AwaitingApproval',
  'NeedsPerson',
  'Approved',
  'Applying',
  'Applied',
  'PartlyApplied',
  'Stale',
  'Resolved',
  'Failed',
  'Reopened',
  'Reverted',
  'Rejected',
  'Expired',
  'UndoProposed',
  'Undone',
  'MergedInto',
] as const;
export const caseState = z.enum(caseStates);
export type CaseStateName = z.infer<typeof caseState>;

/** States in which nothing is left to do unless somebody or something new speaks up. */
export const endedStates: readonly CaseStateName[] = ['Resolved', 'Rejected', 'Undone', 'MergedInto'];

/** An approval, with what has been done under it so far. */
export const execution = z.strictObject({
  fixId: z.string(),
  planHash: z.string(),
  by: actor,
  at: z.iso.datetime(),
  reason: z.string(),
  party: verdict.optional(),
  until: z.iso.datetime(),
  /** Last known result of each change, by index; absent: not tried yet. */
  results: z.array(changeResult),
  /** Indexes that a claim has covered: the write may have happened. */
  begun: z.array(z.number()),
  /** `begun` as it was before the latest claim: what an earlier attempt may have written. */
  begunBefore: z.array(z.number()),
  /** Claims since the last recorded outcome. */
  openClaims: z.number(),
  claimedAt: z.iso.datetime().optional(),
  stage: z.enum(['release', 'claim']),
  /** The stage's changes are written and wait for their proof. */
  awaitingProof: z.boolean(),
  writtenAt: z.iso.datetime().optional(),
  exportProvenAt: z.iso.datetime().optional(),
  notBefore: z.iso.datetime().optional(),
  /** Attempts in a row that ended in TryAgain, and when the first of them was. */
  attempt: z.number(),
  tryingSince: z.iso.datetime().optional(),
});
export type Execution = z.infer<typeof execution>;

/** One fault through its life: the fold of its events. */
export const caseProjection = z.strictObject({
  id: z.string(),
  tenant: z.string(),
  state: caseState,
  /** Number of the last event. */
  sequence: z.number(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  error: z.strictObject({
    code: z.string(),
    family: z.string(),
    source: z.string(),
    originalCode: z.string(),
    objectType: z.string(),
    attribute: z.string().optional(),
    value: z.string().optional(),
    occurredAt: z.string().optional(),
    raw: z.record(z.string(), z.unknown()),
  }),
  identities,
  keys: z.array(z.string()),
  /** Sources that report the fault, with the complete reads in a row in which it was absent. */
  sources: z.record(z.string(), z.number()),
  subject: objectView,
  holders: z.array(holderView),
  conflictSet: z.string().optional(),
  evidence: z.strictObject({ hash: z.string(), gatheredAt: z.string() }).optional(),
  diagnosis: diagnosis.optional(),
  /** The diagnosis' fixes, and proposed undos. */
  fixes: z.array(fix),
  execution: execution.optional(),
  /** Executions that are over and wrote something: what an undo may take back. */
  done: z.array(execution.extend({ fix })),
  /** A proposed undo, until it is approved or rejected: who asked for it, and the state that a rejection returns to. */
  undo: z.strictObject({ by: actor, reason: z.string(), fixId: z.string(), from: caseState }).optional(),
  intervalsWithoutHolder: z.number(),
  undone: z.boolean(),
  resolution: z.strictObject({ cause: z.string(), at: z.string(), confirmedDays: z.number() }).optional(),
  mergedInto: z.string().optional(),
  /** Rounds of deliveries that ended in a dead letter since the case last changed its state. */
  deadLetterRounds: z.number(),
  /** Why it stands where it stands, and what to do next, in one or two sentences. */
  message: z.string(),
  /** Personal data has been erased: only ids, states and times are left. */
  erased: z.boolean(),
  /** The events without their data. */
  events: z.array(
    z.strictObject({ sequence: z.number(), at: z.string(), by: actor, type: z.string(), state: caseState }),
  ),
});
export type Case = z.infer<typeof caseProjection>;
export type { Actor } from './case-event.ts';

/** The fix that is being carried out. The undo of a touch has the changes, and so the hash, of the touch itself. */
export function executedFix({ fixes, execution }: Case): z.infer<typeof fix> | undefined {
  return fixes.find(({ id, planHash }) => id === execution?.fixId && planHash === execution.planHash);
}

/** When a person was last told that the running stage waits for long; undefined: not yet. */
export function toldOfWaiting({ events }: Case): string | undefined {
  const written = events.findLastIndex(({ type }) => type === 'Applied' || type === 'ReleaseApplied');
  return events.slice(written + 1).findLast(({ type }) => type === 'StillWaiting')?.at;
}

/** Indexes of the changes of the running stage that have no final result yet. */
export function pendingChanges(subject: Case): number[] {
  const { execution: running } = subject;
  const plan = executedFix(subject);
  if (!running || !plan) return [];
  const applied = new Set(
    running.results.filter((result) => result.outcome === 'Applied').map((result) => result.index),
  );
  return plan.changes.flatMap((change, index) =>
    change.stage === running.stage && !applied.has(index) ? [index] : [],
  );
}
