import { type AuditObject, isUnreadable } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import type { Severity } from './finding.ts';
import type { AttributeRule } from './rule.ts';

/** One thing that may be wrong with the values of an attribute. */
export interface Concern {
  readonly code: string;
  readonly severity: Severity;
  readonly description: string;
  readonly source: string;
  /** What to do when no value can be proposed. */
  readonly remedy: string;
  /** @returns the sentence that says what is wrong, or null */
  check?(value: string, object: AuditObject, settings: AuditSettings): string | null;
  /** The same for an object that does not have the attribute. */
  checkAbsence?(object: AuditObject, settings: AuditSettings): string | null;
}

/** All that is looked at in one attribute. */
export interface AttributeConcerns {
  readonly attribute: string;
  /** An absent attribute is null or nothing. */
  values(object: AuditObject): readonly (string | null)[];
  readonly surelyPasses: (object: AuditObject, settings: AuditSettings) => boolean;
  readonly concerns: readonly Concern[];
  /** Values that might do in the place of a bad one, the best first; those that do not pass every concern are dropped. */
  candidates?(value: string | null, object: AuditObject, settings: AuditSettings): Iterable<string>;
  /** Entra has accepted the values of its own objects, so they are not looked at, unless this is set. */
  readonly alsoInEntra?: boolean;
}

export function attributeRules(of: AttributeConcerns): AttributeRule[] {
  const isLookedAt = ({ origin }: AuditObject): boolean => of.alsoInEntra === true || origin?.side !== 'entra';
  const absenceOf = (concern: Concern, object: AuditObject, settings: AuditSettings): string | null =>
    isUnreadable(object, of.attribute) ? null : (concern.checkAbsence?.(object, settings) ?? null);
  const rules = of.concerns.map(
    (concern): AttributeRule => ({
      meta: {
        code: concern.code,
        attribute: of.attribute,
        severity: concern.severity,
        description: concern.description,
        source: concern.source,
      },
      surelyPasses: of.surelyPasses,
      values: (object) => (isLookedAt(object) ? of.values(object) : []),
      check(value, object, settings) {
        const message =
          value === null ? absenceOf(concern, object, settings) : (concern.check?.(value, object, settings) ?? null);
        return message === null ? null : { message, remedy: concern.remedy };
      },
      *propose(value, object, settings) {
        for (const candidate of of.candidates?.(value, object, settings) ?? []) {
          if (candidate !== value && rules.every((rule) => rule.check(candidate, object, settings) === null)) {
            yield candidate;
          }
        }
      },
    }),
  );
  return rules;
}
