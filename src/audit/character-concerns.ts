import { codePoint, invisibleIn, withoutInvisible } from '../domain/invisible-characters.ts';
import type { Concern } from './attribute-rules.ts';
import { source } from './sources.ts';

/** Held against each attribute that identifies an object. */
export const invisibleCharacters: Concern = {
  code: 'InvisibleCharacters',
  severity: 'warning',
  description: 'A value has characters that nobody sees',
  source: source.addresses,
  remedy: 'Type the value anew where it is mastered; do not copy it.',
  check(value) {
    const found = invisibleIn(value);
    return found.length === 0 ? null : `Entra drops the value or makes another one: it has ${found.join(', ')}.`;
  },
};

/**
 * The visible characters of a text that the pattern matches, for people: `"ö" (U+00F6), space`.
 * @returns null when there are none
 */
export function visibleMatches(text: string, pattern: RegExp): string | null {
  const found = withoutInvisible(text).match(pattern);
  if (found === null) return null;
  return [...new Set(found)].map((one) => (one === ' ' ? 'space' : `"${one}" (${codePoint(one)})`)).join(', ');
}
