import { domainOf } from '../../domain/proxy-address.ts';
import { type CloudDirectory, type CloudObject, isGroup, isSoftDeleted, shows } from './cloud-directory.ts';
import { type ExportUnit, isNew, possibleJoins } from './export-units.ts';
import { allOf, anyOf, isSet, type Likelihood, not } from './likelihood.ts';
import type { Match } from './matches.ts';
import { ignoresUserName } from './own-refusals.ts';
import type { PredictionSettings } from './prediction-settings.ts';
import type { Contest } from './rivals.ts';
import { aliasOf, isUsable, type Wanted, weakened } from './wanted-values.ts';

export type ValueKind = 'address' | 'userName' | 'sip' | 'securityIdentifier';

export interface Claimant {
  readonly unit: ExportUnit;
  readonly wanted: Wanted;
}

export interface Facts {
  readonly settings: PredictionSettings;
  readonly cloud: CloudDirectory;
  readonly units: readonly ExportUnit[];
  readonly matches: readonly Match[];
  /** Objects in Entra that go, since theirs in Active Directory left the scope. */
  readonly leaving: ReadonlySet<CloudObject>;
  /** Whether something of the unit by itself keeps it from being written. */
  readonly isRefused: (unit: ExportUnit) => Likelihood;
}

/** Who wants which value, who has it, and what each answer depends on. */
export class CollisionGround {
  readonly facts: Facts;
  readonly #unitOf = new Map<CloudObject, ExportUnit>();
  readonly #matchesOf = new Map<ExportUnit, Match[]>();
  readonly #joinersOf = new Map<CloudObject, ExportUnit[]>();
  readonly #claimants = new Map<string, Claimant[]>();
  readonly #addresses = new Map<ExportUnit, readonly Wanted[]>();
  readonly #joins: ReadonlyMap<ExportUnit, ReadonlySet<ExportUnit>>;
  /** Worked out once for all that ask. */
  readonly contests = new Map<string, Contest>();
  readonly #hardValues = new Map<ExportUnit, ReadonlySet<string>>();

