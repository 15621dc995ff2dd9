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
  const groups = [...Map.groupBy(rules, ({ surelyPasses }) => surelyPasses)].map(([surelyPasses, members]) => ({
    surelyPasses: surelyPasses ?? neverSurely,
    members,
  }));
  const isConcerned = (object: AuditObject, settings: AuditSettings) => (group: (typeof groups)[number]) =>
    !group.surelyPasses(object, settings);
  return (object, settings) => {
    for (const group of groups) {
      if (!group.surelyPasses(object, settings)) {
        return groups.filter(isConcerned(object, settings)).flatMap(({ members }) => members);
      }
    }
    return none;
  };
}

const none: readonly AttributeRule[] = [];
const neverSurely = (): boolean => false;
