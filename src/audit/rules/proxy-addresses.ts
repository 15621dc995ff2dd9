import { withoutInvisible } from '../../domain/invisible-characters.ts';
import { isNonRoutable } from '../../domain/non-routable.ts';
import { numbered } from '../../domain/plain-name.ts';
import {
  bareAddress,
  domainOf,
  isSmtp,
  localPartOf,
  normaliseProxyAddress,
  parseProxyAddress,
} from '../../domain/proxy-address.ts';
import { faultOfSmtpAddress, isSimpleMailbox } from '../../domain/smtp-address.ts';
import { attributeRules, type Concern } from '../attribute-rules.ts';
import { type AuditObject, objectTypeOf } from '../audit-object.ts';
import type { AuditSettings } from '../audit-settings.ts';
import { invisibleCharacters, visibleMatches } from '../character-concerns.ts';
import { longerThan } from '../length-concern.ts';
import { comparableDomain, repairedAddress, without, withoutPrefixes } from '../repair.ts';
import { source } from '../sources.ts';
import { hasGoodDomain, isAcceptedSuffix, isForeignTenant, preferredDomain } from '../tenant-domains.ts';

const limit = { characters: 256, values: 300 };

/**
 * Values that Exchange and its connectors write and read, in forms of their own: X.400, X.500 (`/o=ExchangeLabs/...`),
 * MSMail, unified messaging, SharePoint. People do not change them.
 */
const writtenByExchange = /^(?:x\.?[45]00:|ms(?:mail)?:|ccmail:|eum:|spo:|(?:[a-z0-9.]+:)?\/o=)/i;

const isAddressOfPeople = (value: string): boolean => !writtenByExchange.test(value);

/** Held against values that people write; those that Exchange writes pass. Characters that nobody sees are not its matter. */
const ofPeople = (concern: Concern): Concern => ({
  ...concern,
  check: (value, object, settings) =>
    isAddressOfPeople(value) ? (concern.check?.(withoutInvisible(value), object, settings) ?? null) : null,
});

/** The part that may look like an address. */
const addressIn = (value: string): string => parseProxyAddress(value)?.address ?? value;

/** Compared in lower case; null when the value is no SMTP address. */
const smtpDomainOf = (value: string): string | null => (isSmtp(value) ? domainOf(value).trim() : null);

