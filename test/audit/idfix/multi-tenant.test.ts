import { expect, test } from 'vitest';
import { contact, type Given, group, report, user } from './report.ts';

const mt = (given: Given) => report('multi-tenant', user('U', given));
const long = (length: number, last = '') => last.padStart(length, 'x');

test('a sound user, contact and group pass', () => {
  expect(report('multi-tenant', user('U'), contact('C'), group('G'))).toEqual([]);
});

test.each([
  ['displayName', 'displayName', 255],
  ['givenName', 'givenName', 63],
  ['mail', 'mail', 256],
  ['mailNickname', 'mailNickName', 64],
  ['sAMAccountName', 'sAMAccountName', 20],
  ['targetAddress', 'targetAddress', 255],
])('%s is cut at its length', (attribute, attr, most) => {
  expect(mt({ [attribute]: long(most) })).toEqual([]);
  expect(mt({ [attribute]: long(most + 1) })).toEqual([`U ${attr}: Length -> Edit ${long(most)}`]);
});

test('a proxy address and a user name are cut at their lengths, in the middle of the domain', () => {
  expect(mt({ proxyAddresses: [long(257, '@x.com')] })).toEqual([
    `U proxyAddresses: Length -> Edit ${long(256, '@x.co')}`,
  ]);
  expect(mt({ userPrincipalName: long(114, '@x.com') })).toEqual([
    `U userPrincipalName: Length -> Edit ${long(113, '@x.co')}`,
  ]);
});

test('the sAMAccountName of whatever is no user may have 256 characters', () => {
  expect(report('multi-tenant', group('G', { sAMAccountName: long(256) }))).toEqual([]);
  expect(report('multi-tenant', group('G', { sAMAccountName: long(257) }))).toHaveLength(1);
  const inetOrgPerson = user('I', {
    objectClass: ['top', 'person', 'user', 'inetOrgPerson'],
    sAMAccountName: long(21),
  });
  expect(report('multi-tenant', inetOrgPerson)).toEqual([]);
});

test.each([
  ['absent', { displayName: null }],
  ['empty', { displayName: '' }],
])('an %s displayName is blank, and the cn is proposed', (_how, given) => {
  for (const make of [user, contact, group])
    expect(report('multi-tenant', make('N', given))).toEqual(['N displayName: Blank -> Edit N']);
});

test('white space alone is no blank displayName', () => {
  expect(mt({ displayName: '  ' })).toEqual([]);
});

test.each([
  ['.u', 'u'],
  ['...u.', 'u.'],
  ['...', 'U'],
])('mailNickname %s loses its leading periods: %s', (mailNickName, update) => {
  expect(mt({ mailNickName })).toEqual([`U mailNickName: Character -> Edit ${update}`]);
});

test.each(['u.', 'u u', "o'neil"])('mailNickname %s passes', (mailNickName) => {
  expect(mt({ mailNickName })).toEqual([]);
});

test.each([...'\\"|,/[]:<>+=;?*'])('sAMAccountName must not hold %s, even beside a good user name', (character) => {
  const given = { sAMAccountName: `a${character}b`, userPrincipalName: 'u@contoso.com' };
  expect(mt(given)).toEqual(['U sAMAccountName: Character -> Edit ab']);
});

test.each(["a'b", 'a b', 'a@b', 'a%b'])('sAMAccountName %s passes', (sAMAccountName) => {
  expect(mt({ sAMAccountName })).toEqual([]);
});

test.each([...' \\%&*+/=?\'{}|<>();:,[]"äëïöüÿÄËÏÖÜŸ\u0085\u00a0\t'])(
  'userPrincipalName must not hold %j',
  (character) => {
    expect(mt({ userPrincipalName: `a${character}b@contoso.com` })).toEqual([
      'U userPrincipalName: Character -> Edit ab@contoso.com',
    ]);
  },
);

test.each([...'!#$^_`~-.'])('userPrincipalName may hold %s', (character) => {
  expect(mt({ userPrincipalName: `a${character}b@contoso.com` })).toEqual([]);
});

test('U+FEFF is no white space to .NET, so that only the form of the address minds it', () => {
  expect(mt({ userPrincipalName: 'a\ufeffb@contoso.com' })).toEqual([
    'U userPrincipalName: LocalPart -> Edit ab@contoso.com',
  ]);
});

