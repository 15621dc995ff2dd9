import type { Trail } from '../domain/audit-trail.ts';
import { immutableIdOf } from '../domain/immutable-id.ts';

/**
 * A test whether a text names the person: as a whole word, ignoring case, so that ann@contoso.com is not found in
 * joann@contoso.com. An objectGUID is also known by its immutableId.
 */
export function namesOneOf(names: readonly string[]): (text: string) => boolean {
  const sought = names.flatMap((name) => [name, immutableIdOf(name) ?? name]).map(asWord);
  return (text) => sought.some((word) => word.test(text));
}

const partOfName = String.raw`[\p{L}\p{N}_%+-]`;
const asWord = (name: string): RegExp =>
  new RegExp(`(?<!${partOfName}|${partOfName}\\.)${literally(name)}(?!${partOfName}|\\.${partOfName})`, 'iu');

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Whether anything recorded in the case names the person; who acted on the case does not count. */
export function mentions(trail: Trail, isNamed: (text: string) => boolean): boolean {
  return holds(trail.projection?.case, isNamed) || trail.events.some(({ event }) => holds(event, isNamed));
}

function holds(value: unknown, isNamed: (text: string) => boolean): boolean {
  if (typeof value === 'string') return isNamed(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => name !== 'by' && holds(member, isNamed));
}
