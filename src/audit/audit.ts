import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import { ClaimTable, comparedAs } from './claim-table.ts';
import { eachClaim, eachIdentity, sourceAnchorOf, spaces, storedAnchorOf } from './claims.ts';
import { Duplicates } from './duplicates.ts';
import { type Finding, referenceOf } from './finding.ts';
import { HeldNames } from './held-names.ts';
import { identityOf } from './identity.ts';
import { type Input, type Member, memberOf } from './member.ts';
import { outOfScope } from './out-of-scope.ts';
import type { SharedSpace } from './placed-holders.ts';
import { type IsTaken, Proposals } from './proposals.ts';
import type { AttributeRule } from './rule.ts';
import { rulesConcerning } from './rules-concerning.ts';
import { SharedValues } from './shared-values.ts';

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
  /** Makes the tables of the audit; for tests that let hashes collide. */
  readonly newTable?: (seed: number) => ClaimTable;
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
  readonly #values: SharedValues;
  readonly #heldNames: HeldNames;
  readonly #duplicates = new Duplicates();
  readonly #proposals: Proposals;
  /** Of the objects that share what they are known by with another: perhaps with themselves, read twice. */
  readonly #seenAgain = new Set<string>();

  constructor(settings: AuditSettings, rules: readonly AttributeRule[], knowledge: AuditKnowledge) {
    const { seed = 0, newTable = (start) => new ClaimTable(start) } = knowledge;
    this.#settings = settings;
    this.#knowledge = knowledge;
    this.#concerning = rulesConcerning(rules);
    const heldNames = new HeldNames(seed);
    this.#values = new SharedValues({
      settings,
      newTable: () => newTable(seed),
      onAccountName: (name) => heldNames.add(name),
    });
    this.#heldNames = heldNames;
    this.#proposals = new Proposals(rules, settings, this.#isTaken, newTable(seed));
  }

  first(object: AuditObject): void {
    const ordinal = this.#values.add(object);
    const unanchored = identityWithoutAnchor(object);
    if (unanchored !== null) this.#values.alsoClaim(identities, unanchored);
    const { read } = this.#values;
    if (!read.isWanted(ordinal) && this.#breaksRule(object)) read.want(ordinal);
  }

  needsSecond(ordinal: number): boolean {
    this.#values.settle();
    return this.#values.read.isWanted(ordinal);
  }

  second(ordinal: number, object: AuditObject): readonly Finding[] {
    if (this.#wasSeen(object)) return [];
    this.#register(ordinal, object);
    return outOfScope(object, this.#settings) === null ? this.#findingsOf(ordinal, object) : [];
  }

  finish(): readonly Finding[] {
    return this.#duplicates.findings(this.#settings, this.#knowledge.joined);
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
    const unanchored = identityWithoutAnchor(object);
    const space = unanchored === null ? spaces.sourceAnchor : identities;
    const shared = unanchored ?? sourceAnchorOf(object);
    const identity = unanchored ?? object.objectGUID;
    if (shared === null || identity === undefined || !this.#values.isShared(space, shared)) return false;
    const seen = this.#seenAgain.has(identity);
    this.#seenAgain.add(identity);
    return seen;
  }

  #register(ordinal: number, object: AuditObject): void {
    let member: Member | undefined;
    const register = (space: SharedSpace, value: string, input: Input): void => {
      if (!this.#values.isShared(space, value)) return;
      member ??= memberOf(ordinal, object, this.#values.read.hasTwin(ordinal), this.#settings);
      this.#duplicates.add(member, space, value, input);
    };
    eachIdentity(object, (space, value, attribute) => register(space, value, { attribute, value }));
    eachClaim(object, this.#settings, (space, text, from, attribute, stored) => {
      if (space !== spaces.heldAccountName) register(space, comparedAs(text, from), { attribute, value: stored });
    });
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
    if (space === spaces.heldAccountName) return this.#heldNames.has(value);
    const holder = this.#values.firstClaimant(space, value);
    if (holder < 0) return false;
    const { read } = this.#values;
    const isOwn = read.claimantOf(holder) === read.claimantOf(ordinal);
    return !isOwn || this.#values.isShared(space, value);
  };
}

/** Beside `spaces`: what objects are known by that have no source anchor of Active Directory. */
const identities = 8;

/** Null: the source anchor will do, or there is nothing. */
function identityWithoutAnchor(object: AuditObject): string | null {
  const hasAnchor =
    object.origin?.side !== 'entra' && object.objectGUID !== undefined && storedAnchorOf(object) !== null;
  return hasAnchor ? null : identityOf(object);
}
