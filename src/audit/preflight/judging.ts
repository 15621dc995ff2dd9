import type { AuditObject } from '../audit-object.ts';
import { spaces } from '../claims.ts';
import { Duplicates } from '../duplicates.ts';
import type { Finding, Holder, ObjectReference } from '../finding.ts';
import { wouldSoftMatch } from '../group-rules.ts';
import { type Member, memberOf } from '../member.ts';
import { sharedAccountName } from './account-name.ts';
import { holdersToName, type PreflightAnswer, type PreflightInput, type PreflightProblem } from './answer.ts';
import {
  claimKey,
  claimsOf,
  distinctUnknowns,
  type Question,
  type Self,
  type Standing,
  standingOf,
  type Unknown,
  type ValueClaim,
} from './claims.ts';
import { holderOf, identityOf, listed, type PreflightHolder } from './holders.ts';
import type { PreflightKnowledge } from './knowledge.ts';
import { PreflightProposals } from './proposals.ts';
import type { WantedObject } from './wanted.ts';

export interface Judgement {
  readonly answers: ReadonlyMap<number, PreflightAnswer>;
  /** Values that would be proposed if they are free; until that is asked the answers are without them. */
  readonly toAsk: readonly Question[];
  /** Ids of Entra objects that would be taken over: whether they hold a role has to be asked. */
  readonly toCheck: readonly string[];
  /** What the answers propose: question key, and place of the object. */
  readonly promised: ReadonlyMap<string, number>;
}

interface Judged {
  readonly place: number;
  readonly wanted: WantedObject;
  readonly self: Self;
  readonly standing: Standing;
  readonly namedObject: AuditObject;
  readonly member: Member;
  readonly problems: PreflightProblem[];
  readonly unknowns: Unknown[];
}

/** One look at objects of a request beside all that was found. */
export class Judging {
  readonly #wanted: readonly WantedObject[];
  readonly #claimantsOf: (key: string) => readonly number[];
  readonly #known: PreflightKnowledge;
  readonly #judged = new Map<number, Judged>();
  /** Those that are judged, and those of the request that want one of their values. */
  readonly #placeOf = new Map<ObjectReference, number>();
  readonly #seen: readonly AuditObject[];
  readonly #free: PreflightProposals;
  readonly #toCheck = new Set<string>();

  /** @param claimantsOf places of the objects of the request that want a value */
  constructor(
    wanted: readonly WantedObject[],
    claimantsOf: (key: string) => readonly number[],
    known: PreflightKnowledge,
  ) {
    this.#wanted = wanted;
    this.#claimantsOf = claimantsOf;
    this.#known = known;
    const { settings } = known;
    for (const [place, { self, unknowns }] of known.selves) {
      const one = wanted[place] as WantedObject;
      const standing = standingOf(one, self, settings);
      const namedObject = named(standing.object, one);
      const found = memberOf(place, namedObject, standing.matchesNothing, settings);
      const member = self.state === 'found' ? found : withoutTwin(found);
      const facts = { place, wanted: one, self, standing, namedObject, member };
      this.#judged.set(place, { ...facts, problems: [], unknowns: [...unknowns] });
      this.#placeOf.set(member.reference, place);
    }
    this.#seen = this.#othersFound();
    this.#free = new PreflightProposals(known, claimantsOf, this.#judged, this.#seen);
  }