test('an absent userPrincipalName passes; an empty one has no form', () => {
  expect(mt({ userPrincipalName: null })).toEqual([]);
  expect(mt({ userPrincipalName: '' })).toEqual(['U userPrincipalName: Format, DomainPart, LocalPart -> Edit ']);
});

test('the errors of a chain come in its order, and the last failing rule proposes', () => {
  expect(mt({ userPrincipalName: long(120, ' b@@x.local') })).toEqual([
    `U userPrincipalName: Length, Character, Format, DomainPart, LocalPart -> Edit ${long(109)}b@`,
  ]);
});

test.each([
  ['smtp:a:b@contoso.com', 'smtp:ab@contoso.com'],
  ['eum:a:b:c', 'eum:abc'],
])('the colons after the first go: %s', (value, update) => {
  expect(mt({ proxyAddresses: [value] })).toEqual([`U proxyAddresses: Character -> Edit ${update}`]);
  expect(mt({ targetAddress: value })).toEqual([`U targetAddress: Character -> Edit ${update}`]);
});

test('a value that begins with a colon keeps its others', () => {
  expect(mt({ proxyAddresses: [':a:b'] })).toEqual([]);
});

test.each([...' <>(),[]"'])('no address may hold %s', (character) => {
  expect(mt({ proxyAddresses: [`smtp:a${character}b@contoso.com`, `sip:a${character}b`] })).toEqual([
    'U proxyAddresses: Character -> Edit smtp:ab@contoso.com',
    'U proxyAddresses: Character -> Edit sip:ab',
  ]);
  expect(mt({ targetAddress: `smtp:a${character}b@contoso.com` })).toEqual([
    'U targetAddress: Character -> Edit smtp:ab@contoso.com',
  ]);
  expect(mt({ targetAddress: `sip:a${character}b` })).toEqual(['U targetAddress: Character -> Edit sip:ab']);
});

test('a semicolon is minded in SMTP addresses alone, a backslash in targetAddress alone', () => {
  expect(mt({ proxyAddresses: ['smtp:a;b@contoso.com', 'sip:a;b', 'sip:a\\b'] })).toEqual([
    'U proxyAddresses: Character -> Edit smtp:ab@contoso.com',
  ]);
  expect(mt({ targetAddress: 'smtp:a;b@contoso.com' })).toHaveLength(1);
  expect(mt({ targetAddress: 'sip:a;b' })).toEqual([]);
  expect(mt({ targetAddress: 'sip:a\\b' })).toEqual(['U targetAddress: Character -> Edit sip:ab']);
});

test.each(['x400:', 'X500:', 'x.400:', 'X.500:', 'x500'])('%s values have a list of their own', (prefix) => {
  expect(mt({ proxyAddresses: [`${prefix}/o=A b (c);,<d>`] })).toEqual([]);
  expect(mt({ proxyAddresses: [`${prefix}/o=O'Neil["x"]\t`] })).toEqual([
    `U proxyAddresses: Character -> Edit ${prefix}/o=ONeilx`,
  ]);
});

test('in targetAddress an X.500 address is like any other', () => {
  expect(mt({ targetAddress: 'x500:/o=A b' })).toEqual(['U targetAddress: Character -> Edit x500:/o=Ab']);
});

test('smtp: is looked for anywhere in the value', () => {
  expect(mt({ proxyAddresses: ['notsmtp:u@contoso.local', 'x500smtp:u@contoso.local'] })).toEqual([
    'U proxyAddresses: TopLevelDomain -> Edit notsmtp:u@contoso.local',
    'U proxyAddresses: TopLevelDomain -> Edit x500smtp:u@contoso.local',
  ]);
});

test('what is left empty becomes the cn', () => {
  expect(mt({ proxyAddresses: ['<>'] })).toEqual(['U proxyAddresses: Character -> Edit U']);
  expect(mt({ sAMAccountName: '**' })).toEqual(['U sAMAccountName: Character -> Edit U']);
});

test('sn is not asked for', () => {
  expect(mt({ sn: long(300) })).toEqual([]);
});
