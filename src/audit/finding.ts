import { type AuditObject, type AuditObjectType, type Origin, objectTypeOf } from './audit-object.ts';

/** `error`: synchronisation of the object or of the value fails. `warning`: it works, with an unwanted effect. */
export type Severity = 'error' | 'warning' | 'information';

/** Enough of an object to name it and to find it again. */
export interface ObjectReference {
  readonly name: string;
  readonly objectType: AuditObjectType;
  readonly origin?: Origin;
  readonly distinguishedName?: string;
  readonly objectGUID?: string;
  /** Base64 source anchor, where it is known. */
  readonly sourceAnchor?: string;
}

/** One object that holds the value of a duplicate, and the attribute values that make it do so. */
export interface Holder {
  readonly object: ObjectReference;
  readonly inputs: readonly { readonly attribute: string; readonly value: string }[];
  /** Why this holder takes no part in the conflict: `out of scope: …`, `joined to …`. Absent: it does. */
  readonly placed?: string;
}

/** What is wrong with one value of one object, or with one value that several objects hold. */
export interface Finding {
  /** The rule's code, PascalCase: `UserPrincipalNameCharacters`. Its page is docs/audit/<kebab-case>.md. */
  readonly rule: string;
  readonly severity: Severity;
  readonly object: ObjectReference;
  /** LDAP name in its exact casing. */
  readonly attribute: string;
  /** As stored; null when the attribute is absent. */
  readonly value: string | null;
  /** One sentence: what is wrong, with the limit or the characters. */
  readonly message: string;
  /** What to do next, when no value can be proposed. */
  readonly remedy: string;
  /** Passes every rule of its attribute, and nobody else holds it or is proposed it. */
  readonly proposal?: string;
  /** Every holder of a duplicate value, the object itself first. */
  readonly holders?: readonly Holder[];
}

export function referenceOf(object: AuditObject, sourceAnchor: string | null = null): ObjectReference {
  const { distinguishedName, objectGUID, origin } = object;
  return {
    name: object.displayName?.trim() || object.cn || distinguishedName || objectGUID || '(no name)',
    objectType: objectTypeOf(object),
    ...(origin === undefined ? {} : { origin }),
    ...(distinguishedName === undefined ? {} : { distinguishedName }),
    ...(objectGUID === undefined ? {} : { objectGUID }),
    ...(sourceAnchor === null ? {} : { sourceAnchor }),
  };
}
