import type { Concern } from './attribute-rules.ts';

/** A value with more characters (UTF-16 code units, as Active Directory counts them) than Entra takes. */
export function longerThan(
  limit: number,
  concern: Omit<Concern, 'check' | 'checkAbsence' | 'severity'> & Partial<Pick<Concern, 'severity'>>,
): Concern {
  return {
    severity: 'error',
    ...concern,
    check: ({ length }) => (length > limit ? `It has ${length} characters; the most is ${limit}.` : null),
  };
}

/** The first characters, without half a character at the end. */
export const cutTo = (limit: number, text: string): string =>
  text
    .slice(0, limit)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd();
