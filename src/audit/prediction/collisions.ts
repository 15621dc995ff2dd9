import { sourceAnchorOf } from '../claims.ts';
import { type Holder, type ObjectReference, referenceOf } from '../finding.ts';
import { type CloudHolder, type CloudObject, isGroup, isGuest } from './cloud-directory.ts';
import { type Claimant, type CollisionGround, nameOf, type ValueKind } from './collision-ground.ts';
import type { ExportUnit } from './export-units.ts';
import { allOf, anyOf, isSet, type Likelihood, not, notSurely } from './likelihood.ts';
import type { Outcome, Prediction } from './prediction.ts';
import { isUsable, type Wanted, weakened } from './wanted-values.ts';

/** Values that the unit asks for, and that another object has or asks for too. */
export function collisionsOf(unit: ExportUnit, ground: CollisionGround): Prediction[] {
  const { cloud } = ground.facts;
  const { securityIdentifier: sid } = unit;
  return [
    ...(sid === null
      ? []
      : hardCollisions(
          unit,
          ground,
          'securityIdentifier',
          { attribute: 'objectSid', value: sid, key: sid, likely: 'yes' },
          cloud.ofSecurityIdentifier(sid),
        )),
    ...unit.sips.flatMap((wanted) => hardCollisions(unit, ground, 'sip', wanted, cloud.ofSip(wanted.key))),
    ...ground.addressesOf(unit).flatMap((wanted) => addressCollisions(unit, ground, wanted)),
    ...userNameCollisions(unit, ground),
  ];
}

/** Who stands against the unit: an object in Entra, or another that is exported in the same cycle. */
interface Rival {
  readonly holder: Holder;
  /** Whether the value is taken when the unit comes, unless the rival is itself or makes it refused. */
  readonly takes: Likelihood;
  /** Whether the rival is not the unit itself in the end. */
  readonly isOther: Likelihood;
  /** Whether the unit is refused as a whole, or else loses the value alone. */
  readonly isHard: Likelihood;
  /** Of the predictions of this name one comes true if all else is sure. */
  readonly group: string;
}

function hardCollisions(
  unit: ExportUnit,
  ground: CollisionGround,
  kind: 'sip' | 'securityIdentifier',
  wanted: Wanted,
  holders: readonly CloudHolder[],
): Prediction[] {
  if (unit.cloud !== null && holders.some(({ object }) => object === unit.cloud)) return [];
  const asks = allOf(wanted.likely, ground.asksSurely(unit, nameOf(kind, wanted.key)));
  const rivals = holders.map(({ object, inputs }) =>
    cloudRival(
      unit,
      ground,
      object,
      inputs,
      kind,
      wanted,
      allOf(asks, ground.goesOnHolding(object, kind, wanted.key, unit)),
      'yes',
    ),
  );
  return predictionsOf(unit, wanted, kind, [
    ...rivals,
    ...rivalUnits(unit, ground, kind, wanted, asks, rivals, () => 'yes'),
  ]);
}

function addressCollisions(unit: ExportUnit, ground: CollisionGround, wanted: Wanted): Prediction[] {
  const { key } = wanted;
  const { cloud, settings } = ground.facts;
  const isShown = ground.showsAlready(unit, key);
  if (isShown === 'yes') return [];
  const asks = allOf(wanted.likely, not(isShown), ground.asksSurely(unit, nameOf('address', key)));
  const sharesNames = isSet(settings.tenant.addressSpace, 'shared');
  const holders = [
    ...cloud.ofAddress(key).map((holder) => ({ ...holder, has: hasAsAddress(holder), kind: 'address' as const })),
    ...cloud.ofUserPrincipalName(key).map((holder) => ({ ...holder, has: sharesNames, kind: 'userName' as const })),
  ].filter(({ object, has }) => object !== unit.cloud && has !== 'no');
  const guests = holders.filter(({ object, kind }) => unit.type === 'contact' && isGuest(object) && kind === 'address');
  const yields = wanted.attribute === 'proxyAddresses' ? 'yes' : 'maybe';
  const rivals = holders.map(({ object, inputs, has, kind }) => {
    const stays = ground.goesOnHolding(object, kind, key, unit);
    const resists = guests.some((guest) => guest.object === object) ? not(yields) : 'yes';
    const takes = allOf(asks, has, stays, resists);
    return cloudRival(
      unit,
      ground,
      object,
      inputs,
      'address',
      wanted,
      takes,
      isHardAgainst(unit, ground, wanted, isGroup(object), false),
    );
  });
  const others = rivalUnits(unit, ground, 'address', wanted, asks, rivals, ({ unit: other }) =>
    isHardAgainst(unit, ground, wanted, other.type === 'group', ground.isCreated(other) !== 'no'),
  );
  return [
    ...predictionsOf(unit, wanted, 'address', [...rivals, ...others]),
    ...guests.flatMap((guest) => {
      const isStill = not(ground.mayBeTakenOver(guest.object, unit));
      return lossOf(guest, unit, allOf(asks, hasAsAddress(guest), yields, isStill), wanted);
    }),
  ];
}

