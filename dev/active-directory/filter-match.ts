import { categoryOf, matchKey, type Value } from './attribute-value.ts';
import type { Entry } from './entry.ts';
import type { Filter, SubstringPart } from './filter.ts';
import { foldText } from './fold-text.ts';
import type { GuidKey } from './object-guid.ts';
import type { Replica } from './replica.ts';
import { type AttributeSchema, attributeSchema } from './schema.ts';

/** `undefined` is LDAP's third truth value: a filter over an attribute that the schema does not know matches nothing, negated or not. */
type Truth = boolean | undefined;

/** A filter ready to run over one replica. */
export interface Matcher {
  test(entry: Entry): Truth;
  /** Every entry that can match, when an index tells; a superset of the answer. */
  readonly candidates?: readonly Entry[];
}

export interface MatchScope {
  readonly replica: Replica;
  /** Whether only the attributes of the global catalogue can be asked for. */
  readonly catalogue: boolean;
  /** The object that a DN in a filter names. */
  guidOf(dn: string): GuidKey | undefined;
}

const bitwiseAnd = '1.2.840.113556.1.4.803';
const bitwiseOr = '1.2.840.113556.1.4.804';
const inChain = '1.2.840.113556.1.4.1941';

const never: Matcher = { test: () => undefined, candidates: [] };

export function compileFilter(filter: Filter, scope: MatchScope): Matcher {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.filters.map((part) => compileFilter(part, scope)));
    case 'or':
      return anyOf(filter.filters.map((part) => compileFilter(part, scope)));
    case 'not':
      return negation(compileFilter(filter.filter, scope));
    default: {
      const attribute = attributeSchema(filter.attribute.split(';')[0] ?? '');
      if (!attribute || (scope.catalogue && !attribute.inGlobalCatalogue)) return never;
      return compileAssertion(filter, attribute, scope);
    }
  }
}

function allOf(parts: readonly Matcher[]): Matcher {
  const smallest = parts
    .flatMap(({ candidates }) => (candidates ? [candidates] : []))
    .sort((a, b) => a.length - b.length)[0];
  return withCandidates(smallest, (entry) => {
    let truth: Truth = true;
    for (const part of parts) {
      const answer = part.test(entry);
      if (answer === false) return false;
      if (answer === undefined) truth = undefined;
    }
    return truth;
  });
}

function anyOf(parts: readonly Matcher[]): Matcher {
  const known = parts.every(({ candidates }) => candidates);
  const union = known ? [...new Set(parts.flatMap(({ candidates }) => candidates ?? []))] : undefined;
  return withCandidates(union, (entry) => {
    let truth: Truth = false;
    for (const part of parts) {
      const answer = part.test(entry);
      if (answer) return true;
      if (answer === undefined) truth = undefined;
    }
    return truth;
  });
}

function negation(part: Matcher): Matcher {
  return {
    test: (entry) => {
      const answer = part.test(entry);
      return answer === undefined ? undefined : !answer;
    },
  };
}

function withCandidates(candidates: readonly Entry[] | undefined, test: Matcher['test']): Matcher {
  return candidates ? { test, candidates } : { test };
}

type Assertion = Exclude<Filter, { kind: 'and' | 'or' | 'not' }>;

function compileAssertion(filter: Assertion, attribute: AttributeSchema, scope: MatchScope): Matcher {
  const valuesOf = reader(attribute, scope.replica);
  switch (filter.kind) {
    case 'present':
      return { test: (entry) => valuesOf(entry).length > 0 };
    case 'equal':
    case 'approximate':
      return equality(attribute, assertedValue(attribute, filter.value, scope), valuesOf, scope.replica);
    case 'atLeast':
    case 'atMost':
      return ordering(filter.kind, attribute, filter.value.toString('utf8'), valuesOf, scope.replica);
    case 'substrings': {
      const pattern = substringPattern(filter.parts);
      return {
        test: (entry) => valuesOf(entry).some((value) => typeof value === 'string' && pattern.test(foldText(value))),
      };
    }
    case 'extensible':
      return extensible(filter.rule, attribute, filter.value, valuesOf, scope);
  }
}

/** memberOf and its kind are the other end of a stored link. */
const backLinks = new Map([
  ['memberof', 'member'],
  ['directreports', 'manager'],
  ['managedobjects', 'managedby'],
]);

/** Values of an attribute with which a filter can be compared. */
export function reader(attribute: AttributeSchema, replica: Replica): (entry: Entry) => readonly Value[] {
  const forward = backLinks.get(attribute.key);
  if (forward) return (entry) => replica.index.find(forward, entry.guid).map(({ guid }) => guid);
  return (entry) => entry.values(attribute.key);
}

function assertedValue(attribute: AttributeSchema, octets: Buffer, scope: MatchScope): Value | undefined {
  if (attribute.syntax === 'octets' || attribute.syntax === 'sid') return octets;
  const text = octets.toString('utf8');
  if (attribute.syntax === 'dn') return scope.guidOf(text);
  if (attribute.syntax === 'category') return categoryOf(text);
  return text;
}

