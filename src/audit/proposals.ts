import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import type { ClaimTable } from './claim-table.ts';
import { claimOf, type Space } from './claims.ts';
import type { AttributeRule } from './rule.ts';

/** Says whether somebody else than the object holds the value. */
export type IsTaken = (space: Space, value: string, ordinal: number) => boolean;

/** Values that are looked at before a person has to think. */
const patience = 400;
/** Rules of one attribute that one value may break one after another. */
const deepest = 6;

/** Gives each faulty value one new value that passes all rules of its attribute and that nobody holds or is given. */
export class Proposals {
  readonly #rules: ReadonlyMap<string, readonly AttributeRule[]>;
  readonly #settings: AuditSettings;
  readonly #isTaken: IsTaken;
  readonly #proposed: ClaimTable;

  /** @param proposed an empty table for what is proposed */
  constructor(rules: readonly AttributeRule[], settings: AuditSettings, isTaken: IsTaken, proposed: ClaimTable) {
    this.#rules = Map.groupBy(rules, ({ meta }) => meta.attribute);
    this.#settings = settings;
    this.#isTaken = isTaken;
    this.#proposed = proposed;
  }

  /** @param own what has been proposed to the same object, by attribute; the answer is added */
  settle(
    attribute: string,
    value: string | null,
    object: AuditObject,
    ordinal: number,
    own: Map<string, Set<string>>,
  ): string | undefined {
    const ownValues = own.get(attribute) ?? new Set();
    own.set(attribute, ownValues);
    for (const candidate of this.#passing(attribute, value, object)) {
      const compared = comparable(attribute, candidate);
      if (ownValues.has(compared) || hasBeside(object, attribute, value, compared)) continue;
      if (!this.#claim(attribute, candidate, ordinal)) continue;
      ownValues.add(compared);
      return candidate;
    }
    return undefined;
  }

  #claim(attribute: string, candidate: string, ordinal: number): boolean {
    const claim = claimOf(attribute, candidate);
    if (claim === null) return true;
    if (this.#isTaken(claim.space, claim.value, ordinal)) return false;
    const first = this.#proposed.claim(claim.space, claim.value, ordinal);
    return first === -1 || first === ordinal;
  }

  /** Depth first: a value that one rule proposes and another minds is mended before the next one is tried. */
  *#passing(attribute: string, value: string | null, object: AuditObject): Generator<string> {
    const rules = this.#rules.get(attribute) ?? [];
    const seen = new Set<string | null>([value]);
    let left = patience;
    const settings = this.#settings;
    function* mended(from: string | null, holding: AuditObject, depth: number): Generator<string> {
      const broken = rules.find((rule) => breaks(rule, from, holding, settings));
      if (broken === undefined || depth === deepest) return;
      for (const candidate of broken.propose(from, holding, settings)) {
        if (left-- <= 0) return;
        if (seen.has(candidate)) continue;
        seen.add(candidate);
        const changed = withValue(object, attribute, value, candidate);
        if (rules.some((rule) => breaks(rule, candidate, changed, settings)))
          yield* mended(candidate, changed, depth + 1);
        else yield candidate;
      }
    }
    yield* mended(value, object, 0);
  }
}

export function breaks(
  rule: AttributeRule,
  value: string | null,
  object: AuditObject,
  settings: AuditSettings,
): boolean {
  return rule.values(object).includes(value) && rule.check(value, object, settings) !== null;
}

/** The object as it would be with the candidate in the place of the value. */
export function withValue(
  object: AuditObject,
  attribute: string,
  value: string | null,
  candidate: string,
): AuditObject {
  if (attribute === 'proxyAddresses') {
    return { ...object, proxyAddresses: replaced(object.proxyAddresses, value, candidate) };
  }
  const others = object.others?.[attribute];
  if (others !== undefined) {
    return { ...object, others: { ...object.others, [attribute]: replaced(others, value, candidate) } };
  }
  return { ...object, [attribute]: candidate };
}

function replaced(values: readonly string[], value: string | null, candidate: string): string[] {
  const at = value === null ? -1 : values.indexOf(value);
  return at < 0 ? [...values, candidate] : values.with(at, candidate);
}

/** A multi-valued attribute must not hold one value twice. */
function hasBeside(object: AuditObject, attribute: string, value: string | null, compared: string): boolean {
  const values = attribute === 'proxyAddresses' ? object.proxyAddresses : (object.others?.[attribute] ?? []);
  return values.some((other) => other !== value && comparable(attribute, other) === compared);
}

function comparable(attribute: string, value: string): string {
  const claim = claimOf(attribute, value);
  return claim === null ? value : `${claim.space} ${claim.value}`;
}