const hasAsAddress = ({ inputs }: CloudHolder): Likelihood =>
  inputs.some(({ attribute }) => attribute === 'proxyAddresses') ? 'yes' : 'maybe';

/**
 * Exceptions from quarantine ("duplicate attribute resiliency", known issues): a new user against a group, and of two new
 * groups the second, for this cycle. What an update meets is a matter of the tenant's behaviour.
 */
function isHardAgainst(
  unit: ExportUnit,
  ground: CollisionGround,
  { attribute }: Wanted,
  isAgainstGroup: boolean,
  isAgainstNew: boolean,
): Likelihood {
  const isCreated = ground.isCreated(unit);
  const isException = isAgainstGroup && (unit.type === 'user' || (unit.type === 'group' && isAgainstNew));
  const asCreated = isException ? (attribute === 'mail' ? notSurely(isCreated) : isCreated) : 'no';
  return anyOf(asCreated, allOf(not(isCreated), asUpdated(unit, ground)));
}

/** One that is in quarantine already stays there, whatever new ones meet; a match is no update. */
const asUpdated = ({ mode, guesses }: ExportUnit, { facts }: CollisionGround): Likelihood =>
  mode === 'update' || (mode === 'new' && guesses.length > 0)
    ? notSurely(isSet(facts.settings.tenant.updateCollision, 'hardError'))
    : 'no';

function userNameCollisions(unit: ExportUnit, ground: CollisionGround): Prediction[] {
  const { settings, cloud } = ground.facts;
  const { userName } = unit;
  if (userName === null) return [];
  const { key } = userName;
  const isAsking = allOf(userName.likely, ground.asksSurely(unit, nameOf('userName', key)));
  const groups = refusingGroups(unit, ground, userName, isAsking);
  const asks = ground.mayBeRefusedForGroup(unit, key) ? notSurely(isAsking) : isAsking;
  const wanted = weakened(userName, allOf(isUsable(userName, settings), not(ground.ignoresUserName(unit))));
  const shown = unit.cloud?.origin.kind === 'soft-deleted' ? undefined : unit.cloud?.userPrincipalName;
  if (wanted === null || shown?.toLowerCase() === key) return groups;
  const sharesNames = isSet(settings.tenant.addressSpace, 'shared');
  const holders = [
    ...cloud.ofUserPrincipalName(key).map((holder) => ({ ...holder, has: 'yes' as const, kind: 'userName' as const })),
    ...cloud
      .ofAddress(key)
      .map((holder) => ({ ...holder, has: allOf(sharesNames, hasAsAddress(holder)), kind: 'address' as const })),
  ].filter(({ object, has }) => object !== unit.cloud && has !== 'no');
  const isHard = allOf(not(ground.isCreated(unit)), asUpdated(unit, ground));
  const rivals = holders.map(({ object, inputs, has, kind }) => {
    const takes = allOf(asks, wanted.likely, has, ground.goesOnHolding(object, kind, key, unit));
    return cloudRival(unit, ground, object, inputs, 'userName', wanted, takes, isHard);
  });
  const others = rivalUnits(unit, ground, 'userName', wanted, allOf(asks, wanted.likely), rivals, () => isHard);
  return [...groups, ...predictionsOf(unit, wanted, 'userName', [...rivals, ...others])];
}

