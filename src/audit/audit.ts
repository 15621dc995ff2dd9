import { anchorOctets } from './anchor-octets.ts';
import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import type { ClaimHash } from './claim-hash.ts';
import { ClaimTable, comparedAs } from './claim-table.ts';
import {
  eachClaim,
  eachIdentity,
  type Space,
  sourceAnchorOf,
  spaces,
  storedAnchorOf,
  type TakeClaim,
} from './claims.ts';
import { DeferredClaims } from './deferred-claims.ts';
import { Duplicates } from './duplicates.ts';
import { type Finding, referenceOf } from './finding.ts';
import { HeldNames } from './held-names.ts';
import { type Input, type Member, memberOf } from './member.ts';
import { outOfScope } from './out-of-scope.ts';
import type { SharedSpace } from './placed-holders.ts';
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
  readonly #claims: ClaimTable;
  readonly #deferred: DeferredClaims;
  /** Values that more than one object claims. */
  readonly #shared: ClaimTable;
  readonly #heldNames: HeldNames;
  readonly #read = new ReadObjects();
  readonly #duplicates = new Duplicates();
  readonly #proposals: Proposals;
  /** Whose values are being claimed. */
  #claimant = 0;
  /** Its address that was claimed last. */
  #lastAddress = '';
  readonly #octets = new Uint8Array(16);
  #hasReadEntra = false;
  /** Of the objects that share their source anchor with another: perhaps with themselves, read twice. */
  readonly #seenAgain = new Set<string>();

  constructor(settings: AuditSettings, rules: readonly AttributeRule[], knowledge: AuditKnowledge) {
    const { seed = 0, newTable = (start) => new ClaimTable(start) } = knowledge;
    this.#settings = settings;
    this.#knowledge = knowledge;
    this.#concerning = rulesConcerning(rules);
    this.#claims = newTable(seed);
    this.#deferred = new DeferredClaims(this.#claims, this.#share);
    this.#shared = newTable(seed);
    this.#heldNames = new HeldNames(seed);
    this.#proposals = new Proposals(rules, settings, this.#isTaken, newTable(seed));
  }

  first(object: AuditObject): void {
    const anchor = storedAnchorOf(object);
    const isInEntra = object.origin?.side === 'entra';
    const ordinal = this.#read.add(isInEntra, anchor !== null);
    this.#claimant = ordinal;
    this.#lastAddress = '';
    if (isInEntra && !this.#hasReadEntra) this.#beginLookingForTwins();
    if (anchor !== null) this.#claimIdentity(spaces.sourceAnchor, this.#hashOfAnchor(anchor), ordinal);
    const { objectSid } = object;
    if (objectSid) {
      this.#claimIdentity(
        spaces.securityIdentifier,
        this.#claims.hashOf(spaces.securityIdentifier, objectSid),
        ordinal,
      );
    }
    eachClaim(object, this.#settings, this.#claim);
    if (!this.#read.isWanted(ordinal) && this.#breaksRule(object)) this.#read.want(ordinal);
  }

  needsSecond(ordinal: number): boolean {
    this.#deferred.settle();
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

  /** One anchor may be stored as text of a GUID here and as Base64 there. */
  #hashOfAnchor(anchor: string): ClaimHash {
    return anchorOctets(anchor, this.#octets)
      ? this.#claims.hashOfBytes(spaces.sourceAnchor, this.#octets, 0, 16)
      : this.#claims.hashOf(spaces.sourceAnchor, anchor);
  }

  /** As long as all objects are of Active Directory none has a twin, and nobody waits for the answer to a claim. */
  #beginLookingForTwins(): void {
    this.#deferred.settle();
    this.#hasReadEntra = true;
  }

  /** By anchor or SID an Active Directory object and its twin in Entra are one, and claim with one ordinal from then on. */
  #claimIdentity(space: Space, hash: ClaimHash, ordinal: number): void {
    if (!this.#hasReadEntra) {
      this.#deferred.claim(hash, ordinal);
      return;
    }
    const read = this.#read;
    const holder = this.#claims.claimHash(hash, this.#claimant);
    if (holder < 0 || read.claimantOf(holder) === this.#claimant) return;
    const bothAnchored = read.hasAnchor(holder) && read.hasAnchor(ordinal);
    const mayBeTwins = space === spaces.sourceAnchor || !bothAnchored;
    if (mayBeTwins && read.unite(holder, ordinal)) this.#claimant = read.claimantOf(ordinal);
    else this.#share(hash, holder, this.#claimant);
  }

  readonly #claim: TakeClaim = (space, text, from) => {
    if (space === spaces.heldAccountName) {
      this.#heldNames.add(text);
      return;
    }
    if (space === spaces.address) {
      // Most objects have one value as UPN, as mail and as primary address.
      const last = this.#lastAddress;
      if (text.length - from === last.length && text.startsWith(last, from)) return;
      if (from === 0) this.#lastAddress = text;
    }
    this.#deferred.claim(this.#claims.hashOfText(space, text, from), this.#claimant);
  };

  readonly #share = (hash: Readonly<ClaimHash>, holder: number, claimant: number): void => {
    if (this.#read.claimantOf(holder) === claimant) return;
    this.#shared.claimHash(hash, claimant);
    this.#read.want(this.#read.claimantOf(holder));
    this.#read.want(claimant);
  };

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
    if (!this.#isShared(spaces.sourceAnchor, anchor)) return false;
    const seen = this.#seenAgain.has(objectGUID);
    this.#seenAgain.add(objectGUID);
    return seen;
  }

  #register(ordinal: number, object: AuditObject): void {
    let member: Member | undefined;
    const register = (space: SharedSpace, value: string, input: Input): void => {
      if (!this.#isShared(space, value)) return;
      member ??= memberOf(ordinal, object, this.#read.hasTwin(ordinal), this.#settings);
      this.#duplicates.add(member, space, value, input);
    };
    eachIdentity(object, (space, value, attribute) => register(space, value, { attribute, value }));
    eachClaim(object, this.#settings, (space, text, from, attribute, stored) => {
      if (space !== spaces.heldAccountName) register(space, comparedAs(text, from), { attribute, value: stored });
    });
  }

  #isShared(space: Space, value: string): boolean {
    const hash = space === spaces.sourceAnchor ? this.#hashOfAnchor(value) : this.#claims.hashOf(space, value);
    return this.#shared.findHash(hash) >= 0;
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
    const holder = this.#claims.find(space, value);
    if (holder < 0) return false;
    const isOwn = this.#read.claimantOf(holder) === this.#read.claimantOf(ordinal);
    return !isOwn || this.#isShared(space, value);
  };
}
