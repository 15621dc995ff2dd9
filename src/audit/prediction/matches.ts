import { objectTypeOf } from '../audit-object.ts';
import { comparedAs } from '../claim-table.ts';
import {
  type CloudDirectory,
  type CloudHolder,
  type CloudObject,
  canBeSoftMatched,
  isGroup,
  isGuest,
  isSoftDeleted,
  shows,
  showsAsPrimary,
} from './cloud-directory.ts';
import { type ExportUnit, isNew } from './export-units.ts';
import { allOf, anyOf, isSet, type Likelihood, not, notSurely, perhaps } from './likelihood.ts';
import type { PredictionSettings } from './prediction-settings.ts';
import type { Wanted } from './wanted-values.ts';

/** An object in Entra that a new object would be taken for. */
export interface Match {
  readonly unit: ExportUnit;
  readonly target: CloudObject;
  readonly by: Wanted;
  readonly inputs: CloudHolder['inputs'];
  /** The new object takes it over. */
  readonly joins: Likelihood;
  /** It is refused, since the two are of different types. */
  readonly mismatches: Likelihood;
  /** It is kept from it by a directory role of the other, and made beside it. */
  readonly blocked: Likelihood;
}

/**
 * Soft matches: a new object is compared with those that Entra masters, first by primary SMTP address, then, of users, by UPN.
 *
 * Source: "When you have an existing tenant" (07/01/2026), KB 3164442; read 2026-11-22.
 */
export function softMatches(
  units: readonly ExportUnit[],
  cloud: CloudDirectory,
  settings: PredictionSettings,
): readonly Match[] {
  const found = units.flatMap((unit) => matchesOf(unit, cloud, settings));
  const rivals = new Map<CloudObject, Set<ExportUnit>>();
  for (const { target, unit } of found) rivals.set(target, (rivals.get(target) ?? new Set()).add(unit));
  // Of several the first to arrive is matched, and then the object has an anchor.
  return found.map((match) => ((rivals.get(match.target)?.size ?? 0) > 1 ? doubtful(match) : match));
}

const doubtful = (match: Match): Match => ({
  ...match,
  joins: notSurely(match.joins),
  mismatches: notSurely(match.mismatches),
  blocked: notSurely(match.blocked),
});

function matchesOf(unit: ExportUnit, cloud: CloudDirectory, settings: PredictionSettings): Match[] {
  const open = allOf(isNew(unit), not(isSet(settings.tenant.blockSoftMatch, 'on')));
  if (open === 'no') return [];
  const matches: Match[] = [];
  let settled: Likelihood = 'no';
  const consider = ({ object: target, inputs }: CloudHolder, by: Wanted, likely: Likelihood): void => {
    if (likely === 'no' || matches.some((match) => match.target === target)) return;
    const match = { unit, target, by, inputs, ...howItEnds(unit, target, likely) };
    const isMatch = anyOf(match.joins, match.mismatches, match.blocked);
    if (isMatch === 'no') return;
    matches.push(match);
    settled = anyOf(settled, isMatch);
  };
  for (const { wanted, likely } of comparedAddresses(unit, settings)) {
    for (const holder of cloud.ofAddress(wanted.key).filter(({ object }) => canBeSoftMatched(object))) {
      const isThere = addressCounts(holder.object, wanted.key, settings);
      consider(holder, wanted, allOf(open, likely, isThere, stillThere(holder.object, settings)));
    }
  }
  const { userName, type } = unit;
  if (type !== 'user' || userName === null) return matches;
  const byName = allOf(open, isSet(settings.tenant.softMatchOnUpn, 'on'), not(settled), userName.likely);
  for (const holder of cloud.ofUserPrincipalName(userName.key).filter(({ object }) => canBeSoftMatched(object))) {
    consider(holder, userName, byName);
  }
  return matches;
}

/** The primary address; the others, and `mail`, as far as they may count. */
function comparedAddresses(
  { addresses, primary }: ExportUnit,
  { tenant }: PredictionSettings,
): { wanted: Wanted; likely: Likelihood }[] {
  const others = addresses.filter((wanted) => wanted !== primary);
  const ofOther = (wanted: Wanted): Likelihood => {
    if (wanted.attribute === 'mail') return 'maybe';
    if (wanted.value.startsWith('SMTP:')) return 'maybe';
    return tenant.softMatchAgainst === 'primary' ? 'no' : 'maybe';
  };
  return [
    ...(primary === null ? [] : [{ wanted: primary, likely: primary.likely }]),
    ...others.map((wanted) => ({ wanted, likely: allOf(wanted.likely, ofOther(wanted)) })),
  ];
}

function addressCounts(target: CloudObject, key: string, { tenant }: PredictionSettings): Likelihood {
  if (showsAsPrimary(target, key)) return 'yes';
  if (!shows(target, key)) return target.mail !== undefined && comparedAs(target.mail) === key ? 'maybe' : 'no';
  return isSet(tenant.softMatchAgainst, 'anyProxy');
}

/** That a deleted object is matched, other than by its anchor, no page says. */
const stillThere = (target: CloudObject, { tenant }: PredictionSettings): Likelihood =>
  isSoftDeleted(target) ? notSurely(isSet(tenant.softDeletedAddresses, 'held')) : 'yes';

function howItEnds(
  { type }: ExportUnit,
  target: CloudObject,
  likely: Likelihood,
): Pick<Match, 'joins' | 'mismatches' | 'blocked'> {
  const never = { joins: 'no', mismatches: 'no', blocked: 'no' } as const;
  const targetType = objectTypeOf(target);
  if (targetType !== type) {
    // Other rules for these: a hard error of uniqueness, and the guest that loses in silence.
    const isOtherRule = (type === 'user' && isGroup(target)) || (type === 'contact' && isGuest(target));
    // A guest may lose the address to a contact before.
    return isOtherRule ? never : { ...never, mismatches: isGuest(target) ? notSurely(likely) : likely };
  }
  // Of guests, and of Microsoft 365 groups, no page says whether they are matched.
  const sure = type === 'group' || isGuest(target) ? notSurely(likely) : likely;
  const privileged = type === 'user' ? perhaps(target.origin.privileged) : 'no';
  return { ...never, joins: allOf(sure, not(privileged)), blocked: allOf(sure, privileged) };
}
