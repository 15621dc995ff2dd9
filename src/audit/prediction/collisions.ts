import { type CloudHolder, type CloudObject, isGroup, isGuest } from './cloud-directory.ts';
import { type CollisionGround, nameOf, type ValueKind } from './collision-ground.ts';
import type { ExportUnit } from './export-units.ts';
import { allOf, anyOf, isSet, type Likelihood, not, notSurely } from './likelihood.ts';
import type { Prediction } from './prediction.ts';
import { lossOf, rivalPredictions } from './rival-predictions.ts';
import { type Asking, cloudRival, rivalUnits, unitRival } from './rivals.ts';
import { isUsable, type Wanted, weakened } from './wanted-values.ts';

/** Values that the unit asks for, and that another object has or asks for too. */
export function collisionsOf(unit: ExportUnit, ground: CollisionGround): Prediction[] {
  const { securityIdentifier: sid, sips } = unit;
  const ofSid = { attribute: 'objectSid', value: sid ?? '', key: sid ?? '', likely: 'yes' } as const;
  return [
    ...(sid === null ? [] : hardCollisions(unit, ground, 'securityIdentifier', ofSid)),
    ...sips.flatMap((wanted) => hardCollisions(unit, ground, 'sip', wanted)),
    ...ground.addressesOf(unit).flatMap((wanted) => addressCollisions(unit, ground, wanted)),
    ...userNameCollisions(unit, ground),
  ];
}

function hardCollisions(
  unit: ExportUnit,
  ground: CollisionGround,
  kind: 'sip' | 'securityIdentifier',
  wanted: Wanted,
): Prediction[] {
  const { key } = wanted;
  const { cloud } = ground.facts;
  const holders = kind === 'sip' ? cloud.ofSip(key) : cloud.ofSecurityIdentifier(key);
  if (unit.cloud !== null && holders.some(({ object }) => object === unit.cloud)) return [];
  const asks = allOf(wanted.likely, ground.asksSurely(unit, nameOf(kind, key)));
  const asking: Asking = { unit, ground, kind, wanted, asks };
  const rivals = holders.map((holder) =>
    cloudRival(asking, holder, ground.goesOnHolding(holder.object, kind, key, unit), 'yes'),
  );
  return rivalPredictions(asking, [...rivals, ...rivalUnits(asking, rivals, () => 'yes')]);
}

function addressCollisions(unit: ExportUnit, ground: CollisionGround, wanted: Wanted): Prediction[] {
  const { key } = wanted;
  const isShown = ground.showsAlready(unit, key);
  if (isShown === 'yes') return [];
  const asks = allOf(wanted.likely, not(isShown), ground.asksSurely(unit, nameOf('address', key)));
  const asking: Asking = { unit, ground, kind: 'address', wanted, asks };
  const yields = wanted.attribute === 'proxyAddresses' ? 'yes' : 'maybe';
  const holders = holdersOfName(unit, ground, key, 'address');
  const isYielding = ({ object, kind }: NameHolder): boolean =>
    unit.type === 'contact' && isGuest(object) && kind === 'address';
  const rivals = holders.map((holder) => {
    const resists = isYielding(holder) ? not(yields) : 'yes';
    const isHard = isHardAgainst(unit, ground, wanted, isGroup(holder.object), false);
    return cloudRival(asking, holder, allOf(holder.has, resists), isHard);
  });
  const others = rivalUnits(asking, rivals, ({ unit: other }) =>
    isHardAgainst(unit, ground, wanted, other.type === 'group', ground.isCreated(other) !== 'no'),
  );
  return [
    ...rivalPredictions(asking, [...rivals, ...others]),
    ...holders.filter(isYielding).flatMap((guest) => {
      const isStill = not(ground.mayBeTakenOver(guest.object, unit));
      return lossOf(guest, unit, allOf(asks, hasAsAddress(guest), yields, isStill), wanted);
    }),
  ];
}

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
  const { userName } = unit;
  if (userName === null) return [];
  const { key } = userName;
  const isAsking = allOf(userName.likely, ground.asksSurely(unit, nameOf('userName', key)));
  const groups = refusingGroups({ unit, ground, kind: 'address', wanted: userName, asks: isAsking });
  const wanted = weakened(
    userName,
    allOf(isUsable(userName, ground.facts.settings), not(ground.ignoresUserName(unit))),
  );
  const shown = unit.cloud?.origin.kind === 'soft-deleted' ? undefined : unit.cloud?.userPrincipalName;
  if (wanted === null || shown?.toLowerCase() === key) return groups;
  const asks = allOf(wanted.likely, ground.mayBeRefusedForGroup(unit, key) ? notSurely(isAsking) : isAsking);
  const asking: Asking = { unit, ground, kind: 'userName', wanted, asks };
  const isHard = allOf(not(ground.isCreated(unit)), asUpdated(unit, ground));
  const rivals = holdersOfName(unit, ground, key, 'userName').map((holder) =>
    cloudRival(asking, holder, holder.has, isHard),
  );
  return [...groups, ...rivalPredictions(asking, [...rivals, ...rivalUnits(asking, rivals, () => isHard)])];
}

/** A new user whose UPN is a group's address is refused. */
function refusingGroups(asking: Asking): Prediction[] {
  const { unit, ground, wanted, asks } = asking;
  const { key } = wanted;
  const isCreated = ground.isCreated(unit);
  if (unit.type !== 'user' || isCreated === 'no') return [];
  // Then the address itself has been predicted.
  if (ground.addressesOf(unit).some((address) => address.key === key && address.likely === 'yes')) return [];
  const present = ground.facts.cloud
    .ofAddress(key)
    .filter(({ object }) => isGroup(object))
    .map((holder) => {
      const stays = ground.goesOnHolding(holder.object, 'address', key, unit);
      return cloudRival(asking, holder, allOf(hasAsAddress(holder), stays, isCreated), 'yes');
    });
  const coming = ground
    .claimantsOf('address', key)
    .filter((other) => other.unit.type === 'group' && ground.showsAlready(other.unit, key) !== 'yes')
    .map((other) => unitRival({ ...asking, asks: notSurely(asks) }, other, 'yes', ''));
  return rivalPredictions(asking, [...present, ...coming]);
}

interface NameHolder extends CloudHolder {
  readonly kind: ValueKind;
  /** Whether it has the name, as `asked`, when the unit comes. */
  readonly has: Likelihood;
}

/** Of an address or a user name; the one counts for the other where the tenant has it so. */
function holdersOfName(
  unit: ExportUnit,
  ground: CollisionGround,
  key: string,
  asked: 'address' | 'userName',
): NameHolder[] {
  const { cloud, settings } = ground.facts;
  const isOne = isSet(settings.tenant.addressSpace, 'shared');
  const counts = (kind: 'address' | 'userName'): Likelihood => (kind === asked ? 'yes' : isOne);
  const stays = (object: CloudObject, kind: ValueKind): Likelihood => ground.goesOnHolding(object, kind, key, unit);
  return [
    ...cloud.ofAddress(key).map((holder) => ({
      ...holder,
      kind: 'address' as const,
      has: allOf(counts('address'), hasAsAddress(holder), stays(holder.object, 'address')),
    })),
    ...cloud.ofUserPrincipalName(key).map((holder) => ({
      ...holder,
      kind: 'userName' as const,
      has: allOf(counts('userName'), stays(holder.object, 'userName')),
    })),
  ].filter(({ object }) => object !== unit.cloud);
}

const hasAsAddress = ({ inputs }: CloudHolder): Likelihood =>
  inputs.some(({ attribute }) => attribute === 'proxyAddresses') ? 'yes' : 'maybe';
