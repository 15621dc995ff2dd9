import type { CloudObject } from './cloud-directory.ts';
import { isSoftDeleted } from './cloud-directory.ts';
import type { ExportUnit } from './export-units.ts';
import { anyOf, isSet, type Likelihood, perhaps } from './likelihood.ts';
import type { Match } from './matches.ts';
import type { Outcome, Prediction } from './prediction.ts';
import type { PredictionSettings } from './prediction-settings.ts';
import { cloudReference, matchGroup } from './rivals.ts';

/**
 * What a new object is taken for.
 * @param collisions of the unit: where the match is not sure, what happens if it does not come about
 */
export function softMatchPredictions(match: Match, collisions: readonly Prediction[]): Prediction[] {
  const { unit, target, by, inputs, joins, mismatches, blocked } = match;
  const named = cloudReference(target).name;
  const group = matchGroup(unit, target);
  const isAlternative = collisions.some(({ oneOf }) => oneOf === group);
  const outcomes: readonly [Outcome, Likelihood, string][] = [
    ['SoftMatch', joins, `takes over ${named}, which Entra masters, with all its values and its password`],
    ['ObjectTypeMismatch', mismatches, `is refused, since ${named} has the address and is of another type`],
    [
      'ExistingAdminRoleConflict',
      blocked,
      `is made a second time, since ${named} holds a directory role and is not matched`,
    ],
  ];
  return outcomes.flatMap(([outcome, likely, effect]) =>
    likely === 'no'
      ? []
      : [
          {
            object: unit.reference,
            outcome,
            certainty: likely === 'yes' ? ('certain' as const) : ('possible' as const),
            attribute: by.attribute,
            value: by.value,
            with: [{ object: cloudReference(target), inputs }],
            ...(likely === 'maybe' && isAlternative ? { oneOf: group } : {}),
            message: `${likely === 'yes' ? 'By' : 'Possibly, by'} ${by.value} the object ${effect}.`,
          },
        ],
  );
}

/**
 * What becomes of an object whose source anchor belongs to one that Entra masters or has deleted. Since July 2026 privileged
 * ones, and those that are mapped to another object, are protected ("When you have an existing tenant").
 */
export function hardMatchPredictions(unit: ExportUnit, settings: PredictionSettings): Prediction[] {
  const { cloud, mode } = unit;
  if (cloud === null || mode !== 'hardMatch') return [];
  const blocked = hardMatchBlocked(cloud, settings);
  const input = { attribute: 'onPremisesImmutableId', value: cloud.origin.onPremisesImmutableId ?? '' };
  const common = {
    object: unit.reference,
    attribute: 'mS-DS-ConsistencyGuid',
    value: unit.reference.sourceAnchor ?? null,
    with: [{ object: cloudReference(cloud), inputs: [input] }],
  };
  const { name } = common.with[0]?.object ?? unit.reference;
  const comesBack = isSoftDeleted(cloud)
    ? `${name} comes back from the deleted objects and is synchronised`
    : `The object takes over ${name}`;
  const certainty = 'possible';
  return [
    // An object whose source of authority was moved to the cloud is skipped, and cannot be told apart here.
    { ...common, outcome: 'HardMatch', certainty, message: `${comesBack}, by its source anchor.` },
    ...(blocked === 'no'
      ? []
      : [
          {
            ...common,
            outcome: 'InvalidHardMatch',
            certainty,
            message: `Entra may refuse the match with ${name} by source anchor (InvalidHardMatch or AttributeUpdateNotAllowed), since that is privileged, mapped to another object, or protected by the tenant.`,
          } as const,
        ]),
  ];
}

function hardMatchBlocked({ origin }: CloudObject, { tenant }: PredictionSettings): Likelihood {
  return anyOf(isSet(tenant.blockCloudObjectTakeover, 'on'), perhaps(origin.privileged));
}

/** Whether the unit may be kept from being written by what it is matched with. */
export function refusedByMatch(unit: ExportUnit, matches: readonly Match[], settings: PredictionSettings): Likelihood {
  const byType = matches.map(({ mismatches }) => mismatches);
  const isBlocked = unit.cloud !== null && unit.mode === 'hardMatch' ? hardMatchBlocked(unit.cloud, settings) : 'no';
  // Nor is it certain what else is skipped.
  const bySkip: Likelihood = unit.mode === 'hardMatch' ? 'maybe' : 'no';
  return anyOf(...byType, isBlocked, bySkip);
}
