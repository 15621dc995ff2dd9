import type { AuditObject } from '../../audit/audit-object.ts';
import { uniqueAttributes } from '../../audit/idfix/failure.ts';
import type { AttributeRule } from '../../audit/rule.ts';
import type { IdFixEntry } from './idfix-entry.ts';

/** What has become of something that IdFix did or was to do. */
export type Outcome =
  /** The value that IdFix found is gone. */
  | 'settled'
  /** Written by IdFix, and the value that it found is there (again). */
  | 'did-not-stick'
  /** Written by IdFix, and by now neither value is there. */
  | 'changed-since'
  | 'planned'
  | 'failed'
  | 'accepted'
  | 'undone'
  /** The input does not hold the object. */
  | 'not-seen';

/** What IdFix's own files say of a value that was found. */
export interface CarriedOver {
  readonly outcome: Outcome;
  readonly action: IdFixEntry['action'];
  /** Null: the value was to be removed. */
  readonly update: string | null;
  /** `cleanup.csv, line 12`. */
  readonly source: string;
  readonly message: string;
}

interface Followed {
  readonly entry: IdFixEntry;
  outcome: Outcome;
  /** Somebody asked about its value: it stands beside a finding. */
  isMentioned: boolean;
}

export interface FollowedEntry {
  readonly entry: IdFixEntry;
  readonly carriedOver: CarriedOver;
}

/**
 * A clean-up that was begun with IdFix. Entries are taken oldest first; a later one on the same value of the same object stands
 * for the earlier ones. Objects are known by their DN: one that was renamed since is not seen.
 */
export class IdFixProgress {
  /** By object and attribute. */
  readonly #followed = new Map<string, Followed[]>();

  add(entry: IdFixEntry): void {
    const key = keyOf(entry.distinguishedName, entry.attribute);
    const earlier = this.#followed.get(key) ?? [];
    const rest = earlier.filter((one) => one.entry.value !== entry.value);
    this.#followed.set(key, [...rest, { entry, outcome: 'not-seen', isMentioned: false }]);
  }

  get size(): number {
    return this.#all().length;
  }

  /** Looks at an object of the first reading: what of its values is still as IdFix found it. */
  see(object: AuditObject): void {
    if (object.distinguishedName === undefined || this.#followed.size === 0) return;
    for (const attribute of followedAttributes) {
      for (const followed of this.#followed.get(keyOf(object.distinguishedName, attribute)) ?? []) {
        followed.outcome = outcomeOf(followed.entry, valuesOf(object, attribute));
      }
    }
  }

  /** @returns what is known of this value; null: nothing */
  about(distinguishedName: string | undefined, attribute: string, value: string | null): CarriedOver | null {
    if (distinguishedName === undefined) return null;
    const all = this.#followed.get(keyOf(distinguishedName, attribute)) ?? [];
    const held = value ?? '';
    const found =
      all.find(({ entry }) => entry.value === held) ??
      all.find(({ entry, outcome }) => outcome === 'settled' && entry.update === held);
    if (found === undefined) return null;
    found.isMentioned = true;
    return carriedOver(found, held);
  }

  /** How many entries have come to what; after the first reading. */
  counts(): ReadonlyMap<Outcome, number> {
    const counts = new Map<Outcome, number>();
    for (const { outcome } of this.#all()) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    return counts;
  }

  /** After the findings: the entries on whose value there is none, in the order of the files. */
  withoutFinding(): readonly FollowedEntry[] {
    return this.#all()
      .filter(({ isMentioned }) => !isMentioned)
      .map((followed) => ({ entry: followed.entry, carriedOver: carriedOver(followed, followed.entry.value) }));
  }

  /** The rules, each of which proposes what was planned in IdFix before its own ideas: it is taken if it passes them all. */
  preferringPlans(rules: readonly AttributeRule[]): readonly AttributeRule[] {
    if (this.#followed.size === 0) return rules;
    const planned = (object: AuditObject, attribute: string, value: string | null): string[] =>
      (this.#followed.get(keyOf(object.distinguishedName ?? '', attribute)) ?? [])
        .filter(({ entry }) => isPlan(entry) && entry.value === (value ?? ''))
        .map(({ entry }) => entry.update);
    return rules.map((rule) => ({
      ...rule,
      *propose(value, object, settings) {
        yield* planned(object, rule.meta.attribute, value);
        yield* rule.propose(value, object, settings);
      },
    }));
  }

  #all(): Followed[] {
    return [...this.#followed.values()].flat();
  }
}

/** The attributes that IdFix looks at. */
const followedAttributes = ['displayName', 'givenName', ...uniqueAttributes] as const;

const keyOf = (distinguishedName: string, attribute: string): string =>
  `${distinguishedName.toLowerCase().replace(/,\s+/g, ',')}\n${attribute.toLowerCase()}`;

const isPlan = ({ state, action, update }: IdFixEntry): boolean =>
  state === 'planned' && action === 'edit' && update !== '';

function valuesOf(object: AuditObject, attribute: (typeof followedAttributes)[number]): readonly string[] {
  const given = object[attribute];
  return given === undefined ? [] : typeof given === 'string' ? [given] : given;
}

function outcomeOf({ state, action, value, update }: IdFixEntry, held: readonly string[]): Outcome {
  const isHeld = (asked: string): boolean => (asked === '' ? held.length === 0 : held.includes(asked));
  if (action === 'undo') return isHeld(value) ? 'undone' : 'changed-since';
  if (state !== 'applied') return isHeld(value) ? state : 'settled';
  if (isHeld(value)) return 'did-not-stick';
  return update === '' || isHeld(update) ? 'settled' : 'changed-since';
}

function carriedOver({ entry, outcome }: Followed, held: string): CarriedOver {
  return {
    outcome,
    action: entry.action,
    update: entry.update === '' ? null : entry.update,
    source: `${entry.source}, line ${entry.line}`,
    message: inWords(entry, outcome, held),
  };
}

function inWords(entry: IdFixEntry, outcome: Outcome, held: string): string {
  const change = entry.update === '' ? 'remove it' : `change it to '${entry.update}'`;
  switch (outcome) {
    case 'settled':
      return held === entry.update && held !== entry.value
        ? `this value is IdFix's own update of '${entry.value}'`
        : 'settled: the value that IdFix found is gone';
    case 'did-not-stick':
      return `did not stick: IdFix did ${change}, and the value that it found is there`;
    case 'changed-since':
      return `changed since: IdFix did ${change}, and that is not there either`;
    case 'planned':
      return `planned, not applied: ${entry.action === 'undo' ? 'undo the change' : change}`;
    case 'failed':
      return `failed: the directory refused to ${change}`;
    case 'accepted':
      return 'marked COMPLETE: it was to stay as it is';
    case 'undone':
      return `undone in IdFix: '${entry.update}' was changed back`;
    case 'not-seen':
      return 'the object is not in the input: renamed, moved, deleted or not exported';
  }
}
