import type { Moment } from '../clock.ts';
import type { Value } from './attribute-value.ts';
import type { GuidKey } from './object-guid.ts';

/** The database of one domain controller as replication knows it. */
export interface Dsa {
  /** DN of its NTDS Settings object, as msDS-ReplAttributeMetaData names it. */
  readonly settingsDn: string;
  readonly invocationId: GuidKey;
}

/**
 * The values of one attribute together with where they were written first: what replication carries and compares.
 * An attribute without values stays, because its removal has to replicate too. Never changed, only replaced.
 */
export interface StoredAttribute {
  readonly values: readonly Value[];
  /** Counts the originating writes of this attribute of this object. */
  readonly version: number;
  readonly at: Moment;
  readonly origin: Dsa;
  /** Update sequence number of the originating write, on its own controller. */
  readonly originatingUsn: number;
}

/** Which of two writes of one attribute wins on every controller: version, then time, then invocationId. */
export function supersedes(candidate: StoredAttribute, present: StoredAttribute | undefined): boolean {
  if (!present) return true;
  if (candidate.version !== present.version) return candidate.version > present.version;
  if (candidate.at !== present.at) return candidate.at > present.at;
  return candidate.origin.invocationId > present.origin.invocationId;
}

/** Where an object stands: its parent and its own name. Replicates under the metadata of the attribute `name`. */
export interface Placement {
  readonly parent: GuidKey;
  readonly rdnType: string;
  readonly rdnValue: string;
}

/** One originating write on its way to the other controllers. */
export interface ReplicatedUpdate {
  readonly at: Moment;
  readonly guid: GuidKey;
  readonly attributes: ReadonlyMap<string, StoredAttribute>;
  /** Present when the write created, renamed, moved or deleted the object. */
  readonly placement?: Placement;
}
