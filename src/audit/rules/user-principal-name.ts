import { withoutInvisible } from '../../domain/invisible-characters.ts';
import { isNonRoutable } from '../../domain/non-routable.ts';
import { numbered } from '../../domain/plain-name.ts';
import { domainOf, localPartOf } from '../../domain/proxy-address.ts';
import {
  faultsOfUserPrincipalName,
  longestUserPrincipalName,
  type UserPrincipalNameFault,
  unusualInDomain,
  unusualInUserName,
} from '../../domain/user-principal-name.ts';
import { attributeRules, type Concern } from '../attribute-rules.ts';
import { type AuditObject, objectTypeOf } from '../audit-object.ts';
import type { AuditSettings } from '../audit-settings.ts';
import { invisibleCharacters, visibleMatches } from '../character-concerns.ts';
import { comparableDomain, nameOf, repairedDomain, without } from '../repair.ts';
import { source } from '../sources.ts';
import { hasGoodDomain, isAcceptedSuffix, preferredDomain } from '../tenant-domains.ts';

const isUser = (object: AuditObject): boolean => objectTypeOf(object) === 'user';

/** What holds for the attribute that becomes the sign-in name in Entra: userPrincipalName, or mail as alternate login id. */
export function userNameConcerns(attribute: AuditSettings['userNameAttribute']): Concern[] {
  return everyConcern.map((concern) => ({
    ...concern,
    check: (value, object, settings) =>
      settings.userNameAttribute === attribute && isUser(object)
        ? (concern.check?.(withoutInvisible(value), object, settings) ?? null)
        : null,
  }));
}

const everyConcern: Concern[] = [
  {
    code: 'UserPrincipalNameCharacters',
    severity: 'error',
    description: 'A sign-in name has characters that Entra refuses',
    source: source.prepare,
    remedy: "Give the user a name of A-Z a-z 0-9 and ' . - _ ! # ^ ~ in a verified domain.",
    check(value) {
      const local = visibleMatches(localPartOf(value).replaceAll('@', ''), unusualInUserName);
      if (local !== null) return `The part before @ has ${local}; allowed are A-Z a-z 0-9 ' . - _ ! # ^ ~.`;
      const domain = value.includes('@') ? visibleMatches(domainOf(value), unusualInDomain) : null;
      return domain === null ? null : `The domain has ${domain}; an international name is written in its xn-- form.`;
    },
  },
  {
    code: 'UserPrincipalNameFormat',
    severity: 'error',
    description: 'A sign-in name is not of the form name@domain',
    source: source.prepare,
    remedy: 'Give the user a name of the form name@domain, with a verified domain.',
    check: (value) => faultsOf(value, 'format'),
  },
  {
    code: 'UserPrincipalNameLength',
    severity: 'error',
    description: 'A sign-in name is too long',
    source: source.prepare,
    remedy: `Choose at most ${longestUserPrincipalName.local} characters before @, and a domain of at most ${longestUserPrincipalName.domain}.`,
    check: (value) => faultsOf(value, 'length'),
  },
  {
    code: 'UserPrincipalNameSuffix',
    severity: 'warning',
    description: 'The suffix of a sign-in name is not a verified domain',
    source: source.names,
    remedy:
      'Verify the domain in the tenant, or add a verified one as UPN suffix to the forest and give it to the user.',
    check(value, _object, settings) {
      const domain = domainOf(value);
      if (domain === '' || isAcceptedSuffix(comparableDomain(domain, settings), settings)) return null;
      const what = isNonRoutable(domain) ? 'can never be verified' : 'is not verified in the tenant';
      return `${domain} ${what}: Entra makes the name from the alias and the initial domain instead.`;
    },
  },
];

function faultsOf(value: string, kind: UserPrincipalNameFault['kind']): string | null {
  const messages = faultsOfUserPrincipalName(value)
    .filter((fault) => fault.kind === kind)
    .map(({ message }) => message);
  return messages.length === 0 ? null : `As a sign-in name ${messages.join('; ')}.`;
}

/** Names in letters that Entra takes, in the value's own domain if it will do, and numbered in case they are taken. */
export function userNameCandidates(value: string | null, object: AuditObject, settings: AuditSettings): string[] {
  const visible = withoutInvisible(value ?? '');
  const local = without(unusualInUserName, localPartOf(visible)).replace(/\.+$/, '') || nameOf(object);
  const domain = suffixFor(visible, object, settings);
  if (local === '' || domain === null) return [];
  const fits = local.length <= longestUserPrincipalName.local;
  const bases = fits ? [local] : [nameOf(object), local.slice(0, longestUserPrincipalName.local - 2)];
  return bases.filter(Boolean).flatMap((base) => numbered(base.replace(/\.+$/, '')).map((name) => `${name}@${domain}`));
}

function suffixFor(visible: string, object: AuditObject, settings: AuditSettings): string | null {
  const own = visible.includes('@') ? repairedDomain(domainOf(visible), settings) : null;
  const fits = own !== null && own.length <= longestUserPrincipalName.domain && isAcceptedSuffix(own, settings);
  return fits ? own : preferredDomain(object, settings);
}

const clean = /^[A-Za-z0-9'._!#^~-]{0,63}[A-Za-z0-9'_!#^~-]@/;

/** Surely without fault as a sign-in name. */
export const isCleanUserName = (value: string, settings: AuditSettings): boolean =>
  clean.test(value) &&
  value.length - value.indexOf('@') - 1 <= longestUserPrincipalName.domain &&
  hasGoodDomain(value, settings);

const absent: Concern[] = [
  {
    code: 'UserPrincipalNameAbsent',
    severity: 'warning',
    description: 'A user has no userPrincipalName',
    source: source.defaultRules,
    remedy: 'Give the user a userPrincipalName in a verified domain.',
    checkAbsence: ({ sAMAccountName }, settings) =>
      settings.userNameAttribute === 'userPrincipalName' && sAMAccountName !== undefined
        ? 'Entra Connect makes a name from sAMAccountName and the DNS name of the domain, which need not be verified.'
        : null,
  },
  {
    code: 'AccountNameAbsent',
    severity: 'error',
    description: 'A user has neither userPrincipalName nor sAMAccountName',
    source: source.defaultRules,
    remedy: 'Give the user a userPrincipalName in a verified domain.',
    checkAbsence: ({ sAMAccountName }, settings) =>
      settings.userNameAttribute === 'userPrincipalName' && sAMAccountName === undefined
        ? 'Nothing names the account: the synchronisation rule stops with "AccountName is not present".'
        : null,
  },
];

export const userPrincipalNameRules = attributeRules({
  attribute: 'userPrincipalName',
  values: (object) => (isUser(object) ? [object.userPrincipalName ?? null] : []),
  surelyPasses: (object, settings) =>
    object.userPrincipalName === undefined ? !isUser(object) : isCleanUserName(object.userPrincipalName, settings),
  concerns: [invisibleCharacters, ...userNameConcerns('userPrincipalName'), ...absent],
  candidates: userNameCandidates,
});
