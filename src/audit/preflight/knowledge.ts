import type { AuditObject } from '../audit-object.ts';
import type { AuditSettings } from '../audit-settings.ts';
import type { AttributeRule } from '../rule.ts';
import type { Self, Unknown } from './claims.ts';

/** Who holds a value. */
export interface Found {
  readonly objects: readonly AuditObject[];
  /** What could not be asked; empty: `objects` are all that there are. */
  readonly unknowns: readonly Unknown[];
}

/** What is known when a part of a request is judged. */
export interface PreflightKnowledge {
  readonly settings: AuditSettings;
  readonly rules: readonly AttributeRule[];
  /** Of the objects that are judged, by their place in the request. */
  readonly selves: ReadonlyMap<number, { readonly self: Self; readonly unknowns: readonly Unknown[] }>;
  /** By the key of the question. */
  readonly found: ReadonlyMap<string, Found>;
  /** Whether an object of Entra holds a directory role, by its id. */
  readonly privileged: ReadonlyMap<string, boolean | Unknown>;
  /** Proposed before to other objects of the request: question key, and place of the object. */
  readonly promised: ReadonlyMap<string, number>;
  /** Why nothing is known of the tenant's domains; null: `settings` has them. */
  readonly domains: Unknown | null;
}