const concerns: Concern[] = [
  {
    code: 'ProxyAddressPrefix',
    severity: 'warning',
    description: 'An address has no prefix such as smtp:',
    source: source.addresses,
    remedy: 'Remove the value, or write it with its prefix.',
    check: (value) =>
      parseProxyAddress(value) === null ? 'Entra drops it: it does not start with smtp: or another prefix.' : null,
  },
  {
    code: 'ProxyAddressSpace',
    severity: 'warning',
    description: 'An address has a space',
    source: `${source.prepare}; ${source.addresses}`,
    remedy: 'Remove the value, or write it without the space.',
    check: (value) => (value.includes(' ') ? 'Entra drops it: it has a space.' : null),
  },
  {
    code: 'ProxyAddressCharacters',
    severity: 'error',
    description: 'An address has characters that Entra refuses',
    source: source.prepare,
    remedy: 'Remove the value, or write it without these characters.',
    check(value) {
      const found = visibleMatches(addressIn(value), /[<>();,[\]"]/g);
      return found === null ? null : `After the prefix it has ${found}; < > ( ) ; , [ ] " are refused.`;
    },
  },
  {
    code: 'ProxyAddressDiacritics',
    severity: 'error',
    description: 'An address has letters with accents or of other scripts',
    source: source.prepare,
    remedy: 'Remove the value, or write it in plain letters, an international domain in its xn-- form.',
    check(value) {
      const found = visibleMatches(value, /[^\x20-\x7e]/gu);
      return found === null ? null : `It has ${found}; addresses are written in ASCII.`;
    },
  },
  {
    code: 'ProxyAddressSecondColon',
    severity: 'error',
    description: 'An address has a second colon',
    source: source.prepare,
    remedy: 'Remove the value, or write it with one prefix.',
    check: (value) =>
      ['smtp', 'sip'].includes(parseProxyAddress(value)?.prefix ?? '') && addressIn(value).includes(':')
        ? 'It has a colon after the one of its prefix.'
        : null,
  },
  {
    code: 'ProxyAddressFormat',
    severity: 'error',
    description: 'An SMTP address is not a mail address',
    source: source.smtp,
    remedy: 'Remove the value, or write a whole mail address.',
    check(value) {
      const fault = isSmtp(value) ? faultOfSmtpAddress(addressIn(value).trim()) : null;
      return fault === null ? null : `As a mail address ${fault}.`;
    },
  },
  {
    code: 'ProxyAddressForeignTenant',
    severity: 'warning',
    description: "An address is of another tenant's domain",
    source: source.addresses,
    remedy: 'Remove the value where it is mastered: it is a left-over of the other tenant.',
    check(value, _object, settings) {
      const domain = smtpDomainOf(value);
      const isForeign = domain !== null && isForeignTenant(domain, settings);
      return isForeign ? `Entra drops it: Microsoft gave ${domain} to another tenant.` : null;
    },
  },
  {
    code: 'ProxyAddressSuffix',
    severity: 'warning',
    description: 'The domain of an address is not verified',
    source: source.addresses,
    remedy: 'Verify the domain in the tenant, or remove the value.',
    check(value, object, settings) {
      const domain = smtpDomainOf(value);
      if (domain === null || domain === '' || !isUnwantedSuffix(value, domain, object, settings)) return null;
      const what = isNonRoutable(domain) ? 'can never be verified' : 'is not verified in the tenant';
      return `${domain} ${what}: Entra drops the address when the object has a mailbox.`;
    },
  },
];

function isUnwantedSuffix(value: string, domain: string, object: AuditObject, settings: AuditSettings): boolean {
  if (isAcceptedSuffix(comparableDomain(domain, settings), settings) || isForeignTenant(domain, settings)) return false;
  return isNonRoutable(domain) || (objectTypeOf(object) === 'user' && !isExternalRecipient(value, object));
}

/** msExchRecipientTypeDetails of a mail user, whose mail goes elsewhere. */
const mailUser = '128';

const isExternalRecipient = (value: string, object: AuditObject): boolean =>
  object.msExchRecipientTypeDetails === mailUser ||
  (object.targetAddress !== undefined && bareAddress(object.targetAddress) === bareAddress(value));

const severalPrimaries: Concern = {
  code: 'SeveralPrimaryAddresses',
  severity: 'warning',
  description: 'An object has more than one primary SMTP address',
  source: source.addresses,
  remedy: 'Remove the value: the object has the address as a secondary one already.',
  check: (value, object) =>
    isSecondPrimary(value, object)
      ? 'Another value has the prefix SMTP: in capitals too, and which of them becomes the primary address is not defined.'
      : null,
};

/** The first primary address is right, each further one is not. */
function isSecondPrimary(value: string, { proxyAddresses }: AuditObject): boolean {
  if (!value.startsWith('SMTP:')) return false;
  const first = proxyAddresses.findIndex((one) => one.startsWith('SMTP:'));
  return proxyAddresses.indexOf(value) > first && first >= 0;
}

/** The number of values stands for the attribute as a whole. */
const tooMany: Concern = {
  code: 'ProxyAddressCount',
  severity: 'warning',
  description: 'An object has very many addresses',
  source: source.syncErrors,
  remedy: 'Remove addresses that nobody uses; X500 values of old migrations first.',
  check: (value) =>
    Number(value) > limit.values
      ? `It has ${value} addresses; from about ${limit.values} on an object is too large for Entra.`
      : null,
};

export const proxyAddressRules = attributeRules({
  attribute: 'proxyAddresses',
  values: ({ proxyAddresses }) => proxyAddresses,
  surelyPasses: ({ proxyAddresses }, settings) => areClean(proxyAddresses, settings),
  concerns: [
    longerThan(limit.characters, {
      code: 'ProxyAddressLength',
      description: 'An address is too long',
      source: source.prepare,
      remedy: 'Remove the value.',
    }),
    invisibleCharacters,
    ...concerns.map(ofPeople),
    severalPrimaries,
  ],
  candidates,
});

export const proxyAddressCountRules = attributeRules({
  attribute: 'proxyAddresses',
  values: ({ proxyAddresses }) => [String(proxyAddresses.length)],
  surelyPasses: ({ proxyAddresses }) => proxyAddresses.length <= limit.values,
  concerns: [tooMany],
});

function areClean(values: readonly string[], settings: AuditSettings): boolean {
  let primaries = 0;
  for (const value of values) {
    if (value.startsWith('SMTP:')) primaries += 1;
    if (!isCleanSmtp(value, settings) && !isCleanX500(value)) return false;
  }
  return primaries <= 1;
}

const clean = /^(?:smtp|SMTP|sip|SIP):/;

/** In a domain that may be the tenant's own; any other is looked at closely. */
const isCleanSmtp = (value: string, settings: AuditSettings): boolean =>
  value.length <= limit.characters &&
  clean.test(value) &&
  isSimpleMailbox(value, value.indexOf(':') + 1) &&
  hasGoodDomain(value, settings);

const isCleanX500 = (value: string): boolean =>
  value.length <= limit.characters && /^(?:x500|X500):[\x20-\x7e]*$/.test(value);

/** The value repaired, and numbered in case it is taken; nothing when the object has the repaired value already. */
function candidates(value: string | null, object: AuditObject, settings: AuditSettings): string[] {
  if (value === null || !isAddressOfPeople(value)) return [];
  const prefix = prefixFor(value, object);
  if (prefix === null) return [];
  const text = addressIn(withoutInvisible(value));
  if (!/^(?:smtp|sip)$/i.test(prefix)) return unlessHeld(otherKind(prefix, text), value, object);
  const repaired = repairedAddress(withoutPrefixes(text), settings);
  if (repaired === null) return [];
  const domain = wantedDomain(`${prefix}:${repaired}`, object, settings);
  if (domain === null) return [];
  const names = numbered(localPartOf(repaired)).map((name) => `${prefix}:${name}@${domain}`);
  return unlessHeld(names, value, object);
}

/** Of a kind that is not known: without the signs that are refused, unless they are in what may be a domain. */
function otherKind(prefix: string, text: string): string[] {
  const repaired = without(/[ <>();,[\]"]|[^\x20-\x7e]/gu, text);
  return domainOf(repaired) === domainOf(text).replaceAll(' ', '') ? [`${prefix}:${repaired}`] : [];
}

/** As written, `smtp` where it is missing, and never a second `SMTP`. */
function prefixFor(value: string, object: AuditObject): string | null {
  const visible = withoutInvisible(value);
  const parsed = parseProxyAddress(visible);
  if (parsed === null) return visible.includes('@') && !visible.includes(':') ? 'smtp' : null;
  return isSecondPrimary(value, object) ? 'smtp' : visible.slice(0, visible.indexOf(':'));
}

function wantedDomain(value: string, object: AuditObject, settings: AuditSettings): string | null {
  const domain = domainOf(value);
  if (isForeignTenant(domain, settings)) return null;
  const isUnwanted = isSmtp(value) && isUnwantedSuffix(value, domain, object, settings);
  return isUnwanted ? preferredDomain(object, settings) : domain;
}

/** @param names of one address, the best first */
function unlessHeld(names: readonly string[], value: string, { proxyAddresses }: AuditObject): string[] {
  const others = new Set(proxyAddresses.filter((other) => other !== value).map(normaliseProxyAddress));
  const free = names.filter((name) => !others.has(normaliseProxyAddress(name)));
  return free[0] === names[0] ? free : [];
}
