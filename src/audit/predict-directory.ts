import { domainOf } from '../domain/proxy-address.ts';
import type { AuditKnowledge, AuditRun } from './audit.ts';
import { type AuditObject, objectTypeOf } from './audit-object.ts';
import { ClaimTable, comparedAs } from './claim-table.ts';
import { spaces } from './claims.ts';
import { outOfScope } from './out-of-scope.ts';
import { predictExport } from './predict-export.ts';
import { mayBeRefusedAlone } from './prediction/own-refusals.ts';
import type { Prediction } from './prediction/prediction.ts';
import type { PredictionSettings } from './prediction/prediction-settings.ts';
import { aliasOf, exportedUserName, isUsable, type Wanted } from './prediction/wanted-values.ts';
import { SharedValues } from './shared-values.ts';

/** As an `AuditRun`, but for what it answers. */
export interface PredictionRun extends Pick<AuditRun, 'first' | 'needsSecond'> {
  second(ordinal: number, object: AuditObject): readonly Prediction[];
  finish(): readonly Prediction[];
}

/**
 * `predictExport` over a whole directory, in two readings as an audit has them. Between the readings only hashes and a few
 * bits an object are kept; after them the objects that share a value with another, or whose own object in Entra decides what
 * becomes of them. The answers are those of `predictExport` for all objects at once.
 */
export function startPrediction(settings: PredictionSettings, knowledge: AuditKnowledge = {}): PredictionRun {
  return new TwoReadings(settings, knowledge);
}

/** What else brings objects together, beside the values that an audit compares. */
const joinedBy = { contactName: 100, matchOption: 101 } as const;

class TwoReadings implements PredictionRun {
  readonly #settings: PredictionSettings;
  readonly #joined: AuditKnowledge['joined'];
  readonly #values: SharedValues;
  readonly #facts = new ObjectFacts();
  readonly #kept: AuditObject[] = [];

  constructor(settings: PredictionSettings, { joined, seed = 0, newTable }: AuditKnowledge) {
    this.#settings = settings;
    this.#joined = joined;
    this.#values = new SharedValues({
      settings,
      newTable: () => newTable?.(seed) ?? new ClaimTable(seed),
      onAccountName: () => undefined,
    });
  }

  first(object: AuditObject): void {
    const ordinal = this.#values.add(object);
    const userName = object.origin?.side === 'entra' ? null : exportedUserName(object, this.#settings);
    claimFurther(object, userName, this.#settings, this.#values);
    this.#facts.add(this.#values.read.claimantOf(ordinal), factsOf(object, userName, this.#settings));
  }

  needsSecond(ordinal: number): boolean {
    this.#values.settle();
    const { read } = this.#values;
    return read.isWanted(ordinal) || this.#facts.areOfInterest(read.claimantOf(ordinal));
  }

  /** What can be said of an object that has nothing in common with another. */
  second(ordinal: number, object: AuditObject): readonly Prediction[] {
    const { read } = this.#values;
    if (!read.isWanted(ordinal) && !read.hasTwin(ordinal)) return predictExport([object], this.#settings, this.#joined);
    this.#kept.push(object);
    return [];
  }

  finish(): readonly Prediction[] {
    return predictExport(this.#kept.splice(0), this.#settings, this.#joined);
  }
}

/** Names that Entra or the sync engine makes, and those by which the engine joins objects. */
function claimFurther(
  object: AuditObject,
  userName: Wanted | null,
  settings: PredictionSettings,
  values: SharedValues,
): void {
  const { displayName, origin, msExchMasterAccountSid, sAMAccountName, mailNickname, others } = object;
  const claim = (space: number, value: string | undefined): void => {
    if (value) values.alsoClaim(space, comparedAs(value));
  };
  const type = objectTypeOf(object);
  if (type === 'contact') claim(joinedBy.contactName, displayName);
  if (origin?.side === 'entra' || type !== 'user') return;
  if (msExchMasterAccountSid) values.alsoClaim(spaces.securityIdentifier, msExchMasterAccountSid);
  if (userName !== null) {
    if (userName.attribute === 'sAMAccountName') claim(spaces.address, userName.value);
    if (isUsable(userName, settings) === 'no') {
      claim(spaces.address, `${aliasOf(object, userName)}@${settings.initialDomain}`);
    }
  }
  const { matchOption } = settings;
  if (matchOption.by === 'sAMAccountName-mailNickname') {
    claim(joinedBy.matchOption, sAMAccountName);
    claim(joinedBy.matchOption, mailNickname);
  }
  if (matchOption.by === 'attribute') claim(joinedBy.matchOption, others?.[matchOption.attribute]?.[0]);
}

const fact = {
  refusedAlone: 1,
  outOfScope: 2,
  alwaysSaid: 4,
  synchronised: 8,
  nameIsUnusable: 16,
  nameIsReplaced: 32,
} as const;

function factsOf(object: AuditObject, userName: Wanted | null, settings: PredictionSettings): number {
  const { origin, userPrincipalName } = object;
  if (origin?.side === 'entra') {
    if (origin.kind !== 'synchronised') return origin.onPremisesImmutableId === undefined ? 0 : fact.alwaysSaid;
    const isReplaced = userPrincipalName !== undefined && domainOf(userPrincipalName) === settings.initialDomain;
    const isQuarantined = (origin.quarantined?.length ?? 0) > 0;
    return fact.synchronised | (isReplaced ? fact.nameIsReplaced : 0) | (isQuarantined ? fact.alwaysSaid : 0);
  }
  if (objectTypeOf(object) === 'other') return 0;
  if (outOfScope(object, settings) !== null) {
    return fact.outOfScope | (settings.directory === 'part' ? fact.alwaysSaid : 0);
  }
  const isUnusable = userName !== null && isUsable(userName, settings) !== 'yes';
  const isLinkedMailbox = object.msExchRecipientTypeDetails === '2' && settings.directory === 'part';
  return (
    (mayBeRefusedAlone(object, userName, settings) ? fact.refusedAlone : 0) |
    (isUnusable ? fact.nameIsUnusable : 0) |
    (isLinkedMailbox ? fact.alwaysSaid : 0)
  );
}

/** What was read of an object and of its twin, which share an ordinal. */
class ObjectFacts {
  #facts = new Uint8Array(1024);

  add(claimant: number, facts: number): void {
    if (facts === 0) return;
    if (claimant >= this.#facts.length) {
      const larger = new Uint8Array(Math.ceil((claimant + 1) * 1.25));
      larger.set(this.#facts);
      this.#facts = larger;
    }
    this.#facts[claimant] = (this.#facts[claimant] as number) | facts;
  }

  areOfInterest(claimant: number): boolean {
    const facts = this.#facts[claimant] ?? 0;
    const has = (one: number): boolean => (facts & one) !== 0;
    if (has(fact.refusedAlone | fact.alwaysSaid)) return true;
    if (has(fact.outOfScope) && has(fact.synchronised)) return true;
    return has(fact.nameIsUnusable) && !has(fact.nameIsReplaced);
  }
}
