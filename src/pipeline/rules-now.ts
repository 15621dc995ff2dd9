import type { AuditObject } from '../audit/audit-object.ts';
import type { AuditSettings } from '../audit/audit-settings.ts';
import type { AttributeRule } from '../audit/rule.ts';
import type { AdObject, Evidence, Fact, RulesNow, VerifiedDomain } from '../domain/evidence.ts';
import { normaliseProxyAddress } from '../domain/proxy-address.ts';
import type { Clock, CloudDirectory, OnPremises } from '../ports.ts';
import { type AuditPolicy, auditSettings } from './audit-policy.ts';
import { heldByOthers } from './held-by-others.ts';

interface RulesPorts {
  readonly clock: Clock;
  readonly directory: CloudDirectory;
  readonly onPremises: OnPremises;
}

/** What the rules are asked about: an object as it was just read, and one value of it. */
export interface Asked {
  readonly ad: AdObject;
  readonly sought: Evidence['sought'];
  readonly domains: Fact<VerifiedDomain[]>;
}

/** Free values that are looked for before a person has to think. */
const mostTried = 5;

/** What the value breaks now; empty: it passes, or the object does not have it any more. */
export async function brokenRules(
  { clock }: Pick<RulesPorts, 'clock'>,
  policy: AuditPolicy,
  { ad, sought, domains }: Asked,
): Promise<{ rule: string; message: string; remedy: string }[]> {
  const { rules, object } = await rulesFor(ad, sought);
  const settings = auditSettings(policy, domains, clock.now());
  // A finding's blank value and its absence are told alike.
  const values = sought.value === '' ? [null, ''] : [sought.value];
  return rules.flatMap((rule) => {
    const held = values.find((value) => rule.values(object).includes(value));
    const problem = held === undefined ? null : rule.check(held, object, settings);
    return problem === null ? [] : [{ rule: rule.meta.code, ...problem }];
  });
}

/** The same, with a value that would do and that nobody holds. @param suggested what the audit proposed */
export async function rulesNow(
  ports: RulesPorts,
  policy: AuditPolicy,
  asked: Asked,
  suggested: string | null,
): Promise<RulesNow> {
  const broken = await brokenRules(ports, policy, asked);
  const at = ports.clock.now().toISOString();
  const known: RulesNow['broken'] = { state: 'known', value: broken, source: "the audit's rules", at };
  return {
    broken: known,
    replacement: broken.length === 0 ? null : await freeValue(ports, policy, asked, suggested),
    namesUser: policy.userNameAttribute === asked.sought.attribute,
  };
}

async function freeValue(
  ports: RulesPorts,
  policy: AuditPolicy,
  { ad, sought, domains }: Asked,
  suggested: string | null,
): Promise<RulesNow['replacement']> {
  const { rules, object } = await rulesFor(ad, sought);
  const settings = auditSettings(policy, domains, ports.clock.now());
  const candidates = await passing(rules, object, sought, settings, suggested);
  let last: RulesNow['replacement'] = null;
  for (const value of candidates) {
    last = { value, taken: await isTaken(ports, value, ad, sought) };
    if (last.taken.state === 'unknown' || !last.taken.value) return last;
  }
  return last;
}

/** The audit's own proposal first: it differs from what it proposed to others. */
async function passing(
  rules: readonly AttributeRule[],
  object: AuditObject,
  sought: Evidence['sought'],
  settings: AuditSettings,
  suggested: string | null,
): Promise<string[]> {
  const { breaks, withValue } = await import('../audit/proposals.ts');
  const value = storedValue(sought);
  const broken = rules.find((rule) => breaks(rule, value, object, settings));
  const passes = (candidate: string): boolean => {
    const changed = withValue(object, sought.attribute, value, candidate);
    return (
      candidate !== value &&
      !hasBeside(object, sought, candidate) &&
      !rules.some((rule) => breaks(rule, candidate, changed, settings))
    );
  };
  const found = new Set<string>();
  for (const candidate of [
    ...(suggested === null ? [] : [suggested]),
    ...(broken?.propose(value, object, settings) ?? []),
  ]) {
    if (passes(candidate)) found.add(candidate);
    if (found.size === mostTried) break;
  }
  return [...found];
}

/** A list holds no address twice: where the better one stands beside the wrong one, a person removes the wrong one. */
const hasBeside = (
  { proxyAddresses }: AuditObject,
  { attribute, value }: Evidence['sought'],
  candidate: string,
): boolean =>
  attribute === 'proxyAddresses' &&
  proxyAddresses.some((other) => other !== value && normaliseProxyAddress(other) === normaliseProxyAddress(candidate));

/** Attributes that name an object to others, and so have to be its alone. */
const namesObject: ReadonlySet<string> = new Set(['userPrincipalName', 'proxyAddresses', 'mail', 'targetAddress']);

async function isTaken(
  ports: RulesPorts,
  value: string,
  ad: AdObject,
  { attribute }: Evidence['sought'],
): Promise<Fact<boolean>> {
  const known = (taken: boolean, source: string): Fact<boolean> => ({
    state: 'known',
    value: taken,
    source,
    at: ports.clock.now().toISOString(),
  });
  if (!namesObject.has(attribute)) return known(false, `${attribute} may be the same at several objects`);
  const others = await heldByOthers(ports, value, ad);
  return others.ok
    ? known(others.value.length > 0, 'Microsoft Graph and relay')
    : {
        state: 'unknown',
        because: others.failure.message,
        remedy: 'Recheck the case when both directories answer.',
      };
}

/** Loaded when a finding of the audit is looked at, so that no other function waits for the rules. */
async function rulesFor(ad: AdObject, { attribute }: Evidence['sought']) {
  const [{ entraRules }, { auditObjectOfAd }] = await Promise.all([
    import('../audit/index.ts'),
    import('../audit/live-object.ts'),
  ]);
  return { rules: entraRules.filter(({ meta }) => meta.attribute === attribute), object: auditObjectOfAd(ad) };
}

/** Rules speak of an absent attribute as null. A blank one is as good as absent to Active Directory, which stores none. */
const storedValue = ({ value }: Evidence['sought']): string | null => (value === '' ? null : value);
