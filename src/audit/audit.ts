import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import { ClaimTable } from './claim-table.ts';
import { eachClaim, eachIdentity, type Space, sourceAnchorOf, spaces, type TakeClaim } from './claims.ts';
import { Duplicates } from './duplicates.ts';
import { type Finding, referenceOf } from './finding.ts';
import { type Member, memberOf } from './member.ts';
import { outOfScope } from './out-of-scope.ts';
import { type IsTaken, Proposals } from './proposals.ts';
import { ReadObjects } from './read-objects.ts';
import type { AttributeRule } from './rule.ts';
import { rulesConcerning } from './rules-concerning.ts';

/**
 * One audit. Every object is read twice, in the same order; between the readings only hashes and one bit an object are kept.
 */
export interface AuditRun {
  /** First reading. An object's ordinal is the count of those before it. */
  first(object: AuditObject): void;
  /** Whether the object must be read again; false for an ordinal that was never read. Only after the whole first reading. */
  needsSecond(ordinal: number): boolean;
  /**
   * Second reading, of the objects that need it, in the order of the first.
   * @returns what is wrong with this object's own values, proposals settled
   */
  second(ordinal: number, object: AuditObject): readonly Finding[];
  /** After the second reading: one finding for each value that several objects hold. */
  finish(): readonly Finding[];
}

/** Objects arrive in batches, so that an await is not paid for each. */
export type ObjectBatches = AsyncIterable<readonly AuditObject[]>;

export interface AuditSource {
  first(): ObjectBatches;
  /** The same objects in the same order, of which only the wanted ones are given. */
  again(wanted: (ordinal: number) => boolean): AsyncIterable<readonly OrdinalObject[]>;
}

export interface OrdinalObject {
  readonly ordinal: number;
  readonly object: AuditObject;
}

/** What the directories themselves cannot say. */
export interface AuditKnowledge {
  /**
   * The metaverse object that the sync engine joined the object with this source anchor to; null: not known. Asked for
   * members of duplicates alone.
   */
  readonly joined?: (anchor: string) => string | null;
  /** Start of the hashes, any 32-bit number. */
  readonly seed?: number;
}

export function startAudit(
  settings: AuditSettings,
  rules: readonly AttributeRule[],
  knowledge: AuditKnowledge = {},
): AuditRun {
  return new TwoReadings(settings, rules, knowledge);
}

class TwoReadings implements AuditRun {
  readonly #settings: AuditSettings;
  readonly #knowledge: AuditKnowledge;
  readonly #concerning: (object: AuditObject, settings: AuditSettings) => readonly AttributeRule[];
  readonly #claims: ClaimTable;
  /** Values that more than one object claims. */
  readonly #shared: ClaimTable;
  readonly #read = new ReadObjects();
  readonly #duplicates = new Duplicates();
  readonly #proposals: Proposals;
  /** Whose values are being claimed. */
  #claimant = 0;
  /** Of the objects that share their source anchor with another: perhaps with themselves, read twice. */
  readonly #seenAgain = new Set<string>();

  constructor(settings: AuditSettings, rules: readonly AttributeRule[], knowledge: AuditKnowledge) {
    const { seed = 0 } = knowledge;
    this.#settings = settings;
    this.#knowledge = knowledge;
    this.#concerning = rulesConcerning(rules);
    this.#claims = new ClaimTable(seed);
    this.#shared = new ClaimTable(seed);
    this.#proposals = new Proposals(rules, settings, this.#isTaken, new ClaimTable(seed));
  }

