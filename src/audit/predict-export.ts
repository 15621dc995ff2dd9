import type { AuditObject } from './audit-object.ts';
import { sourceAnchorOf } from './claims.ts';
import { type ObjectReference, referenceOf } from './finding.ts';
import type { Joined } from './placing.ts';
import { CloudDirectory, isCloudObject } from './prediction/cloud-directory.ts';
import { CollisionGround } from './prediction/collision-ground.ts';
import { collisionsOf } from './prediction/collisions.ts';
import { type ExportUnit, type LeftOut, placeForExport } from './prediction/export-units.ts';
import { anyOf, type Likelihood } from './prediction/likelihood.ts';
import { hardMatchPredictions, refusedByMatch, softMatchPredictions } from './prediction/match-predictions.ts';
import { type Match, softMatches } from './prediction/matches.ts';
import { ownRefusals, replacedUserName } from './prediction/own-refusals.ts';
import type { Prediction } from './prediction/prediction.ts';
import type { PredictionSettings } from './prediction/prediction-settings.ts';
import { cloudReference } from './prediction/rivals.ts';
import { staleQuarantines } from './prediction/stale-quarantines.ts';

/**
 * Which objects fail at the next synchronisation, and how: from the objects as Active Directory has them now, and as Entra has
 * them. Both in one list, in any order; `origin` tells them apart. Time and memory grow with the number of values: each is
 * looked up in a map, and of very many that ask for one value some stand for all.
 *
 * What cannot be seen: objects that Graph never shows but that hold addresses, custom rules of the sync engine, and what
 * others write meanwhile.
 */
export function predictExport(
  objects: readonly AuditObject[],
  settings: PredictionSettings,
  joined?: Joined,
): Prediction[] {
  const cloud = new CloudDirectory(objects.filter(isCloudObject));
  const { units, leftOut } = placeForExport(objects, settings, joined);
  const matches = softMatches(units, cloud, settings);
  const matchesOf = Map.groupBy(matches, ({ unit }) => unit);
  const refusals = new Map(units.map((unit) => [unit, ownRefusals(unit, settings)]));
  const ground = new CollisionGround({
    settings,
    cloud,
    units,
    matches,
    leaving: new Set(leftOut.flatMap((one) => one.cloud ?? [])),
    isRefused: (unit) => isRefused(unit, refusals.get(unit) ?? [], matchesOf.get(unit) ?? [], settings),
  });
  return [
    ...units.flatMap((unit) => {
      const collisions = collisionsOf(unit, ground);
      return [
        ...(refusals.get(unit) ?? []),
        ...hardMatchPredictions(unit, settings),
        ...(matchesOf.get(unit) ?? []).flatMap((match) => softMatchPredictions(match, collisions)),
        ...sharedAnchors(unit),
        ...collisions,
        ...staleQuarantines(unit, collisions),
        ...replacedUserName(unit, ground.ignoresUserName(unit), settings),
      ];
    }),
    ...leftOut.flatMap((one) => outOfScopePrediction(one, settings)),
  ];
}

function isRefused(
  unit: ExportUnit,
  refusals: readonly Prediction[],
  matches: readonly Match[],
  settings: PredictionSettings,
): Likelihood {
  const own = refusals.map(({ certainty }): Likelihood => (certainty === 'certain' ? 'yes' : 'maybe'));
  return anyOf('no', ...own, refusedByMatch(unit, matches, settings));
}

/** Of two objects of one forest with one anchor the second is not exported. */
function sharedAnchors({ anchorIsShared, reference }: ExportUnit): Prediction[] {
  if (!anchorIsShared) return [];
  return [
    {
      object: reference,
      outcome: 'AttributeValueMustBeUnique',
      certainty: 'possible',
      attribute: 'mS-DS-ConsistencyGuid',
      value: reference.sourceAnchor ?? null,
      with: [],
      message: 'Another object of its forest has its source anchor: one of the two is not synchronised.',
    },
  ];
}

function outOfScopePrediction({ object, reason, cloud }: LeftOut, { directory }: PredictionSettings): Prediction[] {
  const isDeleted = cloud?.origin.kind === 'synchronised';
  if (!isDeleted && directory === 'whole') return [];
  const reference: ObjectReference = referenceOf(object, sourceAnchorOf(object));
  return [
    {
      object: reference,
      outcome: 'OutOfScope',
      certainty: 'certain',
      attribute: null,
      value: null,
      with: isDeleted && cloud !== null ? [{ object: cloudReference(cloud), inputs: [] }] : [],
      message: isDeleted
        ? `It is not synchronised any more, because ${reason}; its object in Entra is deleted.`
        : `It is not synchronised, because ${reason}.`,
    },
  ];
}
