import { describe, expect, test } from 'vitest';
import type { AuditSettings } from '../../../src/audit/audit-settings.ts';
import { anna, codesOf, contact, contoso, findingsOf, group, theFinding, unknownTenant } from './finding.ts';

const named = (userPrincipalName: string) => ({ ...anna, userPrincipalName });
const alternate: AuditSettings = { ...contoso, userNameAttribute: 'mail' };

test('nothing is wrong with Anna', () => {
  expect(findingsOf(anna)).toEqual([]);
});

test.each([
  ["o'neil@contoso.com", 'an apostrophe, which IdFix refuses'],
  ['anna_b-1!#^~@contoso.com', 'every other sign that Microsoft names'],
  ['ANNA@CONTOSO.COM', 'capitals'],
  ['.anna..b@contoso.com', 'full stops, which are documented to be refused only before @'],
  [`${'a'.repeat(64)}@contoso.com`, '64 characters before @'],
  ['anna@contoso.onmicrosoft.com', 'the initial domain'],
])('%s passes: %s', (name) => {
  expect(codesOf(named(name))).toEqual([]);
});

test.each([
  ['anna@contoso.llc', 'a top-level domain that IdFix does not know'],
  ['anna@xn--mller-kva.de', 'an international domain'],
  ['anna@contoso.xn--vermgensberater-ctb', 'an international top-level domain'],
])('%s passes while the domains of the tenant are not known: %s', (name) => {
  expect(codesOf(named(name), unknownTenant)).toEqual([]);
});

test.each([
  ['jörg.müller@contoso.com', '"ö" (U+00F6), "ü" (U+00FC)', 'jorg.muller@contoso.com'],
  ["anna berg-o'neil@contoso.com", 'space', "annaberg-o'neil@contoso.com"],
  ['anna+sales@contoso.com', '"+" (U+002B)', 'annasales@contoso.com'],
  ['李伟@contoso.com', '"李" (U+674E)', 'anna.berg@contoso.com'],
])('UserPrincipalNameCharacters: %s has %s', (name, characters, proposal) => {
  const found = theFinding('UserPrincipalNameCharacters', named(name));
  expect(found.message).toContain(characters);
  expect(found.severity).toBe('error');
  expect(found.proposals[0]).toBe(proposal);
  expect(codesOf(named(name))).toEqual(['UserPrincipalNameCharacters']);
});

test('a name that may be taken comes with numbers, so that a free one can be picked', () => {
  const { proposals } = theFinding('UserPrincipalNameCharacters', named('jörg@contoso.com'));
  expect(proposals).toEqual(
    ['jorg', ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `jorg${n}`)].map((n) => `${n}@contoso.com`),
  );
});

test('an international domain is proposed as it stands in the DNS, never without its accents', () => {
  const found = theFinding('UserPrincipalNameCharacters', named('anna@müller.de'), unknownTenant);
  expect(found.message).toContain('The domain has "ü" (U+00FC)');
  expect(found.proposals[0]).toBe('anna@xn--mller-kva.de');
});

test('signs in a domain are left out only if that makes a verified one', () => {
  expect(theFinding('UserPrincipalNameCharacters', named('anna@con,toso.com')).proposals[0]).toBe('anna@contoso.com');
  expect(theFinding('UserPrincipalNameCharacters', named('anna@con,toso.com'), unknownTenant).proposals).toEqual([]);
});

test.each([
  ['anna', 'it has no @', 'anna@contoso.com'],
  ['@contoso.com', 'it starts with @', 'anna.berg@contoso.com'],
  ['a@b@contoso.com', 'it has more than one @', 'ab@contoso.com'],
  ['anna.@contoso.com', 'ends with a full stop', 'anna@contoso.com'],
  ['anna@contoso..com', 'not a routable domain name', 'anna@contoso.com'],
])('UserPrincipalNameFormat: %s, because %s', (name, reason, proposal) => {
  const found = theFinding('UserPrincipalNameFormat', named(name));
  expect(found.message).toContain(reason);
  expect(found.proposals[0]).toBe(proposal);
});

test('without a known domain nothing is made up for a name that has none', () => {
  expect(theFinding('UserPrincipalNameFormat', named('anna'), unknownTenant).proposals).toEqual([]);
});

test('UserPrincipalNameLength: more than 64 characters before @ yield the own name', () => {
  const found = theFinding('UserPrincipalNameLength', named(`${'a'.repeat(65)}@contoso.com`));
  expect(found.message).toContain('longer than 64');
  expect(found.proposals[0]).toBe('anna.berg@contoso.com');
});

