import { z } from 'zod';
import { change } from './change.ts';

export const risk = z.enum(['low', 'medium', 'high']);
export type Risk = z.infer<typeof risk>;

/** One instruction to a person; a command carries the real names and values. */
export const step = z.strictObject({ text: z.string(), command: z.string().optional() });
export type Step = z.infer<typeof step>;

/** A value that will change by itself once the fix is applied; predicted, shown, and held against what happened. */
export const derivedChange = z.strictObject({
  objectName: z.string(),
  /** Entra object id when known. */
  objectId: z.string().optional(),
  attribute: z.string(),
  description: z.string(),
});
export type DerivedChange = z.infer<typeof derivedChange>;

export const fix = z.strictObject({
  /** Stable within the case, kebab-case: names what it does and to whom. */
  id: z.string(),
  title: z.string(),
  kind: z.enum(['changes', 'runbook']),
  risk,
  recommended: z.boolean(),
  /** The fix that this one takes back. */
  undoOf: z.string().optional(),
  /** SHA-256 over the canonical form of the changes: 64 hex digits. An approval binds to it. */
  planHash: z.string(),
  changes: z.array(change),
  runbook: z.array(step),
  derived: z.array(derivedChange),
  /** What a person should know before approving: who loses what, what else the value is for, residues of an undo. */
  notes: z.array(z.string()),
});
export type Fix = z.infer<typeof fix>;

export const verdict = z.enum(['SamePerson', 'DifferentParties', 'Undecided']);
export type Verdict = z.infer<typeof verdict>;

/** One row of the keeper table for one party: a fact, its points, and where it comes from (or why it is unknown). */
export const scoreRow = z.strictObject({
  rule: z.string(),
  fact: z.string(),
  /** Points given now. */
  points: z.number(),
  /** Least and most points the row could give when a fact is unknown; equal to `points` when known. */
  least: z.number(),
  most: z.number(),
  source: z.string(),
  unknown: z.string().optional(),
});
export const partyScore = z.strictObject({
  /** The party's id in the evidence. */
  party: z.string(),
  name: z.string(),
  total: z.number(),
  rows: z.array(scoreRow),
});
export type PartyScore = z.infer<typeof partyScore>;
export type ScoreRow = z.infer<typeof scoreRow>;

export const keeperScore = z.strictObject({
  parties: z.array(partyScore),
  /** Party that should keep the value, when threshold and margin are met and no unknown fact could turn it. */
  keeper: z.string().optional(),
  /** Why there is no recommendation (or why it is safe), in plain words; one entry a reason. */
  reasons: z.array(z.string()),
});
export type KeeperScore = z.infer<typeof keeperScore>;

/** What Syncmend thinks of a case: a reason for machines, a message for people, and the fixes. */
export const diagnosis = z.strictObject({
  reason: z.string().regex(/^[A-Z][A-Za-z]+$/),
  message: z.string(),
  party: z.strictObject({ verdict, facts: z.array(z.string()) }).optional(),
  score: keeperScore.optional(),
  fixes: z.array(fix),
  /** Facts that were not to be had, each with the permission, licence or connection that would supply it. */
  unknowns: z.array(z.string()),
});
export type Diagnosis = z.infer<typeof diagnosis>;