  first(object: AuditObject): void {
    const anchor = sourceAnchorOf(object);
    const ordinal = this.#read.add(object.origin?.side === 'entra', anchor !== null);
    this.#claimant = ordinal;
    if (anchor !== null) this.#claimIdentity(spaces.sourceAnchor, anchor, ordinal);
    if (object.objectSid) this.#claimIdentity(spaces.securityIdentifier, object.objectSid, ordinal);
    eachClaim(object, this.#settings, this.#claim);
    if (!this.#read.isWanted(ordinal) && this.#breaksRule(object)) this.#read.want(ordinal);
  }

  needsSecond(ordinal: number): boolean {
    return this.#read.isWanted(ordinal);
  }

  second(ordinal: number, object: AuditObject): readonly Finding[] {
    if (this.#wasSeen(object)) return [];
    this.#register(ordinal, object);
    return outOfScope(object, this.#settings) === null ? this.#findingsOf(ordinal, object) : [];
  }

  finish(): readonly Finding[] {
    return this.#duplicates.findings(this.#settings, this.#knowledge.joined);
  }

  /** By anchor or SID an Active Directory object and its twin in Entra are one, and claim with one ordinal from then on. */
  #claimIdentity(space: Space, value: string, ordinal: number): void {
    const read = this.#read;
    const holder = this.#claims.claim(space, value, this.#claimant);
    if (holder < 0 || read.claimantOf(holder) === this.#claimant) return;
    const bothAnchored = read.hasAnchor(holder) && read.hasAnchor(ordinal);
    const mayBeTwins = space === spaces.sourceAnchor || !bothAnchored;
    if (mayBeTwins && read.unite(holder, ordinal)) this.#claimant = read.claimantOf(ordinal);
    else this.#share(space, value, holder);
  }

  readonly #claim: TakeClaim = (space, value) => {
    const holder = this.#claims.claim(space, value, this.#claimant);
    if (holder >= 0 && holder !== this.#claimant) this.#share(space, value, holder);
  };

  #share(space: Space, value: string, holder: number): void {
    this.#shared.claim(space, value, this.#claimant);
    if (space === spaces.heldAccountName) return;
    this.#read.want(this.#read.claimantOf(holder));
    this.#read.want(this.#claimant);
  }

  #breaksRule(object: AuditObject): boolean {
    const concerning = this.#concerning(object, this.#settings);
    return (
      concerning.length > 0 &&
      outOfScope(object, this.#settings) === null &&
      concerning.some((rule) => rule.values(object).some((value) => rule.check(value, object, this.#settings) !== null))
    );
  }

  #wasSeen(object: AuditObject): boolean {
    const { origin, objectGUID } = object;
    const anchor = sourceAnchorOf(object);
    if (origin?.side === 'entra' || objectGUID === undefined || anchor === null) return false;
    if (this.#shared.find(spaces.sourceAnchor, anchor) < 0) return false;
    const seen = this.#seenAgain.has(objectGUID);
    this.#seenAgain.add(objectGUID);
    return seen;
  }

  #register(ordinal: number, object: AuditObject): void {
    let member: Member | undefined;
    const take: TakeClaim = (space, value, attribute, stored) => {
      if (space === spaces.heldAccountName || this.#shared.find(space, value) < 0) return;
      member ??= memberOf(ordinal, object, this.#read.hasTwin(ordinal), this.#settings);
      this.#duplicates.add(member, space, value, { attribute, value: stored });
    };
    eachIdentity(object, take);
    eachClaim(object, this.#settings, take);
  }

  #findingsOf(ordinal: number, object: AuditObject): Finding[] {
    const findings: Finding[] = [];
    const settled = new Map<string, string | undefined>();
    const own = new Map<string, Set<string>>();
    for (const rule of this.#concerning(object, this.#settings)) {
      const { code, attribute, severity } = rule.meta;
      for (const value of rule.values(object)) {
        const problem = rule.check(value, object, this.#settings);
        if (problem === null) continue;
        const key = `${attribute} ${value === null ? '' : `=${value}`}`;
        if (!settled.has(key)) settled.set(key, this.#proposals.settle(attribute, value, object, ordinal, own));
        const proposal = settled.get(key);
        findings.push({
          rule: code,
          severity,
          object: referenceOf(object, sourceAnchorOf(object)),
          attribute,
          value,
          ...problem,
          ...(proposal === undefined ? {} : { proposal }),
        });
      }
    }
    return findings;
  }

  /** A value that the object alone holds is not taken from it. */
  readonly #isTaken: IsTaken = (space, value, ordinal) => {
    const holder = this.#claims.find(space, value);
    if (holder < 0) return false;
    const isOwn = this.#read.claimantOf(holder) === this.#read.claimantOf(ordinal);
    return !isOwn || this.#shared.find(space, value) >= 0;
  };
}
