import { withoutInvisible } from '../../domain/invisible-characters.ts';
import { numbered } from '../../domain/plain-name.ts';
import { domainOf, localPartOf, parseProxyAddress } from '../../domain/proxy-address.ts';
import type { AuditObject } from '../audit-object.ts';
import type { AuditSettings } from '../audit-settings.ts';
import { type Space, spaces } from '../claims.ts';
import { breaks, withValue } from '../proposals.ts';
import { nameOf } from '../repair.ts';
import type { AttributeRule } from '../rule.ts';
import { isAcceptedSuffix, preferredDomain } from '../tenant-domains.ts';
import type { ValueClaim } from './claims.ts';

/** What could stand in the place of a value that somebody else has: the same text for each attribute that has it. */
export interface FreeValue {
  /** As it is compared, in the space of the value. */
  readonly value: string;
  /** By the stored form that it replaces. */
  readonly stored: ReadonlyMap<string, string>;
}

/**
 * Names like the person's own, then like the taken one, with numbers behind; in the taken value's domain when that is
 * verified, else in the one that the object's names belong to. Only those that break no rule of any of the attributes.
 *
 * @param taken the claims of one object to one value
 */
export function* freeValuesFor(
  taken: readonly ValueClaim[],
  object: AuditObject,
  settings: AuditSettings,
  rules: readonly AttributeRule[],
): Generator<FreeValue> {
  const [first] = taken;
  if (first === undefined) return;
  for (const candidate of candidatesFor(first, object, settings)) {
    const stored = new Map(taken.map((claim) => [claim.stored, inFormOf(claim, candidate)]));
    const changed = taken.reduce(
      (sofar, { attribute, stored: old }) => withValue(sofar, attribute, old, stored.get(old) ?? candidate),
      object,
    );
    const attributes = new Map(taken.map(({ attribute, stored: old }) => [attribute, stored.get(old) ?? candidate]));
    const passes = rules.every((rule) => {
      const next = attributes.get(rule.meta.attribute);
      return next === undefined || !breaks(rule, next, changed, settings);
    });
    if (passes) yield { value: comparedIn(first.space, candidate), stored };
  }
}

function candidatesFor({ space, value }: ValueClaim, object: AuditObject, settings: AuditSettings): string[] {
  const own = nameOf(object);
  switch (space) {
    case spaces.address:
    case spaces.sip: {
      const domain = suffixFor(domainOf(value), object, settings);
      if (domain === null) return [];
      return namesLike(own, localPartOf(value)).map((name) => `${name}@${domain}`);
    }
    case spaces.mailNickname:
      return namesLike(own, value);
    case spaces.heldAccountName:
      return namesLike(own.slice(0, 18).replace(/\.+$/, ''), value.slice(0, 19).replace(/\.+$/, ''));
    default:
      return [];
  }
}

function namesLike(own: string, taken: string): string[] {
  const old = withoutInvisible(taken).trim().toLowerCase();
  const [plainOwn = '', ...numberedOwn] = own === '' ? [] : numbered(own);
  const [, ...numberedOld] = numbered(old);
  return [...new Set([plainOwn, ...numberedOld, ...numberedOwn])].filter((name) => name !== '' && name !== old);
}

function suffixFor(domain: string, object: AuditObject, settings: AuditSettings): string | null {
  return isAcceptedSuffix(domain, settings) ? domain : preferredDomain(object, settings);
}

/** With the prefix, and its case, of the value that it replaces. */
function inFormOf({ attribute, stored }: ValueClaim, candidate: string): string {
  if (attribute === 'userPrincipalName' || attribute === 'mail') return candidate;
  const parsed = parseProxyAddress(stored);
  if (parsed === null) return candidate;
  return `${stored.slice(0, stored.indexOf(':') + 1)}${candidate}`;
}

const comparedIn = (space: Space, candidate: string): string =>
  space === spaces.otherAddress ? candidate : candidate.toLowerCase();
