import type { Diagnosis, Risk } from '../domain/diagnosis.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Sighting } from '../domain/sighting.ts';

/** One kind of sync error: what it is, and how it is diagnosed. */
export interface SyncErrorKind {
  readonly meta: {
    readonly code: string;
    /** Kinds of one family on the same value are one fault. */
    readonly family: string;
    /** Where the error arises. */
    readonly layer: 'cloud' | 'export' | 'import' | 'synchronisation' | 'any';
    readonly description: string;
    /** Of the fixes that change something. */
    readonly risk: Risk;
    /** The attribute it is about; absent when any. */
    readonly attribute?: string;
  };
  /** What evidence must be gathered; null when this sighting is diagnosed from its own words. */
  seeks(sighting: Sighting): Evidence['sought'] | null;
  /** Pure. `evidence` is null when `seeks` answered null. */
  diagnose(sighting: Sighting, evidence: Evidence | null): Diagnosis;
}