  judgement(): Judgement {
    const findings = this.#groups().findings(this.#known.settings, undefined);
    for (const judged of this.#judged.values()) {
      this.#sayItself(judged);
      if (judged.self.state !== 'new' && judged.self.state !== 'found') continue;
      this.#sayUnknowns(judged);
      for (const finding of findings) this.#sayShared(judged, finding);
      this.#sayAccountName(judged);
      this.#sayReleased(judged);
      this.#sayRules(judged);
    }
    return {
      answers: new Map([...this.#judged].map(([place, judged]) => [place, answerOf(judged)])),
      toAsk: this.#free.toAsk,
      toCheck: [...this.#toCheck],
      promised: this.#free.promised,
    };
  }

  /** Objects that were found, without those that a judged object is or is one with. */
  #othersFound(): AuditObject[] {
    const own = new Set<string>();
    for (const { self } of this.#judged.values()) {
      if (self.state === 'found') for (const object of [self.now, ...self.others]) own.add(identityOf(object));
    }
    const found = new Map<string, AuditObject>();
    for (const { objects } of this.#known.found.values()) {
      for (const object of objects) if (!own.has(identityOf(object))) found.set(identityOf(object), object);
    }
    return [...found.values()].map((object) => this.#withPrivileges(object));
  }

  #withPrivileges(object: AuditObject): AuditObject {
    if (object.origin?.side !== 'entra') return object;
    const privileged = this.#known.privileged.get(object.origin.id);
    return typeof privileged === 'boolean' ? { ...object, origin: { ...object.origin, privileged } } : object;
  }

  #groups(): Duplicates {
    const { settings } = this.#known;
    const groups = new Duplicates();
    const add = (member: Member, claims: readonly ValueClaim[]): void => {
      for (const { space, value, attribute, stored } of claims) {
        if (space === spaces.heldAccountName || space === spaces.sAMAccountName) continue;
        groups.add(member, space, value, { attribute, value: stored });
      }
    };
    for (const { member, standing } of this.#judged.values()) add(member, standing.claims);
    for (const place of this.#rivals()) {
      const wanted = this.#wanted[place] as WantedObject;
      const member = withoutTwin(memberOf(place, named(wanted.values, wanted), wanted.existing !== null, settings));
      this.#placeOf.set(member.reference, place);
      add(member, claimsOf(wanted.values, settings));
    }
    this.#seen.forEach((object, index) => {
      // What objects that exist would take over is not asked here: they count as synchronised.
      const member = memberOf(this.#wanted.length + index, object, true, settings);
      add(member, claimsOf(object, settings));
    });
    return groups;
  }

  /** Objects of the request that are judged at another time, and want a value of those that are judged now. */
  #rivals(): Set<number> {
    const rivals = new Set<number>();
    for (const { standing } of this.#judged.values()) {
      for (const claim of standing.fresh) {
        for (const place of this.#claimantsOf(claimKey(claim))) if (!this.#judged.has(place)) rivals.add(place);
      }
    }
    return rivals;
  }

  #sayItself({ self, wanted, problems }: Judged): void {
    if (self.state === 'not one') {
      const { by, value } = wanted.existing ?? { by: 'objectGUID', value: null };
      const remedy = 'Name the object by its objectGUID, or leave out `existing` if it is to be created.';
      problems.push({ rule: 'ObjectNotFound', severity: 'error', attribute: by, value, message: self.message, remedy });
    }
    if (self.state === 'new' && self.occupant !== null) {
      const occupant = holderOf(memberOf(0, self.occupant, true, this.#known.settings).reference, null, [], undefined);
      problems.push({
        rule: 'DistinguishedNameTaken',
        severity: 'error',
        attribute: 'distinguishedName',
        value: wanted.values.distinguishedName ?? null,
        message: 'An object with this distinguished name exists already: Active Directory refuses another.',
        remedy: 'Choose another common name or another container.',
        holders: [occupant],
      });
    }
  }

  #sayUnknowns(judged: Judged): void {
    const { standing, unknowns } = judged;
    const missing = standing.fresh.flatMap((claim) => this.#known.found.get(claimKey(claim))?.unknowns ?? []);
    const hasDomain = standing.fresh.some(({ space }) => space === spaces.address || space === spaces.sip);
    unknowns.push(...missing, ...(hasDomain && this.#known.domains !== null ? [this.#known.domains] : []));
  }

  #sayShared(judged: Judged, finding: Finding): void {
    const holders = finding.holders ?? [];
    const self = holders.find(({ object }) => object === judged.member.reference);
    if (self === undefined) return;
    const problem =
      finding.rule === wouldSoftMatch.code
        ? this.#softMatch(judged, finding, holders)
        : this.#collision(judged, finding, self, holders);
    if (problem !== null) judged.problems.push(problem);
  }

  #collision(judged: Judged, finding: Finding, self: Holder, holders: readonly Holder[]): PreflightProblem | null {
    const claims = freshOf(judged, self.inputs);
    const [first] = claims;
    const others = this.#othersOf(judged, holders);
    if (first === undefined || others.length === 0) return null;
    const taking = others.filter(({ placed }) => placed === undefined);
    const named = taking.length > 0 ? taking : others;
    const isConflict = finding.severity !== 'information' && self.placed === undefined;
    return {
      rule: finding.rule,
      severity: isConflict ? finding.severity : 'information',
      ...this.#inputs(judged, claims, isConflict),
      message: isConflict
        ? `${first.value} ${whoseItIs(taking, others)}.`
        : `${first.value} stands at ${listed(named)} too, but at most one of them brings it to Entra.`,
      remedy: isConflict ? collisionRemedy : finding.remedy,
      ...holdersToName(others),
    };
  }

  #softMatch(judged: Judged, finding: Finding, holders: readonly Holder[]): PreflightProblem | null {
    const target = holders.find(({ object }) => object !== judged.member.reference);
    if (target?.object.origin?.side !== 'entra' || finding.object !== judged.member.reference) return null;
    const { id } = target.object.origin;
    const ofTarget = new Set(
      claimsOf(
        this.#seen.find((object) => identityOf(object) === id.toLowerCase()) as AuditObject,
        this.#known.settings,
      ).map(claimKey),
    );
    const claims = judged.standing.fresh.filter((claim) => ofTarget.has(claimKey(claim)));
    if (claims.length === 0) return null;
    const privileged = this.#known.privileged.get(id);
    if (privileged === undefined) this.#toCheck.add(id);
    else if (typeof privileged !== 'boolean') judged.unknowns.push(privileged);
    return {
      rule: finding.rule,
      severity: finding.severity,
      ...this.#inputs(judged, claims, true),
      message: finding.message,
      remedy: finding.remedy,
      ...holdersToName(this.#othersOf(judged, holders)),
      wouldSoftMatch: { id, name: target.object.name },
    };
  }

  #othersOf(judged: Judged, holders: readonly Holder[]): PreflightHolder[] {
    return holders
      .filter(({ object }) => object !== judged.member.reference)
      .map(({ object, inputs, placed }) => {
        const place = this.#placeOf.get(object);
        return holderOf(object, place === undefined ? null : keyAt(this.#wanted, place), inputs, placed);
      });
  }

  #sayAccountName(judged: Judged): void {
    const claim = judged.standing.fresh.find(({ space }) => space === spaces.heldAccountName);
    if (claim === undefined || isInEntra(judged)) return;
    const rivals = this.#claimantsOf(claimKey(claim))
      .filter((place) => place !== judged.place)
      .map((place) => {
        const wanted = this.#wanted[place] as WantedObject;
        return { key: keyAt(this.#wanted, place), object: named(wanted.values, wanted) };
      });
    const others = [...this.#seen.map((object) => ({ key: null, object })), ...rivals];
    const shared = sharedAccountName(judged.standing.object, others);
    if (shared !== null) judged.problems.push({ ...shared, ...this.#inputs(judged, [claim], true) });
  }

  /** A value that another object of the request gives up counts as its own until that change has been made and synchronised. */
  #sayReleased(judged: Judged): void {
    for (const other of this.#judged.values()) {
      if (other === judged) continue;
      for (const claim of judged.standing.fresh) {
        if (!other.standing.released.has(claimKey(claim))) continue;
        judged.problems.push({
          rule: 'ReleasedInSameRequest',
          severity: 'warning',
          attribute: claim.attribute,
          value: claim.stored,
          message: `${claim.value} belongs to ${other.member.reference.name} (${other.wanted.key} of this request) until its own change has been made and synchronised.`,
          remedy: 'Make the other change first, and let a synchronisation run before this one.',
          holders: [holderOf(other.member.reference, other.wanted.key, [], undefined)],
        });
      }
    }
  }

  #sayRules(judged: Judged): void {
    const { wanted, standing, self } = judged;
    const { rules, settings } = this.#known;
    const { object } = standing;
    const before = self.state === 'found' ? withoutOrigin(self.now) : null;
    const own = new Map<string, Set<string>>();
    const settled = new Map<string, string | undefined>();
    for (const rule of rules) {
      const { code, attribute, severity } = rule.meta;
      if (before === null ? attribute === 'objectGUID' : !wanted.changed.includes(attribute)) continue;
      const had = new Set(before === null ? [] : rule.values(before));
      for (const value of rule.values(object)) {
        if (had.has(value)) continue;
        const problem = rule.check(value, object, settings);
        if (problem === null) continue;
        const key = `${attribute} ${value === null ? '' : `=${value}`}`;
        if (!settled.has(key)) settled.set(key, this.#free.mended(attribute, value, judged, own));
        const proposal = settled.get(key);
        judged.problems.push({
          rule: code,
          severity,
          attribute,
          value,
          ...problem,
          ...(proposal === undefined ? {} : { proposal }),
        });
      }
    }
  }

  /** The claims of one value as problems show them, with a free value for each. */
  #inputs(
    judged: Judged,
    claims: readonly ValueClaim[],
    isConflict: boolean,
  ): Pick<PreflightProblem, 'attribute' | 'value' | 'inputs' | 'proposal'> {
    const byValue = Map.groupBy(claims, claimKey);
    const inputs = [...byValue.values()].flatMap((same) => {
      const free = isConflict ? this.#free.instead(judged, same) : null;
      return same.map(({ attribute, stored }): PreflightInput => {
        const proposal = free?.get(stored);
        return { attribute, value: stored, ...(proposal === undefined ? {} : { proposal }) };
      });
    });
    const [{ attribute, value, proposal }] = inputs as [PreflightInput];
    return { attribute, value, ...(proposal === undefined ? {} : { proposal }), inputs };
  }
}

const collisionRemedy =
  'Choose another value; or have it released where its holder is mastered, and let a synchronisation run first.';

function whoseItIs(taking: readonly PreflightHolder[], others: readonly PreflightHolder[]): string {
  if (taking.length > 0) return `is held by ${listed(taking)}`;
  return `is held by ${listed(others)}, which is deleted: it is not known whether Entra still counts it`;
}

/** What the object would newly hold, of these inputs. */
const freshOf = ({ standing }: Judged, inputs: Holder['inputs']): ValueClaim[] =>
  standing.fresh.filter(({ attribute, stored }) =>
    inputs.some((input) => input.attribute === attribute && input.value === stored),
  );

function answerOf({ wanted, problems, unknowns }: Judged): PreflightAnswer {
  const isTrouble = problems.some(({ severity }) => severity !== 'information');
  const distinct = distinctUnknowns(unknowns);
  return {
    key: wanted.key,
    verdict: isTrouble ? 'problems' : distinct.length > 0 ? 'unknown' : 'clear',
    problems,
    unknowns: distinct,
  };
}

/** For texts: an object to be created may have nothing but names. */
function named(object: AuditObject, { key }: WantedObject): AuditObject {
  const { displayName, cn, givenName, sn } = object;
  if (displayName || cn) return object;
  return { ...object, displayName: [givenName, sn].filter(Boolean).join(' ') || key };
}

/** An object that does not exist yet is one with nothing, whatever it will be called. */
const withoutTwin = (member: Member): Member => ({
  ...member,
  object: { ...member.object, displayName: `\n${member.ordinal}` },
});

/** Rules do not look at what Entra has accepted; here they compare. */
function withoutOrigin({ origin: _, ...object }: AuditObject): AuditObject {
  return object;
}

const isInEntra = ({ self, wanted }: Judged): boolean =>
  self.state === 'found' ? self.masteredIn === 'entra' : wanted.createIn === 'entra';

const keyAt = (wanted: readonly WantedObject[], place: number): string => wanted[place]?.key ?? String(place);
