import { sourceAnchorOf } from '../claims.ts';
import { type Holder, type ObjectReference, referenceOf } from '../finding.ts';
import type { CloudHolder, CloudObject } from './cloud-directory.ts';
import { type Claimant, type CollisionGround, nameOf, type ValueKind } from './collision-ground.ts';
import type { ExportUnit } from './export-units.ts';
import { allOf, isSet, type Likelihood, not, notSurely } from './likelihood.ts';
import type { Wanted } from './wanted-values.ts';

/** A unit that asks for a value. */
export interface Asking {
  readonly unit: ExportUnit;
  readonly ground: CollisionGround;
  readonly kind: ValueKind;
  readonly wanted: Wanted;
  /** Whether it asks in any case, and nothing else of it makes the question void. */
  readonly asks: Likelihood;
}

/** Who stands against the unit: an object in Entra, or another that is exported in the same cycle. */
export interface Rival {
  readonly holder: Holder;
  /** Whether the value is taken when the unit comes, unless the rival is itself or makes it refused. */
  readonly takes: Likelihood;
  /** Whether the rival is not the unit itself in the end. */
  readonly isOther: Likelihood;
  /** Whether the unit is refused as a whole, or else loses the value alone. */
  readonly isHard: Likelihood;
  /** Of the predictions of this name one comes true if all else is sure; empty: that cannot be said. */
  readonly group: string;
}

/** Whether the value is taken from the unit by this rival. */
export const wins = ({ takes, isOther }: Rival): Likelihood => allOf(takes, isOther);

/**
 * An object that has the value in Entra.
 * @param has whether what it shows there counts, and goes on counting
 */
export function cloudRival(
  { unit, ground, kind, wanted, asks }: Asking,
  { object, inputs }: CloudHolder,
  has: Likelihood,
  isHard: Likelihood,
): Rival {
  const match = ground.matchesOf(unit).find(({ target }) => target === object);
  return {
    holder: { object: cloudReference(object), inputs },
    takes: allOf(asks, has),
    isOther: allOf(not(ground.isItself(unit, object)), not(match?.mismatches ?? 'no')),
    isHard,
    group: match === undefined ? `${idOf(unit)} ${nameOf(kind, wanted.key)}` : matchGroup(unit, object),
  };
}

/**
 * Others that ask for the value in the same cycle: the order of an export is unspecified, so that either may lose. None where
 * somebody has it for certain.
 */
export function rivalUnits(
  asking: Asking,
  inCloud: readonly Rival[],
  isHard: (other: Claimant) => Likelihood,
): Rival[] {
  if (inCloud.some((rival) => wins(rival) === 'yes')) return [];
  const { unit } = asking;
  const { claimants, group } = contestOf(asking);
  return [
    ...claimants.filter((other) => other.unit !== unit).map((other) => unitRival(asking, other, isHard(other), group)),
    ...crossingClaimants(asking).map((other) => unitRival(asking, other, isHard(other), '')),
  ];
}

/** Those that ask for one value, which none of them has. */
export interface Contest {
  /** Of very many alike some stand for all. */
  readonly claimants: readonly Claimant[];
  readonly group: string;
}

function contestOf(asking: Asking): Contest {
  const { ground, kind, wanted } = asking;
  const name = `${kind} ${wanted.key}`;
  const known = ground.contests.get(name);
  if (known !== undefined) return known;
  const claimants = ground.claimantsOf(kind, wanted.key).filter((claimant) => !hasAlready(claimant, asking));
  const isOpen = ground.isFree(kind, wanted.key) && isContestSure(claimants, asking);
  const contest = { claimants: someOfEach(claimants, ground), group: isOpen ? name : '' };
  ground.contests.set(name, contest);
  return contest;
}

const alikeAtMost = 100;

/** What a rival does depends on its type, and on whether it is new. */
function someOfEach(claimants: readonly Claimant[], ground: CollisionGround): readonly Claimant[] {
  const alike = Map.groupBy(claimants, ({ unit }) => `${unit.type} ${ground.isCreated(unit)}`);
  return [...alike.values()].flatMap((some) => some.slice(0, alikeAtMost));
}

/** Then it is in Entra that it stands in the way. */
function hasAlready({ unit }: Claimant, { ground, kind, wanted }: Asking): boolean {
  if (kind === 'address') return ground.showsAlready(unit, wanted.key) === 'yes';
  return kind === 'userName' && unit.cloud?.userPrincipalName?.toLowerCase() === wanted.key;
}

export function unitRival({ unit, ground, asks }: Asking, other: Claimant, isHard: Likelihood, group: string): Rival {
  const { attribute, value } = other.wanted;
  return {
    holder: { object: other.unit.reference, inputs: [{ attribute, value }] },
    takes: notSurely(asks),
    isOther: ground.mayBeJoined(unit, other.unit) ? 'maybe' : 'yes',
    isHard,
    group,
  };
}

/** Two of them surely ask, so that one of them surely loses. */
function isContestSure(contest: readonly Claimant[], { ground, kind, wanted: { key } }: Asking): boolean {
  const sure = contest.filter(({ unit, wanted }) => {
    const isIgnored = kind === 'userName' ? ground.ignoresUserName(unit) : 'no';
    const isShown = kind === 'address' ? ground.showsAlready(unit, key) : 'no';
    return allOf(wanted.likely, ground.asksSurely(unit, nameOf(kind, key)), not(isIgnored), not(isShown)) === 'yes';
  });
  return sure.some(({ unit }, index) => sure.slice(index + 1).some((other) => !ground.mayBeJoined(unit, other.unit)));
}

/** Where a UPN counts as an address, those that ask for it as the other. */
function crossingClaimants({ unit, ground, kind, wanted }: Asking): readonly Claimant[] {
  if (isSet(ground.facts.settings.tenant.addressSpace, 'shared') === 'no') return [];
  if (kind !== 'address' && kind !== 'userName') return [];
  const others = ground.claimantsOf(kind === 'address' ? 'userName' : 'address', wanted.key);
  return someOfEach(others, ground).filter((other) => other.unit !== unit);
}

export const matchGroup = (unit: ExportUnit, target: CloudObject): string => `match ${idOf(unit)} ${target.origin.id}`;

const idOf = ({ reference }: ExportUnit): string =>
  reference.objectGUID ?? reference.distinguishedName ?? reference.sourceAnchor ?? reference.name;

export const cloudReference = (object: CloudObject): ObjectReference => referenceOf(object, sourceAnchorOf(object));