function equality(
  attribute: AttributeSchema,
  asserted: Value | undefined,
  valuesOf: (entry: Entry) => readonly Value[],
  replica: Replica,
): Matcher {
  if (asserted === undefined) return { test: () => false, candidates: [] };
  const key = matchKey(attribute, asserted);
  const test = (entry: Entry): boolean => valuesOf(entry).some((value) => matchKey(attribute, value) === key);
  if (replica.index.covers(attribute)) return { test, candidates: replica.index.find(attribute.key, key) };
  if (attribute.key === 'objectguid') return { test, candidates: present(replica.byGuid(key)) };
  if (attribute.key === 'distinguishedname') return { test, candidates: present(replica.byGuid(key)) };
  if (attribute.key === 'memberof') {
    const members = replica.byGuid(key)?.values('member') ?? [];
    return { test, candidates: members.flatMap((guid) => present(replica.byGuid(String(guid)))) };
  }
  return { test };
}

function ordering(
  kind: 'atLeast' | 'atMost',
  attribute: AttributeSchema,
  text: string,
  valuesOf: (entry: Entry) => readonly Value[],
  replica: Replica,
): Matcher {
  const compare = comparator(attribute, text);
  if (!compare) return never;
  const test = (entry: Entry): boolean =>
    valuesOf(entry).some((value) => (kind === 'atLeast' ? compare(value) >= 0 : compare(value) <= 0));
  if (attribute.key === 'usnchanged' && kind === 'atLeast') {
    return { test, candidates: replica.changes.after(Number(text) - 1) };
  }
  return { test };
}

/** Negative when the value sorts before the asserted text. */
function comparator(attribute: AttributeSchema, text: string): ((value: Value) => number) | undefined {
  if (attribute.syntax === 'integer') {
    if (!/^-?\d+$/.test(text)) return undefined;
    const asserted = BigInt(text);
    return (value) => Number(BigInt(String(value)) - asserted);
  }
  const asserted = foldText(text);
  return (value) => {
    const key = foldText(String(value));
    return key < asserted ? -1 : Number(key > asserted);
  };
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function substringPattern(parts: readonly SubstringPart[]): RegExp {
  const quoted = parts.map(({ position, text }) => ({ position, text: escapePattern(foldText(text)) }));
  const initial = quoted.find(({ position }) => position === 'initial')?.text ?? '';
  const final = quoted.find(({ position }) => position === 'final')?.text ?? '';
  const middle = quoted.filter(({ position }) => position === 'any').map(({ text }) => `${text}.*`);
  return new RegExp(`^${initial}.*${middle.join('')}${final}$`, 's');
}

function extensible(
  rule: string,
  attribute: AttributeSchema,
  octets: Buffer,
  valuesOf: (entry: Entry) => readonly Value[],
  scope: MatchScope,
): Matcher {
  const text = octets.toString('utf8');
  if (rule === bitwiseAnd || rule === bitwiseOr) {
    if (attribute.syntax !== 'integer' || !/^-?\d+$/.test(text)) return never;
    const bits = BigInt.asUintN(64, BigInt(text));
    const holds = (common: bigint): boolean => (rule === bitwiseAnd ? common === bits : common !== 0n);
    return {
      test: (entry) => valuesOf(entry).some((value) => holds(BigInt.asUintN(64, BigInt(String(value))) & bits)),
    };
  }
  if (rule === inChain) return chain(attribute, text, scope);
  if (rule === '') return equality(attribute, assertedValue(attribute, octets, scope), valuesOf, scope.replica);
  return never;
}

/** `memberOf` in chain: everything inside a group, nested; `member` in chain: every group around an object. */
function chain(attribute: AttributeSchema, dn: string, { replica, guidOf }: MatchScope): Matcher {
  const start = guidOf(dn);
  const next = chainStep(attribute.key, replica);
  if (!start || !next) return never;
  const reached = reachable(start, next);
  const candidates = [...reached].flatMap((guid) => present(replica.byGuid(guid)));
  return { test: (entry) => reached.has(entry.guid), candidates };
}

function chainStep(key: string, replica: Replica): ((guid: GuidKey) => readonly GuidKey[]) | undefined {
  if (key === 'memberof') return (guid) => (replica.byGuid(guid)?.values('member') ?? []).map(String);
  if (key === 'member') return (guid) => replica.index.find('member', guid).map((group) => group.guid);
  return undefined;
}

/** Everything that can be reached from `start` in one step or more. */
export function reachable(start: GuidKey, next: (guid: GuidKey) => readonly GuidKey[]): Set<GuidKey> {
  const reached = new Set<GuidKey>();
  const waiting = [...next(start)];
  for (let guid = waiting.pop(); guid !== undefined; guid = waiting.pop()) {
    if (reached.has(guid)) continue;
    reached.add(guid);
    waiting.push(...next(guid));
  }
  return reached;
}

const present = (entry: Entry | undefined): readonly Entry[] => (entry ? [entry] : []);
