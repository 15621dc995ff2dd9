import type { AuditObject } from './audit-object.ts';
import type { AuditSettings, MatchOption } from './audit-settings.ts';
import { identityOf } from './identity.ts';
import { forestOf, isInEntra, kindOf, type Member } from './member.ts';

/** See `AuditKnowledge.joined`. */
export type Joined = (anchor: string) => string | null;

/**
 * Which members are one party: an object read twice, an object and its twin in Entra, and objects that the sync engine
 * joins in its metaverse. Unless the engine itself says so, two objects of one forest are never joined.
 *
 * @param members in an order that does not depend on that of reading
 * @returns for each member the index of the first member of its party
 */
export function partiesOf(members: readonly Member[], settings: AuditSettings, joined: Joined | undefined): number[] {
  const parties = new Parties(members.length);
  uniteAll(
    parties,
    indexesBy(members, ({ object }) => identityOf(object)),
  );
  uniteAll(
    parties,
    indexesBy(members, (member) => metaverseOf(member, joined)),
  );
  for (const indexes of indexesBy(members, ({ sourceAnchor }) => sourceAnchor)) {
    uniteAcrossForests(parties, members, indexes);
  }
  for (const keyOf of matchKeysOf(members, settings)) {
    for (const indexes of indexesBy(members, keyOf)) uniteAcrossForests(parties, members, indexes);
  }
  uniteTwinsWithoutAnchor(parties, members);
  return members.map((_, index) => parties.firstOf(index));
}

/** Sets of indexes that grow together. */
class Parties {
  readonly #above: number[];

  constructor(size: number) {
    this.#above = Array.from({ length: size }, (_, index) => index);
  }

  firstOf(index: number): number {
    let first = index;
    while (this.#above[first] !== first) first = this.#above[first] as number;
    this.#above[index] = first;
    return first;
  }

  unite(left: number, right: number): void {
    const one = this.firstOf(left);
    const other = this.firstOf(right);
    this.#above[Math.max(one, other)] = Math.min(one, other);
  }
}

function metaverseOf({ sourceAnchor }: Member, joined: Joined | undefined): string | null {
  return sourceAnchor === null ? null : (joined?.(sourceAnchor) ?? null);
}

function uniteAll(parties: Parties, all: Iterable<readonly number[]>): void {
  for (const [first = 0, ...rest] of all) for (const index of rest) parties.unite(first, index);
}

/** One Active Directory object a forest, and every Entra object. A forest that is not known may be any of them. */
function uniteAcrossForests(parties: Parties, members: readonly Member[], indexes: readonly number[]): void {
  const [first = 0] = indexes;
  const forests = new Set<string | null>();
  for (const index of indexes) {
    const member = members[index] as Member;
    if (isInEntra(member)) {
      parties.unite(first, index);
      continue;
    }
    const forest = forestOf(member);
    if (forests.size > 0 && forest !== null && !forests.has(null) && !forests.has(forest)) parties.unite(first, index);
    forests.add(forest);
  }
}

type KeyOf = (member: Member) => string | null | undefined;

/**
 * By what the engine joins persons of several forests. Contacts join by mail whatever the option is ("Understanding Users,
 * Groups, and Contacts", 12/05/2024, read 2026-11-29).
 */
function matchKeysOf(members: readonly Member[], { matchOption }: AuditSettings): KeyOf[] {
  const mail: KeyOf = ({ object }) => object.mail?.trim().toLowerCase();
  const byOption = optionKeyOf(members, matchOption);
  return [
    (member) => (member.reference.objectType === 'contact' && isInActiveDirectory(member) ? mail(member) : null),
    (member) => (isPerson(member) ? byOption(member) : null),
  ];
}

function optionKeyOf(members: readonly Member[], option: MatchOption): KeyOf {
  switch (option.by) {
    case 'none':
      return () => null;
    case 'mail':
      return ({ object }) => object.mail?.trim().toLowerCase();
    case 'objectSid-msExchMasterAccountSid':
      return crossing(members, ({ objectSid }) => objectSid, masterAccountOf);
    case 'sAMAccountName-mailNickname':
      return crossing(
        members,
        ({ sAMAccountName }) => sAMAccountName?.toLowerCase(),
        ({ mailNickname }) => mailNickname?.toLowerCase(),
      );
    case 'attribute':
      return ({ object }) => object.others?.[option.attribute]?.[0]?.toLowerCase();
  }
}

/** The one value of one object is the other value of another: whichever of an object's two values has such a partner. */
function crossing(
  members: readonly Member[],
  oneOf: (object: AuditObject) => string | undefined,
  otherOf: (object: AuditObject) => string | undefined,
): KeyOf {
  const persons = members.filter(isPerson).map(({ object }) => object);
  const ones = new Set(persons.map(oneOf));
  const others = new Set(persons.map(otherOf));
  return ({ object }) =>
    [otherOf(object), oneOf(object)].find((value) => value && ones.has(value) && others.has(value));
}

/** An account that is its own master has none. */
const masterAccountOf = ({ msExchMasterAccountSid, objectSid }: AuditObject): string | undefined =>
  msExchMasterAccountSid === objectSid ? undefined : msExchMasterAccountSid;

const isInActiveDirectory = (member: Member): boolean => !isInEntra(member);
const isPerson = (member: Member): boolean =>
  isInActiveDirectory(member) && (member.reference.objectType === 'user' || member.reference.objectType === 'contact');

/**
 * Of groups and contacts Graph shows no anchor, of contacts no SID either: type and display name have to do. Where both
 * anchors are known, they alone decide.
 */
function uniteTwinsWithoutAnchor(parties: Parties, members: readonly Member[]): void {
  const bySid = firstIndexes(members, ({ object }) => object.objectSid);
  const byName = firstIndexes(members, shownAs);
  members.forEach((member, index) => {
    if (kindOf(member) !== 'synchronised') return;
    const { objectSid } = member.object;
    const twin = objectSid === undefined ? byName.get(shownAs(member)) : bySid.get(objectSid);
    if (twin === undefined || (member.sourceAnchor !== null && members[twin]?.sourceAnchor !== null)) return;
    parties.unite(twin, index);
  });
}

const shownAs = ({ reference, object }: Member): string =>
  `${reference.objectType} ${object.displayName?.trim().toLowerCase() ?? object.mail}`;

function firstIndexes(members: readonly Member[], keyOf: KeyOf): Map<string | null | undefined, number> {
  const first = new Map<string | null | undefined, number>();
  members.forEach((member, index) => {
    if (isInActiveDirectory(member) && !first.has(keyOf(member))) first.set(keyOf(member), index);
  });
  return first;
}

function indexesBy(members: readonly Member[], keyOf: KeyOf): Iterable<readonly number[]> {
  const indexes = new Map<string, number[]>();
  members.forEach((member, index) => {
    const key = keyOf(member);
    if (!key) return;
    const same = indexes.get(key);
    if (same === undefined) indexes.set(key, [index]);
    else same.push(index);
  });
  return indexes.values();
}
