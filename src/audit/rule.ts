import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import type { Severity } from './finding.ts';

/** Something wrong with one value, as its rule says it. */
export interface Problem {
  /** One sentence for people: what is wrong, with the limit or the characters. */
  readonly message: string;
  /** What to do next, when no value can be proposed. */
  readonly remedy: string;
}

/**
 * One rule about the values of one attribute, looking at one object alone. Pure: no clock but `settings.now`, and no other
 * object (duplicates are found by the audit itself).
 */
export interface AttributeRule {
  readonly meta: {
    /**
     * PascalCase; docs/audit/<kebab-case>.md is its page. One rule may be held against several attributes: code and
     * attribute together are unique.
     */
    readonly code: string;
    /** LDAP name in its exact casing. */
    readonly attribute: string;
    readonly severity: Severity;
    readonly description: string;
    /** Where the limit comes from, and when that was read. */
    readonly source: string;
  };
  /**
   * A cheap look that rules of one attribute share: true when the object surely passes each rule that names this same
   * function, so that they need not be asked one by one. Absent: ask the rule.
   */
  readonly surelyPasses?: (object: AuditObject, settings: AuditSettings) => boolean;
  /** The values that the rule looks at; `null` stands for an absent attribute, for rules that mind absence. */
  values(object: AuditObject): readonly (string | null)[];
  /** @returns null when the value passes */
  check(value: string | null, object: AuditObject, settings: AuditSettings): Problem | null;
  /**
   * Values that would pass this rule, the best first, made from the value and the object. Empty: a person must think. Never a
   * value with its domain cut short. The audit takes the first that passes every rule of the attribute and that nobody holds.
   */
  propose(value: string | null, object: AuditObject, settings: AuditSettings): Iterable<string>;
}