/** A new user whose UPN is a group's address is refused. */
function refusingGroups(unit: ExportUnit, ground: CollisionGround, userName: Wanted, asks: Likelihood): Prediction[] {
  const { key } = userName;
  const isCreated = ground.isCreated(unit);
  if (unit.type !== 'user' || isCreated === 'no') return [];
  // Then the address itself has been predicted.
  if (ground.addressesOf(unit).some((wanted) => wanted.key === key && wanted.likely === 'yes')) return [];
  const present = ground.facts.cloud.ofAddress(key).filter(({ object }) => isGroup(object));
  const rivals: Rival[] = present.map(({ object, inputs }) =>
    cloudRival(
      unit,
      ground,
      object,
      inputs,
      'address',
      userName,
      allOf(asks, hasAsAddress({ object, inputs }), ground.goesOnHolding(object, 'address', key, unit), isCreated),
      'yes',
    ),
  );
  const coming = ground
    .claimantsOf('address', key)
    .filter(
      (other) => other.unit !== unit && other.unit.type === 'group' && ground.showsAlready(other.unit, key) !== 'yes',
    );
  const arriving = coming.map((other) => unitRival(unit, ground, other, notSurely(asks), 'yes', ''));
  return predictionsOf(unit, userName, 'address', [...rivals, ...arriving]);
}

function cloudRival(
  unit: ExportUnit,
  ground: CollisionGround,
  object: CloudObject,
  inputs: CloudHolder['inputs'],
  kind: ValueKind,
  wanted: Wanted,
  takes: Likelihood,
  isHard: Likelihood,
): Rival {
  const match = ground.matchesOf(unit).find(({ target }) => target === object);
  const isOther = allOf(not(ground.isItself(unit, object)), not(match?.mismatches ?? 'no'));
  const group = match === undefined ? `${idOf(unit)} ${nameOf(kind, wanted.key)}` : matchGroup(unit, object);
  return { holder: { object: cloudReference(object), inputs }, takes, isOther, isHard, group };
}

/** Others that ask for the value in the same cycle: the order of an export is unspecified, so that either may lose. */
function rivalUnits(
  unit: ExportUnit,
  ground: CollisionGround,
  kind: ValueKind,
  wanted: Wanted,
  asks: Likelihood,
  rivals: readonly Rival[],
  isHard: (other: Claimant) => Likelihood,
): Rival[] {
  if (rivals.some(({ takes, isOther }) => allOf(takes, isOther) === 'yes')) return [];
  const asking = ground
    .claimantsOf(kind, wanted.key)
    .filter((claimant) => kind !== 'address' || ground.showsAlready(claimant.unit, wanted.key) !== 'yes')
    .filter((claimant) => kind !== 'userName' || claimant.unit.cloud?.userPrincipalName?.toLowerCase() !== wanted.key);
  const others = asking.filter((claimant) => claimant.unit !== unit);
  const isOpen = ground.isFree(kind, wanted.key) && isContestSure(asking, ground, kind, wanted.key);
  const group = isOpen ? `${kind} ${wanted.key}` : '';
  const crossing = crossingClaimants(unit, ground, kind, wanted.key);
  return [
    ...others.map((other) => unitRival(unit, ground, other, notSurely(asks), isHard(other), group)),
    ...crossing.map((other) => unitRival(unit, ground, other, notSurely(asks), isHard(other), '')),
  ];
}

/** Two of them surely ask, so that one of them surely loses. */
function isContestSure(asking: readonly Claimant[], ground: CollisionGround, kind: ValueKind, key: string): boolean {
  const sure = asking.filter(({ unit, wanted }) => {
    const isIgnored = kind === 'userName' ? ground.ignoresUserName(unit) : 'no';
    const isShown = kind === 'address' ? ground.showsAlready(unit, key) : 'no';
    return allOf(wanted.likely, ground.asksSurely(unit, nameOf(kind, key)), not(isIgnored), not(isShown)) === 'yes';
  });
  return sure.some(({ unit }, index) => sure.slice(index + 1).some((other) => !ground.mayBeJoined(unit, other.unit)));
}

/** Where a UPN counts as an address, those that ask for it as the other. */
function crossingClaimants(
  unit: ExportUnit,
  ground: CollisionGround,
  kind: ValueKind,
  key: string,
): readonly Claimant[] {
  if (isSet(ground.facts.settings.tenant.addressSpace, 'shared') === 'no') return [];
  if (kind !== 'address' && kind !== 'userName') return [];
  const others = ground.claimantsOf(kind === 'address' ? 'userName' : 'address', key);
  return others.filter((other) => other.unit !== unit);
}

function unitRival(
  unit: ExportUnit,
  ground: CollisionGround,
  other: Claimant,
  takes: Likelihood,
  isHard: Likelihood,
  group: string,
): Rival {
  const { attribute, value } = other.wanted;
  return {
    holder: { object: other.unit.reference, inputs: [{ attribute, value }] },
    takes,
    isOther: ground.mayBeJoined(unit, other.unit) ? 'maybe' : 'yes',
    isHard,
    group,
  };
}

const isInEntra = ({ origin }: ObjectReference): boolean => origin?.side === 'entra';