  constructor(facts: Facts) {
    this.facts = facts;
    this.#joins = possibleJoins(facts.units);
    for (const unit of facts.units) {
      if (unit.cloud !== null) this.#unitOf.set(unit.cloud, unit);
      for (const guess of unit.guesses) this.#unitOf.set(guess, unit);
    }
    for (const match of facts.matches) {
      add(this.#matchesOf, match.unit, match);
      if (match.joins !== 'no') add(this.#joinersOf, match.target, match.unit);
    }
    for (const unit of facts.units) this.#claimFixed(unit);
    for (const unit of facts.units) this.#claimCalculated(unit);
  }

  /** SMTP addresses that the unit yields by whatever input. */
  addressesOf(unit: ExportUnit): readonly Wanted[] {
    return this.#addresses.get(unit) ?? [];
  }

  claimantsOf(kind: ValueKind, key: string): readonly Claimant[] {
    return this.#claimants.get(`${kind} ${key}`) ?? [];
  }

  /** Nobody in Entra has the value in any way. */
  isFree(kind: ValueKind, key: string): boolean {
    const { cloud } = this.facts;
    switch (kind) {
      case 'sip':
        return cloud.ofSip(key).length === 0;
      case 'securityIdentifier':
        return cloud.ofSecurityIdentifier(key).length === 0;
      case 'address':
      case 'userName':
        return cloud.ofAddress(key).length + cloud.ofUserPrincipalName(key).length === 0;
    }
  }

  matchesOf(unit: ExportUnit): readonly Match[] {
    return this.#matchesOf.get(unit) ?? [];
  }

  mayBeJoined(one: ExportUnit, other: ExportUnit): boolean {
    return this.#joins.get(one)?.has(other) ?? false;
  }

  /** Whether an object in Entra is, or becomes, the unit's own. */
  isItself(unit: ExportUnit, object: CloudObject): Likelihood {
    if (object === unit.cloud) return 'yes';
    if (unit.guesses.includes(object)) return 'maybe';
    const owner = this.#unitOf.get(object);
    if (owner !== undefined && this.mayBeJoined(unit, owner)) return 'maybe';
    return anyOf('no', ...this.matchesOf(unit).map(({ target, joins }) => (target === object ? joins : 'no')));
  }

  /** Whether another unit may join the object before. */
  mayBeTakenOver(object: CloudObject, asking: ExportUnit): Likelihood {
    const others = (this.#joinersOf.get(object) ?? []).filter((joiner) => joiner !== asking);
    return others.length > 0 ? 'maybe' : 'no';
  }

  /** Whether the unit is created by the export. */
  isCreated(unit: ExportUnit): Likelihood {
    return allOf(isNew(unit), ...this.matchesOf(unit).map(({ joins }) => not(joins)));
  }

  /** Whether the unit's object in Entra shows the address already. */
  showsAlready(unit: ExportUnit, key: string): Likelihood {
    const { cloud, guesses } = unit;
    if (cloud !== null && !isSoftDeleted(cloud) && shows(cloud, key)) return 'yes';
    return guesses.some((guess) => shows(guess, key)) ? 'maybe' : 'no';
  }

  /** Whether the tenant leaves the user name as it is. */
  ignoresUserName(unit: ExportUnit): Likelihood {
    const { settings } = this.facts;
    if (unit.cloud !== null) return ignoresUserName(unit.cloud.origin.licensed, settings);
    const targets = this.matchesOf(unit).map(({ target, joins }) =>
      allOf(joins, ignoresUserName(target.origin.licensed, settings)),
    );
    return anyOf('no', ...targets);
  }

  /** Whether who has a value in Entra today has it still when `asking` is exported. */
  goesOnHolding(object: CloudObject, kind: ValueKind, key: string, asking: ExportUnit): Likelihood {
    const { settings, leaving } = this.facts;
    if (isSoftDeleted(object)) {
      if (kind === 'securityIdentifier') return 'yes';
      return kind === 'userName' ? 'no' : isSet(settings.tenant.softDeletedAddresses, 'held');
    }
    if (leaving.has(object)) return 'maybe';
    const isKept = kind === 'address' && domainOf(key) === settings.initialDomain && shows(object, key);
    const unit = this.#unitOf.get(object);
    if (unit !== undefined && unit !== asking) {
      if (this.#joins.has(unit)) return 'maybe';
      return isKept ? 'yes' : this.#stillWants(unit, kind, key);
    }
    if (object.origin.kind === 'synchronised') return settings.directory === 'whole' ? 'maybe' : 'yes';
    const joiners = (this.#joinersOf.get(object) ?? []).filter((joiner) => joiner !== asking);
    return isKept ? 'yes' : allOf('yes', ...joiners.map((joiner) => this.#stillWants(joiner, kind, key)));
  }

  /** Whether the unit will ask for the value in any case: nothing else of it may have it refused as a whole. */
  asksSurely(unit: ExportUnit, value: string): Likelihood {
    const isWritten = this.facts.isRefused(unit) === 'no' && !unit.anchorIsShared && !this.#joins.has(unit);
    const others = [...this.hardValuesOf(unit)].filter((hard) => hard !== value);
    return isWritten && others.length === 0 ? 'yes' : 'maybe';
  }

  /** Values of the unit for which it may be refused as a whole, instead of losing the value alone. */
  hardValuesOf(unit: ExportUnit): ReadonlySet<string> {
    const known = this.#hardValues.get(unit);
    if (known !== undefined) return known;
    const values = new Set<string>();
    const { sips, securityIdentifier, userName, cloud } = unit;
    const { cloud: directory } = this.facts;
    const isContested = (kind: ValueKind, key: string, holders: readonly { object: CloudObject }[]): boolean =>
      holders.some(({ object }) => object !== cloud) ||
      this.claimantsOf(kind, key).some((other) => other.unit !== unit);
    for (const { key } of sips) if (isContested('sip', key, directory.ofSip(key))) values.add(nameOf('sip', key));
    if (
      securityIdentifier !== null &&
      isContested('securityIdentifier', securityIdentifier, directory.ofSecurityIdentifier(securityIdentifier))
    ) {
      values.add(nameOf('securityIdentifier', securityIdentifier));
    }
    for (const { key } of [...this.addressesOf(unit), ...(userName === null ? [] : [userName])]) {
      if (this.#mayBeHard(unit, key)) values.add(nameOf('address', key));
    }
    this.#hardValues.set(unit, values);
    return values;
  }

  /** A new user against a group's address. */
  mayBeRefusedForGroup(unit: ExportUnit, key: string): boolean {
    if (unit.type !== 'user' || this.isCreated(unit) === 'no') return false;
    return (
      this.facts.cloud.ofAddress(key).some(({ object }) => isGroup(object)) ||
      this.claimantsOf('address', key).some((other) => other.unit.type === 'group')
    );
  }

  #mayBeHard(unit: ExportUnit, key: string): boolean {
    const { cloud, settings } = this.facts;
    const isAnother = (other: Claimant): boolean => other.unit !== unit;
    const isAnotherHolder = ({ object }: { object: CloudObject }): boolean => object !== unit.cloud;
    if (this.mayBeRefusedForGroup(unit, key)) return true;
    const claimants = this.claimantsOf('address', key);
    if (unit.type === 'group' && this.isCreated(unit) !== 'no') {
      const isNewGroup = (other: Claimant): boolean =>
        other.unit.type === 'group' && this.isCreated(other.unit) !== 'no';
      if (claimants.some((other) => isAnother(other) && isNewGroup(other))) return true;
    }
    if (settings.tenant.updateCollision === 'quarantine' || unit.mode === 'hardMatch') return false;
    if (unit.mode === 'new' && unit.guesses.length === 0) return false;
    return (
      cloud.ofAddress(key).some(isAnotherHolder) ||
      cloud.ofUserPrincipalName(key).some(isAnotherHolder) ||
      claimants.some(isAnother) ||
      this.claimantsOf('userName', key).some(isAnother)
    );
  }

  #stillWants(unit: ExportUnit, kind: ValueKind, key: string): Likelihood {
    const isThis = (wanted: Wanted | null): Likelihood => (wanted?.key === key ? wanted.likely : 'no');
    const anyway = (likelihood: Likelihood): Likelihood => (likelihood === 'yes' ? 'yes' : 'maybe');
    switch (kind) {
      case 'userName':
        return anyway(isThis(unit.userName));
      case 'sip':
        return anyway(anyOf('no', ...unit.sips.map(isThis)));
      case 'securityIdentifier':
        return unit.securityIdentifier === key ? 'yes' : 'maybe';
      case 'address':
        return anyway(anyOf('no', ...this.addressesOf(unit).map(isThis)));
    }
  }

  #claimFixed(unit: ExportUnit): void {
    const { addresses, userName, sips, securityIdentifier } = unit;
    this.#addresses.set(unit, addresses);
    for (const wanted of addresses) this.#claim('address', unit, wanted);
    for (const wanted of sips) this.#claim('sip', unit, wanted);
    const usable = userName && weakened(userName, isUsable(userName, this.facts.settings));
    if (usable !== null) this.#claim('userName', unit, usable);
    if (securityIdentifier !== null) {
      const wanted = {
        attribute: 'objectSid',
        value: securityIdentifier,
        key: securityIdentifier,
        likely: 'yes',
      } as const;
      this.#claim('securityIdentifier', unit, wanted);
    }
  }

  /** Addresses that Entra makes of other names: of `mail` in place of a taken primary address, and of a recipient's UPN. */
  #claimCalculated(unit: ExportUnit): void {
    const calculated: Wanted[] = [];
    const { mailInstead, primary } = unit;
    if (mailInstead !== null && primary !== null && this.#isContestedAddress(unit, primary.key)) {
      calculated.push({ ...mailInstead, likely: 'maybe' });
    }
    const ofName = this.#addressOfUserName(unit);
    if (ofName !== null) calculated.push(ofName);
    const own = this.addressesOf(unit);
    const more = calculated.filter(({ key }) => !own.some((wanted) => wanted.key === key));
    if (more.length === 0) return;
    this.#addresses.set(unit, [...own, ...more]);
    for (const wanted of more) this.#claim('address', unit, wanted);
  }

  #isContestedAddress(unit: ExportUnit, key: string): boolean {
    return (
      this.facts.cloud.ofAddress(key).some(({ object }) => object !== unit.cloud) ||
      this.facts.cloud.ofUserPrincipalName(key).some(({ object }) => object !== unit.cloud) ||
      this.claimantsOf('address', key).some((other) => other.unit !== unit)
    );
  }

  /** A recipient has its UPN among its addresses, whatever that becomes (KB 3190357). */
  #addressOfUserName(unit: ExportUnit): Wanted | null {
    const { userName, objects } = unit;
    const { settings, cloud } = this.facts;
    const recipient = this.#isRecipient(unit);
    if (userName === null || recipient === 'no') return null;
    const usable = isUsable(userName, settings);
    if (usable === 'no') {
      const alias = aliasOf(objects[0], userName);
      if (alias === null || settings.initialDomain === null) return null;
      const value = `${alias}@${settings.initialDomain}`;
      return { attribute: userName.attribute, value, key: value.toLowerCase(), likely: 'maybe' };
    }
    const isContested =
      cloud.ofUserPrincipalName(userName.key).some(({ object }) => object !== unit.cloud) ||
      this.claimantsOf('userName', userName.key).some((other) => other.unit !== unit);
    const isShown = unit.cloud?.userPrincipalName?.toLowerCase() === userName.key;
    const follows = isShown ? 'yes' : not(this.ignoresUserName(unit));
    return weakened(userName, allOf(recipient, usable, follows, isShown || !isContested ? 'yes' : 'maybe'));
  }

  #isRecipient({ type, objects, cloud, mode }: ExportUnit): Likelihood {
    if (type !== 'user') return 'no';
    const isOnPremises = objects.some(
      ({ msExchRecipientTypeDetails, others }) =>
        msExchRecipientTypeDetails !== undefined ||
        others?.['msExchRemoteRecipientType'] !== undefined ||
        others?.['msExchMailboxGuid'] !== undefined,
    );
    if (isOnPremises) return objects.length === 1 ? 'yes' : 'maybe';
    // A licence may be one without Exchange; an address at the initial domain is given to recipients alone.
    const { initialDomain } = this.facts.settings;
    const hasRouting = cloud?.proxyAddresses.some((value) => domainOf(value) === initialDomain) ?? false;
    const isLicensed = cloud?.origin.licensed;
    if (mode === 'update' && isLicensed === true && hasRouting) return 'yes';
    if (objects.some(({ homeMDB }) => homeMDB !== undefined)) return 'maybe';
    if (cloud === null) return maybeIf(this.#hasTarget(objects[0]));
    return maybeIf(isLicensed !== false || hasRouting);
  }

  #hasTarget(object: ExportUnit['objects'][0]): boolean {
    return this.facts.matches.some(({ unit, joins }) => unit.objects[0] === object && joins !== 'no');
  }

  #claim(kind: ValueKind, unit: ExportUnit, wanted: Wanted): void {
    add(this.#claimants, `${kind} ${wanted.key}`, { unit, wanted });
  }
}

const maybeIf = (mayBe: boolean): Likelihood => (mayBe ? 'maybe' : 'no');

/** A user name and an address of one text are one value here: a user is refused for both by the same group. */
export const nameOf = (kind: ValueKind, key: string): string =>
  kind === 'userName' || kind === 'address' ? `name ${key}` : `${kind} ${key}`;

function add<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
