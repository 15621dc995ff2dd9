import { z } from 'zod';
import { valueState } from './change.ts';
import { diagnosis, fix, verdict } from './diagnosis.ts';
import { sighting } from './sighting.ts';

const moment = z.iso.datetime();

/** An object as a reader of a case sees it. */
export const objectView = z.strictObject({
  displayName: z.string(),
  objectType: z.string(),
  onPremises: z.strictObject({ dn: z.string(), objectGuid: z.string(), forest: z.string() }).optional(),
  cloud: z.strictObject({ id: z.string(), userPrincipalName: z.string().optional() }).optional(),
  /** Who owns the conflicting attribute of this object: `active-directory`, `entra`, `exchange-online`, `other-tenant`, `unknown`. */
  authority: z.string(),
});
export type ObjectView = z.infer<typeof objectView>;

export const holderView = objectView.extend({
  /** Attributes that yield the value, joined by a comma. */
  attribute: z.string(),
});
export type HolderView = z.infer<typeof holderView>;

/** What became of one change of the approved fix; `index` is its place in `fix.changes`. */
export const changeResult = z.discriminatedUnion('outcome', [
  z.strictObject({ index: z.number(), outcome: z.literal('Applied'), alreadyThere: z.boolean(), where: z.string() }),
  z.strictObject({
    index: z.number(),
    outcome: z.literal('Stale'),
    found: valueState,
    /** What else than the object itself has changed. */
    because: z.string().optional(),
  }),
  z.strictObject({ index: z.number(), outcome: z.literal('Gone'), message: z.string() }),
  z.strictObject({ index: z.number(), outcome: z.literal('NotPermitted'), message: z.string(), remedy: z.string() }),
  z.strictObject({ index: z.number(), outcome: z.literal('Refused'), code: z.string(), message: z.string() }),
  z.strictObject({
    index: z.number(),
    outcome: z.literal('TryAgain'),
    message: z.string(),
    afterSeconds: z.number().optional(),
  }),
]);
export type ChangeResult = z.infer<typeof changeResult>;

const event = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.strictObject({ type: z.literal(type), data });

/**
 * Everything that can happen to a case. `evolve` reads every version ever released: a field is only ever added, optional.
 */
export const caseEvent = z.discriminatedUnion('type', [
  /** A source reported the fault: the first time, again after the end, or another source or identity for the first time. */
  event('Sighted', z.strictObject({ id: z.string(), keys: z.array(z.string()), sighting })),
  event('AbsentSeen', z.strictObject({ source: z.string(), reads: z.number() })),
  event(
    'Diagnosed',
    z.strictObject({
      evidence: z.string(),
      gatheredAt: moment,
      conflictSet: z.string().optional(),
      subject: objectView,
      holders: z.array(holderView),
      diagnosis,
    }),
  ),
  event('DiagnosisRequested', z.strictObject({ reason: z.string() })),
  event(
    'Approved',
    z.strictObject({
      fixId: z.string(),
      planHash: z.string(),
      reason: z.string(),
      /** The approver's own statement about the parties, when the diagnosis was Undecided. */
      party: verdict.optional(),
      until: moment,
    }),
  ),
  event('Rejected', z.strictObject({ reason: z.string() })),
  event('Claimed', z.strictObject({ claim: z.number(), changes: z.array(z.number()) })),
  /** Some changes have their outcome; the rest is tried again at `notBefore`. */
  event(
    'Postponed',
    z.strictObject({
      results: z.array(changeResult),
      notBefore: moment,
      attempt: z.number(),
      since: moment,
      message: z.string(),
    }),
  ),
  event('ReleaseApplied', z.strictObject({ results: z.array(changeResult), at: moment })),
  event('ReleaseProven', z.strictObject({ proof: z.string() })),
  event('Applied', z.strictObject({ results: z.array(changeResult), at: moment })),
  event('PartlyApplied', z.strictObject({ results: z.array(changeResult), message: z.string() })),
  event('WentStale', z.strictObject({ results: z.array(changeResult), message: z.string() })),
  event('Failed', z.strictObject({ results: z.array(changeResult), reason: z.string(), next: z.string() })),
  /** Entra has exported the change (or needs no export): the release interval runs from `at`. */
  event('ExportProven', z.strictObject({ at: moment, proof: z.string() })),
  /** Long after the write, Entra does not have it yet; repeated once a day. */
  event('StillWaiting', z.strictObject({ since: moment, message: z.string() })),
  event('StillQuarantined', z.strictObject({ intervalsWithoutHolder: z.number(), message: z.string() })),
  event('Resolved', z.strictObject({ cause: z.enum(['fixed', 'elsewhere']), proof: z.string() })),
  event('ConfirmedLater', z.strictObject({ days: z.number(), proof: z.string() })),
  event('Reopened', z.strictObject({ reason: z.string() })),
  event('Reverted', z.strictObject({ reason: z.string() })),
  event('Expired', z.strictObject({ reason: z.string() })),
  event('UndoProposed', z.strictObject({ fix, reason: z.string() })),
  event('Undone', z.strictObject({ proof: z.string() })),
  event('MergedInto', z.strictObject({ into: z.string(), reason: z.string() })),
  event('DeadLettered', z.strictObject({ queue: z.string(), round: z.number() })),
  /** The data of every earlier event was erased; the reason names nobody. */
  event('Erased', z.strictObject({ reason: z.string() })),
]);
export type CaseEvent = z.infer<typeof caseEvent>;

/** Who did it: `system`, or a person by object id (names are display only and never compared). */
export const actor = z.strictObject({ oid: z.string(), name: z.string().optional() });
export type Actor = z.infer<typeof actor>;
export const system: Actor = { oid: 'system' };
