import type { Holder, ObjectReference, Severity } from '../finding.ts';

/**
 * What the next synchronisation does to an object. Names of errors are those of the catalogue, or of the sync engine;
 * the rest are effects that no error tells of.
 *
 * Source: "Understanding errors during Microsoft Entra synchronization", "Identity synchronization and duplicate attribute
 * resiliency", "When you have an existing tenant"; docs/audit/predict-export.md says what of them gives which outcome.
 */
export const outcomes = {
  /** The user is written, with a placeholder for its UPN. */
  QuarantinedUserPrincipalName: 'error',
  /** The object is written without the address. */
  QuarantinedProxyAddress: 'error',
  /** Nothing of the object is written, in every synchronisation again. */
  AttributeValueMustBeUnique: 'error',
  IdentityDataValidationFailed: 'error',
  LargeObject: 'error',
  ObjectTypeMismatch: 'error',
  /** A second object is made beside the privileged one, its values in quarantine. */
  ExistingAdminRoleConflict: 'error',
  InvalidHardMatch: 'error',
  /** The object takes over one that exists in Entra, found by address or user name. */
  SoftMatch: 'warning',
  /** The same, found by source anchor; a deleted one comes back. */
  HardMatch: 'warning',
  /** A guest loses its address to a synchronised contact. */
  GuestLosesAddress: 'warning',
  /** The user gets `alias@initial domain` as its UPN, because the one in Active Directory cannot be used. */
  UserPrincipalNameReplaced: 'warning',
  /** It is not synchronised; its object in Entra, if there is one, is deleted. */
  OutOfScope: 'information',
} as const satisfies Record<string, Severity>;

export type Outcome = keyof typeof outcomes;

export interface Prediction {
  /** The object in Active Directory; of several that are synchronised as one, the first. */
  readonly object: ObjectReference;
  readonly outcome: Outcome;
  /** `certain`: it follows from what was read, by rules that the documentation states. */
  readonly certainty: 'certain' | 'possible';
  /** LDAP name; null when the object as a whole is meant. */
  readonly attribute: string | null;
  /** As stored. */
  readonly value: string | null;
  /** Who else has the value, or what the object would be matched with; the first 100. */
  readonly with: readonly Holder[];
  /** Of the predictions with one such name at least one comes true. Opaque. */
  readonly oneOf?: string;
  /** One sentence. */
  readonly message: string;
}
