import type { Origin } from './audit-object.ts';

const kinds: readonly unknown[] = ['cloud-only', 'guest', 'synchronised', 'soft-deleted'];
const quarantining: readonly unknown[] = ['userPrincipalName', 'proxyAddresses'];

/** @returns what an {@link Origin} must have and this one has not; null: it is one */
export function whatOriginLacks(given: object): string | null {
  const origin = given as Readonly<Partial<Record<string, unknown>>>;
  switch (origin['side']) {
    case 'active-directory':
      return firstOf([
        [typeof origin['forest'] === 'string', 'a forest'],
        [isTextIfAny(origin['domainController']), 'a domainController that is text'],
      ]);
    case 'entra':
      return firstOf([
        [typeof origin['id'] === 'string', 'an id'],
        [kinds.includes(origin['kind']), `a kind (${kinds.join(', ')})`],
        [isTextIfAny(origin['onPremisesImmutableId']), 'an onPremisesImmutableId that is text'],
        [isTruthValueIfAny(origin['privileged']), 'a privileged that is true or false'],
        [isTruthValueIfAny(origin['licensed']), 'a licensed that is true or false'],
        [isTextIfAny(origin['lastSignIn']), 'a lastSignIn that is text'],
        [areQuarantinedIfAny(origin['quarantined']), 'quarantined values as a list of attribute and value'],
      ]);
    default:
      return 'a side (active-directory, entra)';
  }
}

const firstOf = (demands: readonly (readonly [isMet: boolean, demand: string])[]): string | null =>
  demands.find(([isMet]) => !isMet)?.[1] ?? null;

const isTextIfAny = (given: unknown): boolean => given === undefined || typeof given === 'string';
const isTruthValueIfAny = (given: unknown): boolean => given === undefined || typeof given === 'boolean';

function areQuarantinedIfAny(given: unknown): boolean {
  if (given === undefined) return true;
  return Array.isArray(given) && given.every(isQuarantined);
}

const isQuarantined = (given: { attribute?: unknown; value?: unknown } | null | undefined): boolean =>
  quarantining.includes(given?.attribute) && typeof given?.value === 'string';

export const isOrigin = (given: unknown): given is Origin =>
  typeof given === 'object' && given !== null && whatOriginLacks(given) === null;
