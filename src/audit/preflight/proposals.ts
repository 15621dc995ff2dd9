import type { AuditObject } from '../audit-object.ts';
import { ClaimTable } from '../claim-table.ts';
import { claimOf, type Space, spaces } from '../claims.ts';
import { Proposals } from '../proposals.ts';
import { claimKey, claimsOf, type Question, questionOf, type Standing, type ValueClaim } from './claims.ts';
import { freeValuesFor } from './free-value.ts';
import type { PreflightKnowledge } from './knowledge.ts';

/** An object whose values are in question. */
interface Asking {
  readonly place: number;
  readonly standing: Standing;
  /** With a name, in any case. */
  readonly namedObject: AuditObject;
}

/**
 * Values to take in the place of those that will not do: each breaks no rule, and nobody holds it, wants it in the same
 * request, or is proposed it. Those that have not been looked for yet are to be asked, those that cannot be are not proposed.
 */
export class PreflightProposals {
  readonly #known: PreflightKnowledge;
  readonly #claimantsOf: (key: string) => readonly number[];
  readonly #asking: ReadonlyMap<number, Asking>;
  readonly #held = new Set<string>();
  /** What objects of the request have and would give up, with their places. */
  readonly #released = new Map<string, number>();
  readonly #proposed = new ClaimTable();
  readonly #proposals: Proposals;
  readonly #toAsk = new Map<string, Question>();
  readonly #promised = new Map<string, number>();

  /** @param held objects that are none of the request's own */
  constructor(
    known: PreflightKnowledge,
    claimantsOf: (key: string) => readonly number[],
    asking: ReadonlyMap<number, Asking>,
    held: readonly AuditObject[],
  ) {
    this.#known = known;
    this.#claimantsOf = claimantsOf;
    this.#asking = asking;
    for (const object of held) for (const claim of claimsOf(object, known.settings)) this.#held.add(claimKey(claim));
    for (const { place, standing } of asking.values())
      for (const key of standing.released) this.#released.set(key, place);
    for (const [key, place] of known.promised) {
      const [space, value] = partsOf(key);
      this.#proposed.claim(space, value, place);
    }
    this.#proposals = new Proposals(known.rules, known.settings, this.#isTaken, this.#proposed);
  }

  get toAsk(): readonly Question[] {
    return [...this.#toAsk.values()];
  }

  /** Question keys of what was proposed, with the place of the object. */
  get promised(): ReadonlyMap<string, number> {
    return this.#promised;
  }

  /** For a value that breaks a rule. @param own see `Proposals.settle` */
  mended(attribute: string, value: string | null, { place, standing }: Asking, own: Map<string, Set<string>>) {
    const proposal = this.#proposals.settle(attribute, value, standing.object, place, own);
    const claim = proposal === undefined ? null : claimOf(attribute, proposal);
    return claim === null || this.#isSurelyFree(claim.space, claim.value, place) ? proposal : undefined;
  }

  /**
   * For a value that somebody else has.
   * @param claims all of the object's to that value
   * @returns the new stored form by the old; null: none is surely free
   */
  instead({ place, namedObject, standing }: Asking, claims: readonly ValueClaim[]): ReadonlyMap<string, string> | null {
    const space = claims[0]?.space ?? spaces.address;
    const { settings, rules } = this.#known;
    const attributes = new Set(claims.map(({ attribute }) => attribute));
    const beside = new Set(standing.claims.filter(({ attribute }) => attributes.has(attribute)).map(claimKey));
    for (const { value, stored } of freeValuesFor(claims, namedObject, settings, rules)) {
      if (beside.has(claimKey({ space, value }))) continue;
      if (this.#isTaken(space, value, place)) continue;
      const holder = this.#proposed.claim(space, value, place);
      if (holder !== -1 && holder !== place) continue;
      return this.#isSurelyFree(space, value, place) ? stored : null;
    }
    return null;
  }

  readonly #isTaken = (space: Space, value: string, place: number): boolean => {
    const key = claimKey({ space, value });
    const releasing = this.#released.get(key);
    return (
      this.#held.has(key) ||
      (releasing !== undefined && releasing !== place) ||
      this.#claimantsOf(key).some((other) => other !== place)
    );
  };

  /** Nobody is known to have it; do both sides say so? */
  #isSurelyFree(space: Space, value: string, place: number): boolean {
    const question = questionOf({ space, value });
    if (question === null) return true;
    const hasDomain = space === spaces.address || space === spaces.sip;
    if (hasDomain && this.#known.domains !== null) return false;
    const found = this.#known.found.get(question.key);
    if (found === undefined && !this.#isOwn(question.key, place)) {
      this.#toAsk.set(question.key, question);
      return false;
    }
    if (found !== undefined && found.unknowns.length > 0) return false;
    this.#promised.set(question.key, place);
    return true;
  }

  /** It has the value already. */
  #isOwn(key: string, place: number): boolean {
    const standing = this.#asking.get(place)?.standing;
    return (
      standing?.claims.some((claim) => claimKey(claim) === key) === true &&
      !standing.fresh.some((claim) => claimKey(claim) === key)
    );
  }
}

function partsOf(key: string): [Space, string] {
  const at = key.indexOf(' ');
  return [Number(key.slice(0, at)) as Space, key.slice(at + 1)];
}
