import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import type { AttributeRule } from './rule.ts';

/**
 * @returns a function that says which of the rules may have something to say about an object, in their order: nearly always
 * none. The cheap looks of the rules are taken once for each group that shares one.
 */
export function rulesConcerning(
  rules: readonly AttributeRule[],
): (object: AuditObject, settings: AuditSettings) => readonly AttributeRule[] {
  const groups = [...Map.groupBy(rules, ({ surelyPasses }) => surelyPasses)];
  const none: readonly AttributeRule[] = [];
  return (object, settings) => {
    let concerning = none;
    for (const [surelyPasses, group] of groups) {
      if (surelyPasses?.(object, settings) !== true)
        concerning = concerning === none ? group : [...concerning, ...group];
    }
    return concerning;
  };
}
