/** Somebody whom a text names beside others. */
export interface Named {
  readonly name: string;
  /** What may tell namesakes apart, the shortest first, ending with what only this one has; undefined: it has none. */
  readonly marks: readonly (string | undefined)[];
}

/**
 * The name of each, in the order given. Those whose names differ in case at most get, in brackets, the first of their marks
 * that no namesake has.
 */
export function nameApart(all: readonly Named[]): string[] {
  return all.map((one) => {
    const namesakes = all.filter((other) => other !== one && folded(other.name) === folded(one.name));
    if (namesakes.length === 0) return one.name;
    const theirs = new Set(namesakes.flatMap(({ marks }) => marks.flatMap((mark) => (mark ? [folded(mark)] : []))));
    const own = one.marks.find((mark) => mark && !theirs.has(folded(mark)));
    return own === undefined ? one.name : `${one.name} (${own})`;
  });
}

/** The DNS name of the domain in which a DN lies; undefined when it names none. */
export function domainOfDn(distinguishedName: string): string | undefined {
  const labels = [...distinguishedName.matchAll(/(?:^|,)DC=([^,]+)/gi)].map(([, label]) => label);
  return labels.length === 0 ? undefined : labels.join('.');
}

const folded = (text: string): string => text.trim().toLowerCase();