function predictionsOf(unit: ExportUnit, wanted: Wanted, kind: ValueKind, rivals: readonly Rival[]): Prediction[] {
  const taking = rivals.filter(({ takes, isOther }) => allOf(takes, isOther) !== 'no');
  if (taking.length === 0) return [];
  const likely = anyOf(...taking.map(({ takes, isOther }) => allOf(takes, isOther)));
  const deciding = taking.find(({ takes, isOther }) => allOf(takes, isOther) === likely && likely === 'yes');
  const isHard = deciding === undefined ? mixed(taking.map((rival) => rival.isHard)) : deciding.isHard;
  const group = groupOf(taking, deciding);
  return (
    [
      ['AttributeValueMustBeUnique', isHard],
      [softOutcome[kind], not(isHard)],
    ] as const
  ).flatMap(([outcome, share]) => {
    const whether = allOf(likely, share);
    if (whether === 'no' || outcome === null) return [];
    const holders = taking.map(({ holder }) => holder);
    return [
      {
        object: unit.reference,
        outcome,
        certainty: whether === 'yes' ? 'certain' : 'possible',
        attribute: wanted.attribute,
        value: wanted.value,
        with: holders,
        ...(whether === 'maybe' && group !== '' ? { oneOf: group } : {}),
        message: messageOf(outcome, whether, wanted, taking, group),
      },
    ];
  });
}

/** Which of several will stand in the way is not known. */
const mixed = (parts: readonly Likelihood[]): Likelihood =>
  parts.every((part) => part === 'yes') ? 'yes' : parts.every((part) => part === 'no') ? 'no' : 'maybe';

function groupOf(taking: readonly Rival[], deciding: Rival | undefined): string {
  if (deciding !== undefined) return deciding.group;
  const sure = taking.find(({ takes, group }) => takes === 'yes' && group.startsWith('match '));
  return sure?.group ?? taking.find(({ holder, group }) => !isInEntra(holder.object) && group !== '')?.group ?? '';
}

const softOutcome: Readonly<Record<ValueKind, Outcome | null>> = {
  address: 'QuarantinedProxyAddress',
  userName: 'QuarantinedUserPrincipalName',
  sip: null,
  securityIdentifier: null,
};

const consequence: Partial<Readonly<Record<Outcome, string>>> = {
  QuarantinedProxyAddress: 'is quarantined: the object is written without it',
  QuarantinedUserPrincipalName: 'is quarantined: the user gets a placeholder for it',
  AttributeValueMustBeUnique: 'makes the export of the whole object fail, in each synchronisation again',
};

function messageOf(
  outcome: Outcome,
  whether: Likelihood,
  { value }: Wanted,
  taking: readonly Rival[],
  group: string,
): string {
  const inCloud = taking.filter(({ holder }) => isInEntra(holder.object));
  const named = (inCloud.length > 0 ? inCloud : taking).map(({ holder }) => holder.object.name);
  const who = `${named.slice(0, 3).join(', ')}${named.length > 3 ? ` and ${named.length - 3} more` : ''}`;
  const has = inCloud.length > 0 ? `${who} has it in Entra` : `${who} asks for it in the same synchronisation`;
  const doubt = group !== '' && inCloud.length === 0 ? 'For one of them' : 'Possibly';
  const effect = `${value} ${consequence[outcome]}, since ${has}.`;
  return whether === 'yes' ? effect : `${doubt}, ${effect}`;
}

function lossOf(guest: CloudHolder, unit: ExportUnit, likely: Likelihood, { value }: Wanted): Prediction[] {
  if (likely === 'no') return [];
  return [
    {
      object: cloudReference(guest.object),
      outcome: 'GuestLosesAddress',
      certainty: likely === 'yes' ? 'certain' : 'possible',
      attribute: 'proxyAddresses',
      value,
      with: [{ object: unit.reference, inputs: [{ attribute: 'proxyAddresses', value }] }],
      message: `The guest loses the address ${value} to the contact ${unit.reference.name}, without an error, and can then no longer redeem by one-time passcode.`,
    },
  ];
}

export const matchGroup = (unit: ExportUnit, target: CloudObject): string => `match ${idOf(unit)} ${target.origin.id}`;

const idOf = ({ reference }: ExportUnit): string =>
  reference.objectGUID ?? reference.distinguishedName ?? reference.sourceAnchor ?? reference.name;

export const cloudReference = (object: CloudObject): ObjectReference => referenceOf(object, sourceAnchorOf(object));