test('UserPrincipalNameLength: a domain of more than 48 characters is exchanged, never cut', () => {
  const domain = `${'b'.repeat(45)}.com`;
  const verified = { ...contoso, verifiedDomains: ['contoso.com', domain] };
  expect(theFinding('UserPrincipalNameLength', named(`anna@${domain}`), verified).proposals[0]).toBe(
    'anna@contoso.com',
  );
  expect(theFinding('UserPrincipalNameLength', named(`anna@${domain}`), unknownTenant).proposals).toEqual([]);
});

describe('UserPrincipalNameSuffix', () => {
  test.each(['corp.local', 'corp.lan', 'contoso.internal', 'contoso.test', 'ad.corp', 'x.home.arpa', 'corp'])(
    '%s can never be verified, whatever the tenant is',
    (domain) => {
      const found = theFinding('UserPrincipalNameSuffix', named(`anna@${domain}`), unknownTenant);
      expect(found.message).toContain('can never be verified');
      expect([found.severity, found.proposals]).toEqual(['warning', []]);
    },
  );

  test('a domain that is not verified is exchanged for that of the primary address', () => {
    const user = { ...named('anna@contoso.example.net'), proxyAddresses: ['SMTP:anna@fabrikam.com'] };
    const found = theFinding('UserPrincipalNameSuffix', user);
    expect(found.message).toContain('is not verified in the tenant');
    expect(found.proposals[0]).toBe('anna@fabrikam.com');
  });

  test('else for that of mail, else for the first verified one that is not initial', () => {
    const { mail: _mail, ...bare } = { ...named('anna@corp.local'), proxyAddresses: [] };
    expect(theFinding('UserPrincipalNameSuffix', { ...bare, mail: 'a@fabrikam.com' }).proposals[0]).toBe(
      'anna@fabrikam.com',
    );
    expect(theFinding('UserPrincipalNameSuffix', bare).proposals[0]).toBe('anna@contoso.com');
  });

  test('the initial domain is no proposal: Entra takes it anyway', () => {
    const initialOnly = { ...contoso, verifiedDomains: ['contoso.onmicrosoft.com'] };
    expect(theFinding('UserPrincipalNameSuffix', named('anna@corp.local'), initialOnly).proposals).toEqual([]);
  });
});

describe('A user without a UPN', () => {
  const { userPrincipalName: _name, ...nameless } = anna;

  test('UserPrincipalNameAbsent: the name is made from sAMAccountName', () => {
    const found = theFinding('UserPrincipalNameAbsent', nameless);
    expect([found.value, found.severity]).toEqual([null, 'warning']);
    expect(found.proposals[0]).toBe('anna.berg@contoso.com');
  });

  test('AccountNameAbsent: the rule stops when there is none either', () => {
    const { sAMAccountName: _account, ...accountless } = nameless;
    expect(theFinding('AccountNameAbsent', accountless).severity).toBe('error');
    expect(codesOf(accountless)).toEqual(['AccountNameAbsent']);
  });

  test('groups and contacts need none', () => {
    expect([...codesOf(group), ...codesOf(contact)]).toEqual([]);
  });
});

describe('With mail as alternate login id', () => {
  test('mail must be a good sign-in name, and the UPN need not', () => {
    expect(codesOf(named('an na@corp.local'), alternate)).toEqual([]);
    expect(codesOf({ ...anna, mail: 'anna+x@contoso.com' })).toEqual([]);
    const found = theFinding('UserPrincipalNameCharacters', { ...anna, mail: 'anna+x@contoso.com' }, alternate);
    expect([found.attribute, found.proposals[0]]).toEqual(['mail', 'annax@contoso.com']);
  });

  test('its suffix must be verified', () => {
    const found = theFinding('UserPrincipalNameSuffix', { ...anna, mail: 'anna@corp.local' }, alternate);
    expect([found.attribute, found.proposals[0]]).toEqual(['mail', 'anna@contoso.com']);
  });

  test('a contact keeps the mail of its own domain', () => {
    expect(codesOf(contact, alternate)).toEqual([]);
    const found = theFinding('MailCharacters', { ...contact, mail: 'ca rl@partner.example.net' }, alternate);
    expect(found.proposals[0]).toBe('carl@partner.example.net');
  });

  test('a user without a UPN is not complained of', () => {
    const { userPrincipalName: _name, ...nameless } = anna;
    expect(codesOf(nameless, alternate)).toEqual([]);
  });
});

test('what Entra has accepted is not looked at again', () => {
  const origin = { side: 'entra', id: 'x', kind: 'soft-deleted' } as const;
  expect(codesOf({ ...named(`${'0'.repeat(32)}anna berg@corp.local`), origin })).toEqual([]);
});
