import type { Comparison, Filter, Literal, Path } from './filter-syntax.ts';

/** Reads a property of the object that is being judged. */
export type PropertyReader = (name: string) => unknown;

type Variables = ReadonlyMap<string, unknown>;

const none: Variables = new Map();

/** Whether an object satisfies a filter. Text is compared without regard to case, but for the prefix of an address. */
export function satisfies(filter: Filter, read: PropertyReader, variables: Variables = none): boolean {
  switch (filter.kind) {
    case 'and':
      return satisfies(filter.left, read, variables) && satisfies(filter.right, read, variables);
    case 'or':
      return satisfies(filter.left, read, variables) || satisfies(filter.right, read, variables);
    case 'not':
      return !satisfies(filter.inner, read, variables);
    case 'compare':
      return compare(filter.operator, valueAt(filter.path, read, variables), filter.value);
    case 'in':
      return filter.values.some((value) => compare('eq', valueAt(filter.path, read, variables), value));
    case 'text':
      return matchesText(filter.function, valueAt(filter.path, read, variables), filter.value);
    case 'any':
      return itemsAt(filter.path, read, variables).some((item) => holdsFor(filter, item, read, variables));
    case 'all':
      return itemsAt(filter.path, read, variables).every((item) => holdsFor(filter, item, read, variables));
  }
}

function holdsFor(
  filter: Extract<Filter, { kind: 'any' | 'all' }>,
  item: unknown,
  read: PropertyReader,
  variables: Variables,
): boolean {
  if (!filter.body || filter.variable === undefined) return true;
  return satisfies(filter.body, read, new Map([...variables, [filter.variable, item]]));
}

function valueAt([first, ...rest]: Path, read: PropertyReader, variables: Variables): unknown {
  let value = variables.has(first) ? variables.get(first) : read(first);
  for (const name of rest) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return value;
}

function itemsAt(path: Path, read: PropertyReader, variables: Variables): readonly unknown[] {
  const items = valueAt(path, read, variables);
  return Array.isArray(items) ? items : [];
}

function compare(operator: Comparison, actual: unknown, expected: Literal): boolean {
  if (operator === 'eq') return isEqual(actual, expected);
  if (operator === 'ne') return !isEqual(actual, expected);
  if (actual === null || actual === undefined || expected === null) return false;
  const order = orderOf(actual, expected);
  if (operator === 'gt') return order > 0;
  if (operator === 'ge') return order >= 0;
  return operator === 'lt' ? order < 0 : order <= 0;
}

function isEqual(actual: unknown, expected: Literal): boolean {
  if (expected === null) return actual === null || actual === undefined;
  if (typeof actual !== 'string' || typeof expected !== 'string') return actual === expected;
  if (actual === expected || actual.toLowerCase() === expected.toLowerCase()) return hasSamePrefix(actual, expected);
  return isTime(actual) && isTime(expected) && Date.parse(actual) === Date.parse(expected);
}

/** Whether `SMTP:` equals `smtp:` in a filter is not documented, so it does not: a client has to ask for both. */
function hasSamePrefix(left: string, right: string): boolean {
  const prefix = /^smtp:/i;
  return prefix.exec(left)?.[0] === prefix.exec(right)?.[0];
}

function orderOf(actual: unknown, expected: string | number | boolean): number {
  if (typeof actual === 'number' && typeof expected === 'number') return actual - expected;
  const left = String(actual);
  const right = String(expected);
  if (isTime(left) && isTime(right)) return Date.parse(left) - Date.parse(right);
  return left.toLowerCase() < right.toLowerCase() ? -1 : left.toLowerCase() === right.toLowerCase() ? 0 : 1;
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text);
}

function matchesText(called: 'startsWith' | 'endsWith' | 'contains', actual: unknown, expected: string): boolean {
  if (typeof actual !== 'string') return false;
  const text = actual.toLowerCase();
  const part = expected.toLowerCase();
  if (called === 'startsWith')
    return text.startsWith(part) && hasSamePrefix(actual, expected.length < 5 ? actual : expected);
  return called === 'endsWith' ? text.endsWith(part) : text.includes(part);
}
