import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import type { Finding } from './finding.ts';
import type { AttributeRule } from './rule.ts';

/**
 * One audit. Every object is read twice, in the same order; between the readings only hashes and one bit an object are kept.
 */
export interface AuditRun {
  /** First reading. An object's ordinal is the count of those before it. */
  first(object: AuditObject): void;
  /** Whether the object must be read again; false for an ordinal that was never read. Only after the whole first reading. */
  needsSecond(ordinal: number): boolean;
  /**
   * Second reading, of the objects that need it, in the order of the first.
   * @returns what is wrong with this object's own values, proposals settled
   */
  second(ordinal: number, object: AuditObject): readonly Finding[];
  /** After the second reading: one finding for each value that several objects hold. */
  finish(): readonly Finding[];
}

/** Objects arrive in batches, so that an await is not paid for each. */
export type ObjectBatches = AsyncIterable<readonly AuditObject[]>;

export interface AuditSource {
  first(): ObjectBatches;
  /** The same objects in the same order, of which only the wanted ones are given. */
  again(wanted: (ordinal: number) => boolean): AsyncIterable<readonly OrdinalObject[]>;
}

export interface OrdinalObject {
  readonly ordinal: number;
  readonly object: AuditObject;
}

/** What the directories themselves cannot say. */
export interface AuditKnowledge {
  /**
   * The metaverse object that the sync engine joined the object with this source anchor to; null: not known. Asked for
   * members of duplicates alone.
   */
  readonly joined?: (anchor: string) => string | null;
  /** Start of the hashes, any 32-bit number. */
  readonly seed?: number;
}

export type StartAudit = (
  settings: AuditSettings,
  rules: readonly AttributeRule[],
  knowledge?: AuditKnowledge,
) => AuditRun;
