import type { AuditObject } from '../../src/audit/audit-object.ts';
import { startPrediction } from '../../src/audit/predict-directory.ts';
import { predictExport } from '../../src/audit/predict-export.ts';
import type { Outcome, Prediction } from '../../src/audit/prediction/prediction.ts';
import {
  type PredictionSettings,
  type TenantBehaviour,
  unknownBehaviour,
} from '../../src/audit/prediction/prediction-settings.ts';
import { bareAddress } from '../../src/domain/proxy-address.ts';
import { foundFirstWave, writeSecondWave } from './found-organisation.ts';
import type { Ground } from './ground.ts';
import { before, type Happening, happened } from './happened.ts';
import { makeGo, makeOdd } from './make-odd.ts';
import { describeOrganisation, forests, initialDomain } from './organisation.ts';
import type { PredictedOrganisation } from './predicted-organisation.ts';
import type { PredictionCase } from './prediction-cases.ts';
import { readBothSides } from './read-both-sides.ts';
import { startWorld } from './world.ts';

export interface Held {
  /** Predictions that came true, such as `certain SoftMatch`, and groups of which one did. */
  readonly reached: readonly string[];
  /** Of the predictions, how many were certain, and how many possible ones came true or not. */
  readonly certain: number;
  readonly possible: number;
  readonly cameTrue: number;
  readonly broken: readonly string[];
}

/** Predicts what a cycle will do to an organisation, lets the cycle run, and holds the one against the other. */
export async function holdPredictions(
  ground: Ground,
  organisation: PredictedOrganisation,
  { switches, told }: Omit<PredictionCase, 'name'>,
): Promise<Held> {
  const world = await startWorld(ground, { seed: organisation.seed, forests, switches });
  try {
    await foundFirstWave(world, organisation);
    await makeGo(world, organisation);
    await writeSecondWave(world, organisation);
    await makeOdd(world, organisation);
    const objects = await readBothSides(world);
    const predictions = predictExport(objects, settingsFor(told));
    const earlier = before(world);
    await world.cycle();
    const held = compare(predictions, happened(world, earlier), organisation);
    const differing = inTwoReadings(objects, told, predictions);
    return { ...held, broken: [...held.broken, ...differing] };
  } finally {
    await world.stop();
  }
}

export const settingsFor = (told: Partial<TenantBehaviour>): PredictionSettings => ({
  verifiedDomains: [...forests, initialDomain],
  initialDomain,
  now: '2026-11-29T00:00:00Z',
  inactiveDays: 90,
  userNameAttribute: 'userPrincipalName',
  matchOption: { by: 'objectSid-msExchMasterAccountSid' },
  scope: null,
  tenant: { ...unknownBehaviour, ...told },
  directory: 'whole',
  exchangeAuthority: 'on-premises',
});

/** The same objects in the order in which they come, and Entra before Active Directory. */
function inTwoReadings(
  objects: readonly AuditObject[],
  told: Partial<TenantBehaviour>,
  predictions: readonly Prediction[],
): string[] {
  return [objects, objects.toReversed()].flatMap((order) => {
    const run = startPrediction(settingsFor(told));
    for (const object of order) run.first(object);
    const found = order.flatMap((object, ordinal) => (run.needsSecond(ordinal) ? run.second(ordinal, object) : []));
    const read = new Set([...found, ...run.finish()].map(inWords));
    const all = new Set(predictions.map(inWords));
    const missing = [...all].find((line) => !read.has(line));
    const extra = [...read].find((line) => !all.has(line));
    return [
      ...(missing === undefined ? [] : [`not said after two readings: ${missing}`]),
      ...(extra === undefined ? [] : [`said after two readings only: ${extra}`]),
    ];
  });
}

const inWords = ({ object, outcome, certainty, attribute, value, oneOf = '' }: Prediction): string =>
  [object.name, outcome, certainty, attribute, value, oneOf].join(' | ');

function compare(
  predictions: readonly Prediction[],
  happenings: readonly Happening[],
  organisation: PredictedOrganisation,
): Held {
  const isCertain = (prediction: Prediction): boolean => prediction.certainty === 'certain';
  const came = (prediction: Prediction): boolean => happenings.some((happening) => isThat(prediction, happening));
  const unforeseen = happenings.filter((happening) => !predictions.some((prediction) => isThat(prediction, happening)));
  const failed = predictions.filter((prediction) => isCertain(prediction) && !came(prediction));
  const groups = [
    ...Map.groupBy(
      predictions.filter(({ oneOf }) => oneOf !== undefined),
      ({ oneOf }) => oneOf,
    ),
  ];
  const empty = groups.filter(([, members]) => !members.some(came));
  const possible = predictions.filter((prediction) => !isCertain(prediction));
  const broken = [
    ...unforeseen.map((happening) => `not predicted: ${JSON.stringify(happening)}`),
    ...failed.map((prediction) => `certain, and did not happen: ${JSON.stringify(prediction)}`),
    ...empty.map(([, members]) => `none of these happened: ${JSON.stringify(members)}`),
  ];
  return {
    reached: [
      ...predictions.filter(came).map(({ certainty, outcome }) => `${certainty} ${outcome}`),
      ...groups.map(() => 'one of these'),
    ],
    certain: predictions.length - possible.length,
    possible: possible.length,
    cameTrue: possible.filter(came).length,
    broken: broken.map(
      (line) =>
        `${line}\n${describeOrganisation(organisation)}\noddities: ${JSON.stringify(organisation.oddities)}\nhappened: ${JSON.stringify(happenings)}`,
    ),
  };
}

const aboutTheWhole: ReadonlySet<Outcome> = new Set([
  'SoftMatch',
  'HardMatch',
  'LargeObject',
  'ObjectTypeMismatch',
  'ExistingAdminRoleConflict',
  'InvalidHardMatch',
  'OutOfScope',
]);

function isThat({ object, outcome, value }: Prediction, happening: Happening): boolean {
  const id = object.origin?.side === 'entra' ? object.origin.id : object.sourceAnchor;
  const isSame = outcome === happening.outcome || (outcome === 'HardMatch' && happening.outcome === 'SoftMatch');
  if (id !== happening.object || !isSame) return false;
  return aboutTheWhole.has(outcome) || bareAddress(value ?? '').trim() === happening.value;
}
